import type { PairFacts } from '../../src/cache/semantic/score/score.ts';
import { Random } from '../logs/random.ts';
import { type LabelledPair, type PairData, pairId, type QuestionPair } from './data.ts';
import { type LabelledFacts, passesGate } from './make-calibration.ts';
import type { ModelOutputs } from './outputs.ts';
import { harmless } from './traps/generate.ts';

const MADE_PAIRS = 300;
/** Pairs of the noisy file that stand for traffic. */
const TRAFFIC_PAIRS = 4000;
const SEED = 7;

/** Numbers each text's group: texts are together when a labelled pair joins them, directly or through others. */
export const groupsOf = (pairs: readonly QuestionPair[]): ((text: string) => number) => {
  const parent = new Map<string, string>();
  const root = (text: string): string => {
    let at = text;
    while (parent.has(at) && parent.get(at) !== at) at = parent.get(at)!;
    return at;
  };
  for (const { a, b } of pairs) {
    for (const text of [a, b]) if (!parent.has(text)) parent.set(text, text);
    parent.set(root(a), root(b));
  }
  const numbers = new Map<string, number>();
  return (text) => {
    const found = root(text);
    if (!numbers.has(found)) numbers.set(found, numbers.size);
    return numbers.get(found)!;
  };
};

/** Harmless rewrites of questions of the noisy file: what may never be lost, whatever the judged pairs say. */
const madePairs = ({ noisy }: PairData): LabelledPair[] => {
  const random = new Random(SEED);
  return Array.from({ length: MADE_PAIRS }, () => {
    const { a } = random.pick(noisy);
    return { a, b: harmless(a, random), label: 'same' as const };
  }).filter(({ a, b }) => a !== b);
};

/** Pairs of the noisy file that we have read ourselves. */
export const readPairs = (data: PairData): LabelledPair[] =>
  data.noisy.flatMap((pair) => {
    const label = data.readings.get(pairId(pair));
    return label === undefined ? [] : [{ ...pair, label }];
  });

export interface Labelled {
  /** Judged, read and made pairs whose label is sure. */
  readonly pairs: readonly LabelledFacts[];
  /** Judged pairs that are borderline: never trained on. */
  readonly unsure: readonly LabelledFacts[];
  /** Pairs of the noisy file, whatever their labels, that the gate lets pass. */
  readonly traffic: readonly PairFacts[];
}

/** Every pair with a label that can be trusted, with what models and gate say of it. */
export const labelledFacts = async (data: PairData, outputs: ModelOutputs): Promise<Labelled> => {
  const read = readPairs(data);
  const groupOf = groupsOf([...data.judged, ...read]);
  const factsOf = async (
    pairs: readonly LabelledPair[],
    source: LabelledFacts['source'],
  ): Promise<(LabelledFacts & LabelledPair)[]> => {
    const facts = await outputs.facts(pairs);
    return pairs.flatMap((pair, at) => {
      const found: PairFacts | null = facts[at]!;
      if (found === null) return [];
      return [
        {
          ...pair,
          ...found,
          isSame: pair.label === 'same',
          group: groupOf(pair.a),
          passes: passesGate(found),
          source,
        },
      ];
    });
  };
  const all = [
    ...(await factsOf(data.judged, 'judged')),
    ...(await factsOf(read, 'read')),
    ...(await factsOf(madePairs(data), 'made')),
  ];
  const traffic = await outputs.facts(data.noisy.slice(0, TRAFFIC_PAIRS));
  return {
    traffic: traffic.filter((facts) => facts !== null).filter(passesGate),
    pairs: all.filter(({ label }) => label !== 'unsure'),
    unsure: all.filter(({ label, source }) => label === 'unsure' && source === 'judged'),
  };
};
