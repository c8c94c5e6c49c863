import { makeScore, type PairFacts, type Score } from '../../src/cache/semantic/score/score.ts';
import { Random } from '../logs/random.ts';
import type { PairData } from './data.ts';
import { wilson } from './figures.ts';
import { groupsOf, type Labelled, readPairs } from './labelled.ts';
import { foldsOf, makeCalibration, passesGate } from './make-calibration.ts';
import type { ModelOutputs } from './outputs.ts';
import { knownLabels, type Neighbour, streamTexts } from './stream-data.ts';

const SEEDS = [1, 2, 3, 4, 5];
const BUDGETS = [0.01, 0.02, 0.05];
const STATIC = [0.8, 0.9, 0.95];
const FOLDS = 5;
/** As the cache does: so many nearest are judged. */
const NEAREST = 5;

interface Counts {
  right: number;
  wrong: number;
  unsure: number;
  /** Hits on pairs that nobody has read, and of which nothing follows from others. */
  unread: number;
}

/** Takes the entry that answers, from those stored so far, nearest first; null is a miss. */
type Serve = (request: number, stored: readonly Neighbour[]) => number | null;

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Plays the questions in five orders, each question once; a miss is stored, a hit is judged by the label of its pair. */
export const printStream = async (
  data: PairData,
  { pairs, traffic }: Labelled,
  outputs: ModelOutputs,
): Promise<void> => {
  const { texts, neighbours } = await streamTexts(data, outputs);
  const label = knownLabels(data);
  const factsOf = await readNeighbours(texts, neighbours, outputs);
  const groupOf = groupsOf([...data.judged, ...readPairs(data)]);
  // Whoever is asked, the model that judges has seen no pair of the group that the question belongs to.
  const fold = foldsOf(pairs, FOLDS, 1);
  const foldOf = new Map(pairs.map(({ group }, at) => [group, fold[at]!]));
  const scores = Array.from({ length: FOLDS }, (_, held): Score => {
    const seen = pairs.filter((__, at) => fold[at] !== held);
    return makeScore(
      makeCalibration(seen, traffic, { embedder: outputs.embedder, verifier: outputs.verifier }),
    );
  });
  const scoreFor = texts.map((text) => scores[foldOf.get(groupOf(text)) ?? 0]!);

  const play = (seed: number, serve: Serve): Counts => {
    const stored = new Set<number>();
    const counts: Counts = { right: 0, wrong: 0, unsure: 0, unread: 0 };
    for (const request of shuffled(texts.length, seed)) {
      const entry = serve(
        request,
        neighbours[request]!.filter(({ text }) => stored.has(text)),
      );
      if (entry === null) {
        stored.add(request);
        continue;
      }
      const found = label.of({ a: texts[request]!, b: texts[entry]! });
      if (found === 'same') counts.right += 1;
      else if (found === 'different') counts.wrong += 1;
      else if (found === 'unsure') counts.unsure += 1;
      else counts.unread += 1;
    }
    return counts;
  };

  const byScore = (budget: number): Serve => {
    const least = new Map(scores.map((score) => [score, score.leastProbability(budget)]));
    const probabilities = new Map<PairFacts, number>();
    return (request, stored) => {
      const score = scoreFor[request]!;
      let [best, found]: [number, number | null] = [least.get(score)!, null];
      for (const { text } of stored.slice(0, NEAREST)) {
        const facts = factsOf(request, text);
        if (facts === null) continue;
        const probability = probabilities.get(facts) ?? score.scorePair(facts).probability;
        if (groupOf(facts.asked) === groupOf(facts.stored)) probabilities.set(facts, probability);
        if (probability >= best) [best, found] = [probability, text];
      }
      return found;
    };
  };
  const byCosine =
    (least: number): Serve =>
    (_, stored) =>
      (stored[0]?.cosine ?? 0) >= least ? stored[0]!.text : null;

  console.log(`\nStream of ${texts.length} questions, each once, five orders`);
  console.log(
    '  way            seed  hits    rate     right    error    95 % interval      borderline  unread',
  );
  const ways: [string, Serve, number | null][] = [
    ...BUDGETS.map((budget): [string, Serve, number] => [
      `budget ${100 * budget} %`,
      byScore(budget),
      budget,
    ]),
    ...STATIC.map((least): [string, Serve, null] => [`cosine ${least.toFixed(2)}`, byCosine(least), null]),
  ];
  for (const [name, serve, budget] of ways)
    for (const seed of SEEDS) {
      const { right, wrong, unsure, unread } = play(seed, serve);
      const hits = right + wrong + unsure + unread;
      const [low, high] = wilson(wrong, right + wrong);
      const verdict = budget === null ? '' : low <= budget ? '  within' : '  ABOVE';
      console.log(
        `  ${name.padEnd(14)} ${String(seed).padStart(3)} ${String(hits).padStart(6)}  ${percent(hits / texts.length).padStart(8)} ${percent(right / texts.length).padStart(8)} ${percent(wrong / (right + wrong)).padStart(8)}  ${percent(low)} to ${percent(high)}  ${String(unsure).padStart(6)} ${String(unread).padStart(8)}${verdict}`,
      );
    }
};

const shuffled = (size: number, seed: number): number[] => {
  const random = new Random(seed);
  const order = Array.from({ length: size }, (_, at) => at);
  for (let at = size - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
};

/** What the models say of every pair of neighbours that the gate lets pass; null for the others. */
const readNeighbours = async (
  texts: readonly string[],
  neighbours: readonly (readonly Neighbour[])[],
  outputs: ModelOutputs,
): Promise<(one: number, other: number) => PairFacts | null> => {
  const near = neighbours
    .flatMap((list, one) => list.map(({ text }) => [one, text] as const))
    .filter(([one, other]) => one < other)
    .map(([one, other]) => ({ a: texts[one]!, b: texts[other]!, id: `${one} ${other}` }))
    .filter(({ a, b }) => passesGate({ asked: a, stored: b }));
  const facts = await outputs.facts(near);
  const found = new Map(near.map(({ id }, at) => [id, facts[at]!]));
  return (one, other) => found.get(one < other ? `${one} ${other}` : `${other} ${one}`) ?? null;
};
