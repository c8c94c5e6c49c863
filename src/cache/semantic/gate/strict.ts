import type { GateRefusal } from '../../../core/semantic.ts';
import { refuse } from './check.ts';

/** Words from which on a text is more than a question. */
const MOST_WORDS = 60;
/** Signs that stand in code and not in questions. */
const CODE_SIGNS = /[{};=<>|\\^~]/g;
const MOST_CODE_SIGNS = 3;

/** Whether a text is too long to be understood word by word. */
export function isLong(clean: string): boolean {
  let spaces = 0;
  for (let at = clean.indexOf(' '); at >= 0; at = clean.indexOf(' ', at + 1)) spaces++;
  return spaces >= MOST_WORDS;
}

export const isCode = (clean: string): boolean => (clean.match(CODE_SIGNS)?.length ?? 0) > MOST_CODE_SIGNS;

/** In code every sign may mean something. */
export const compareExactly = (asked: string, stored: string): GateRefusal | null =>
  asked === stored
    ? null
    : refuse('code', [firstDifference(asked, stored)], [firstDifference(stored, asked)]);

function firstDifference(one: string, other: string): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return one.slice(Math.max(at - 10, 0), at + 20);
}

const ASIDES = new Set('please thanks thank kindly hi hello hey'.split(' '));

/** Long texts, and languages that the gate cannot read: the same words in the same order, whatever their case. */
export function compareWords(asked: string, stored: string): GateRefusal | null {
  const [here, there] = [wordsOf(asked), wordsOf(stored)];
  const at = here.findIndex((word, index) => word !== there[index]);
  if (at < 0 && here.length === there.length) return null;
  const from = at < 0 ? here.length : at;
  return refuse('words', here.slice(from, from + 3), there.slice(from, from + 3));
}

const MARKS = '.,;:!?"\'()…。，！？、；：';

/** Without marks at the ends of words; those inside may mean something. */
function wordsOf(clean: string): string[] {
  const words: string[] = [];
  for (const chunk of clean.toLowerCase().split(' ')) {
    let start = 0;
    let end = chunk.length;
    while (start < end && MARKS.includes(chunk[start]!)) start++;
    while (end > start && MARKS.includes(chunk[end - 1]!)) end--;
    const word = chunk.slice(start, end);
    if (word !== '' && !ASIDES.has(word)) words.push(word);
  }
  return words;
}
