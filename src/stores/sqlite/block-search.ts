import { containsTest } from './block-filter.ts';
import { anyOf, type BlockTest, either, never, whereFound } from './block-marks.ts';
import { metadataTextTest } from './block-metadata.ts';
import type { TextColumn } from './scan-columns.ts';
import { Needle } from './text-list.ts';

const SEARCHED_TEXTS: readonly TextColumn[] = [
  'provider',
  'model',
  'path',
  'userAgent',
  'errorType',
  'errorMessage',
];

/** Free text: the same rows as logs-filter.ts finds in the table. */
export function blockSearch(search: string, textMatches: readonly number[]): BlockTest {
  const texts = SEARCHED_TEXTS.map((column) => containsTest(column, [search]));
  const few = anyOf([...texts, idBeginning(search), seqTest(textMatches)]);
  return either(few, metadataTextTest(search));
}

function seqTest(seqs: readonly number[]): BlockTest {
  if (seqs.length === 0) return never;
  const sorted = Float64Array.from(seqs).sort();
  return (block) => {
    const from = firstAtLeast(sorted, block.firstSeq);
    if (from === sorted.length || sorted[from]! > block.lastSeq) return false;
    return whereFound((found, start, end) => {
      for (let at = from; at < sorted.length && sorted[at]! <= block.lastSeq; at++) {
        const position = block.positionOf(sorted[at]!, { start, end });
        if (position !== null) found[position] = 1;
      }
    });
  };
}

function firstAtLeast(sorted: Float64Array, wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

const LONGEST_START = 12;

function idBeginning(search: string): BlockTest {
  const needle = new Needle(search);
  const digits = needle.folded.replaceAll('-', '').slice(0, LONGEST_START);
  const isHex = /^[0-9a-f]+$/.test(digits);
  // What the first 6 bytes of an id that begins so can be.
  const least = isHex ? Number.parseInt(digits.padEnd(LONGEST_START, '0'), 16) : 0;
  const most = isHex ? Number.parseInt(digits.padEnd(LONGEST_START, 'f'), 16) : 0;
  return (block) => {
    const range = block.idRange('id');
    if (range !== null && (!isHex || range[1] < least || range[0] > most)) return false;
    return whereFound((found, start, end) => block.ids('id').markStarting(needle, found, start, end));
  };
}
