import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export type Label = 'same' | 'different' | 'unsure';

export interface QuestionPair {
  readonly a: string;
  readonly b: string;
}

export interface LabelledPair extends QuestionPair {
  readonly label: Label;
}

/** Pairs of the data folder, and the labels that were found by reading them. */
export interface PairData {
  /** Read one by one under the cache's own question, by the makers of the data. */
  readonly judged: readonly LabelledPair[];
  /** The source's labels, wrong for about one in ten of the pairs that look most alike. */
  readonly noisy: readonly LabelledPair[];
  /** Read by us, in the region that a cache would serve: labels by the hash of the pair (readings.tsv). */
  readonly readings: ReadonlyMap<string, Label>;
}

const HERE = import.meta.dirname;
const LABELS: Readonly<Record<string, Label>> = { '1': 'same', '0': 'different', '?': 'unsure' };

/** Names a pair whichever way round it is. */
export const pairId = ({ a, b }: QuestionPair): string =>
  createHash('sha256').update([a, b].sort().join('\t')).digest('hex').slice(0, 16);

const readRows = (text: string): LabelledPair[] =>
  text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
    .map(([a = '', b = '', label = '']) => ({ a, b, label: LABELS[label]! }));

/** The labels that we gave, by pair. The texts stay where they are: only hashes are kept here. */
const readReadings = (): ReadonlyMap<string, Label> =>
  new Map(
    readFileSync(join(HERE, 'readings.tsv'), 'utf8')
      .split('\n')
      .filter((line) => /^[0-9a-f]{16}\t/.test(line))
      .map((line) => line.split('\t'))
      .map(([id = '', label = '']) => [id, LABELS[label]!]),
  );

/** Reads both files of the folder; null where they are not there. */
export const readPairData = (folder: string): PairData | null => {
  const judgedFile = join(folder, 'question-pairs-judged.tsv');
  const noisyFile = join(folder, 'question-pairs.tsv.gz');
  if (!existsSync(judgedFile) || !existsSync(noisyFile)) return null;
  const judged = readRows(readFileSync(judgedFile, 'utf8'));
  const ids = new Set(judged.map(pairId));
  const noisy = readRows(gunzipSync(readFileSync(noisyFile)).toString('utf8'));
  return { judged, noisy: noisy.filter((pair) => !ids.has(pairId(pair))), readings: readReadings() };
};

/** The folder given by `--data`, or the one beside the project. Says what is missing. */
export const openPairData = (): PairData | null => {
  const at = process.argv.indexOf('--data');
  const folder = at > 0 ? process.argv[at + 1]! : join(HERE, '../../../shared/data');
  const data = readPairData(folder);
  if (data === null)
    console.error(
      `The question pairs are not in ${folder}: nothing can be fitted or measured without them. Say where with --data.`,
    );
  return data;
};
