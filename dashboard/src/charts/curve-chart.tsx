import { ChartLineIcon } from '@phosphor-icons/react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo, useState } from 'react';
import { useIsDark } from '../browser/theme.ts';
import { chartWords } from '../words/charts.ts';
import { ChartPanel } from './chart-panel.tsx';
import { type CurvePoint, frameOfCurve, nearestPoint } from './curve.ts';
import { GRID } from './grid.ts';
import { useDrawn } from './use-drawn.ts';

interface CurveWords {
  readonly setting: string;
  readonly x: string;
  readonly y: string;
  readonly interval: string;
  readonly sample: string;
  readonly now: string;
  /** Read out in place of the picture. */
  readonly describe: string;
}

interface CurveChartProps {
  readonly title: string;
  readonly text: ReactNode;
  readonly words: CurveWords;
  readonly points: readonly CurvePoint[];
  readonly format: (share: number) => string;
  readonly formatCount: (count: number) => string;
  /** The curve in a few numbers, above it. */
  readonly figures?: ReactNode;
  /** Shown while there is no point. */
  readonly empty: ReactNode;
}

const loadCurve = async () => (await import('./draw-curve.ts')).openCurve;

/** What each setting brings and what it costs, with the one that holds now; the same numbers as a table. */
export function CurveChart(props: CurveChartProps) {
  const { title, text, points, figures, empty } = props;
  return (
    <ChartPanel title={title} icon={<ChartLineIcon />}>
      {(isTable) => (
        <>
          <p className="mb-2 text-sm text-kumo-subtle">{text}</p>
          {points.length > 0 && figures}
          {points.length === 0 ? (
            <div className="flex h-52 items-center justify-center text-center text-sm text-kumo-subtle">
              {empty}
            </div>
          ) : isTable ? (
            <CurveTable {...props} />
          ) : (
            <CurvePlot {...props} />
          )}
        </>
      )}
    </ChartPanel>
  );
}

function CurvePlot({ points, words, format, formatCount }: CurveChartProps) {
  const isDark = useIsDark();
  const [at, setAt] = useState<number | null>(null);
  const canvas = useDrawn(
    loadCurve,
    useMemo(() => ({ points, isDark, format }), [points, isDark, format]),
  );
  const frame = frameOfCurve(points);
  const point = at === null ? undefined : points[at];
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0)
      setAt(Math.max(0, Math.min(points.length - 1, (at ?? (step > 0 ? -1 : points.length)) + step)));
    else if (event.key === 'Escape') setAt(null);
    else return;
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent): void => {
    const box = event.currentTarget.getBoundingClientRect();
    setAt(nearestPoint(points, frame, (event.clientX - box.left) / Math.max(1, box.width)));
  };
  return (
    <>
      <div className="flex justify-between text-xs text-kumo-subtle" aria-hidden="true">
        <span>{words.y}</span>
      </div>
      <div className="relative h-48">
        <div ref={canvas} aria-hidden="true" className="absolute inset-0" />
        <button
          type="button"
          aria-label={words.describe}
          className="absolute cursor-crosshair touch-pan-y rounded-sm"
          style={GRID}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setAt(null)}
          onBlur={() => setAt(null)}
          onKeyDown={onKeyDown}
        >
          {point && (
            <span
              className="absolute inset-y-0 w-px bg-kumo-interact"
              style={{ left: `${(point.x / frame.mostX) * 100}%` }}
            />
          )}
        </button>
        <div role="status" className="pointer-events-none absolute inset-0">
          {point && <PointValues {...{ point, words, format, formatCount }} share={point.x / frame.mostX} />}
        </div>
      </div>
      <p className="text-right text-xs text-kumo-subtle" aria-hidden="true">
        {words.x}
      </p>
    </>
  );
}

interface PointValuesProps extends Pick<CurveChartProps, 'words' | 'format' | 'formatCount'> {
  readonly point: CurvePoint;
  readonly share: number;
}

function PointValues({ point, share, words, format, formatCount }: PointValuesProps) {
  const isLeft = share < 0.5;
  const rows = [
    [words.setting, format(point.setting)],
    [words.x, format(point.x)],
    [words.y, format(point.y)],
    [words.interval, `${format(point.low)} – ${format(point.high)}`],
    [words.sample, formatCount(point.sample)],
  ] as const;
  return (
    <div
      className="absolute bottom-8 z-10 min-w-48 rounded-md border border-kumo-line bg-kumo-base p-2 text-xs shadow-md"
      style={{
        [isLeft ? 'left' : 'right']:
          `calc(${isLeft ? GRID.left : GRID.right}px + (100% - ${GRID.left + GRID.right}px) * ${isLeft ? share : 1 - share} + 8px)`,
      }}
    >
      {point.isNow && <p className="mb-1 text-kumo-success">{words.now}</p>}
      {rows.map(([name, value]) => (
        <p key={name} className="flex justify-between gap-3">
          <span className="text-kumo-subtle">{name}</span> <span className="figures text-xs">{value}</span>
        </p>
      ))}
    </div>
  );
}

function CurveTable({ title, points, words, format, formatCount }: CurveChartProps) {
  const heads = [words.setting, words.x, words.y, words.interval, words.sample];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <div className="h-52 overflow-auto rounded-md border border-kumo-hairline" tabIndex={0}>
      <table className="w-full text-xs">
        <caption className="sr-only">{chartWords.figuresOf(title)}</caption>
        <thead className="sticky top-0 bg-kumo-base">
          <tr className="text-right text-kumo-subtle">
            {heads.map((head) => (
              <th key={head} scope="col" className="p-2 font-normal first:text-left">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr
              key={point.setting}
              className={`border-t border-kumo-hairline text-right ${point.isNow ? 'bg-tide-tint' : ''}`}
            >
              <th scope="row" className="p-2 text-left font-normal">
                <span className="figures text-xs">{format(point.setting)}</span>
                {point.isNow && `, ${words.now}`}
              </th>
              {[
                format(point.x),
                format(point.y),
                `${format(point.low)} – ${format(point.high)}`,
                formatCount(point.sample),
              ].map((value, index) => (
                <td key={heads[index + 1]} className="figures p-2 text-xs">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
