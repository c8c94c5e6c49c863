import type { SemanticSummary } from '../../../api/semantic.ts';
import type { CurvePoint } from '../../../charts/curve.ts';
import { formatFineShare } from '../../../format/numbers.ts';
import { semanticWords } from '../../../words/semantic.ts';

const words = semanticWords.curve;

interface CurveFiguresProps {
  /** The point that holds now; undefined while it is not known. */
  readonly now: CurvePoint | undefined;
  readonly areas: SemanticSummary['areas'];
}

/** The curve in numbers: what the bound of now brings, and how good all bounds are together. */
export function CurveFigures({ now, areas }: CurveFiguresProps) {
  return (
    <>
      <dl className="mb-2 flex flex-wrap gap-x-6 gap-y-2" aria-label={words.figures}>
        {now && (
          <>
            <Figure name={words.now.hitRate} value={formatFineShare(now.x)} />
            <Figure name={words.now.precision} value={formatFineShare(now.y)} />
            <Figure
              name={words.now.correct}
              hint={words.now.correctHint}
              value={formatFineShare(now.x * now.y)}
            />
          </>
        )}
        {areas && (
          <>
            <Figure name={words.area} hint={words.areaHint} value={areas.p_chr_auc.toFixed(3)} />
            {areas.crr !== null && (
              <Figure name={words.crr} hint={words.crrHint} value={areas.crr.toFixed(3)} />
            )}
          </>
        )}
      </dl>
      {areas && (
        <p className="mb-2 text-xs text-kumo-subtle">{words.reach(formatFineShare(areas.hit_rate))}</p>
      )}
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  /** What it means, for who has not met the word. */
  readonly hint?: string;
}

const Figure = ({ name, value, hint }: FigureProps) => (
  <div className="min-w-0" {...(hint !== undefined && { title: hint })}>
    <dt className="text-xs text-kumo-subtle">{name}</dt>
    <dd className="tabular-nums">{value}</dd>
  </div>
);
