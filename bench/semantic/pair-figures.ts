import type { PairFacts } from '../../src/cache/semantic/score/score.ts';
import { precisionAreas } from '../../src/core/precision-areas.ts';
import { averagePrecision, cachePoints, recallAt, type Scored } from './figures.ts';
import type { Labelled } from './labelled.ts';
import { type LabelledFacts, unseenValues } from './make-calibration.ts';

const SEEDS = [101, 201, 301];
/** What the gate refuses is below everything that it lets pass. */
const REFUSED = -1000;

const modelsOnly = ({ cosine, logit, logitBack }: PairFacts): readonly number[] => [
  cosine,
  (logit + logitBack) / 2,
];

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Average precision, recall at three precisions, and the areas under the precision curve, of judged pairs scored by models that saw neither them nor theirs. */
export const printPairFigures = ({ pairs, unsure }: Labelled): void => {
  console.log('\nJudged pairs, ten-fold cross-validation by groups of texts, mean of three divisions');
  console.log(`  ${''.padEnd(44)} AP     recall at 95 %, 98 %, 99 %   P-CHR AUC  CRR`);
  const judged = pairs.map((pair) => pair.source === 'judged');
  const onlyJudged = pairs.filter((pair) => pair.source === 'judged');
  const show = (name: string, scoredOf: (seed: number) => readonly Scored[]): void => {
    const scored = SEEDS.map(scoredOf);
    const areas = scored.map((one) => precisionAreas(cachePoints(one))!);
    const figures = [
      mean(scored.map(averagePrecision)),
      ...[0.95, 0.98, 0.99].map((precision) => mean(scored.map((one) => recallAt(one, precision)))),
      mean(areas.map(({ pChrAuc }) => pChrAuc)),
      mean(areas.map(({ crr }) => crr ?? 0)),
    ];
    const [ap, at95, at98, at99, area, retained] = figures.map((figure) => figure.toFixed(3));
    console.log(`  ${name.padEnd(44)} ${ap}  ${at95}  ${at98}  ${at99}         ${area}      ${retained}`);
  };
  const scored = (list: readonly LabelledFacts[], values: readonly number[], isGated: boolean): Scored[] =>
    list.map(({ isSame, passes }, at) => ({
      isSame,
      score: values[at]! + (isGated && !passes ? REFUSED : 0),
    }));
  const unseen = new Map(SEEDS.map((seed) => [seed, unseenValues(pairs, seed, { apart: unsure })]));
  const ofJudged = (seed: number, isGated: boolean): Scored[] =>
    scored(pairs, unseen.get(seed)!, isGated).filter((_, at) => judged[at]);
  show('cosine + verifier, fitted on judged alone', (seed) =>
    scored(onlyJudged, unseenValues(onlyJudged, seed, { read: modelsOnly }), false),
  );
  show('score, fitted on judged alone, no gate', (seed) =>
    scored(onlyJudged, unseenValues(onlyJudged, seed), false),
  );
  show('score, no gate', (seed) => ofJudged(seed, false));
  show('score and gate', (seed) => ofJudged(seed, true));
  show(`the same, ${unsure.length} borderline pairs counted as wrong`, (seed) => [
    ...ofJudged(seed, true),
    ...scored(unsure, unseen.get(seed)!.slice(pairs.length), true).map((one) => ({ ...one, isSame: false })),
  ]);
  const right = onlyJudged.filter((pair) => pair.isSame);
  const wrong = onlyJudged.filter((pair) => !pair.isSame);
  const share = right.length / onlyJudged.length;
  console.log(
    `  a perfect ranking of these pairs would have a P-CHR AUC of ${(share * (1 - Math.log(share))).toFixed(3)} and the same CRR`,
  );
  const passing = (list: readonly LabelledFacts[]): number => list.filter((pair) => pair.passes).length;
  console.log(
    `  the gate lets ${passing(right)} of ${right.length} right and ${passing(wrong)} of ${wrong.length} wrong pairs pass`,
  );
};
