import type { JudgedBy } from '../../../core/semantic.ts';

/** What the words of two answers say of them; null where they do not decide. */
export interface WordsFinding {
  readonly verdict: 'right' | 'wrong';
  readonly by: Extract<JudgedBy, 'text' | 'label'>;
  /** For people; quotes nothing long. */
  readonly note: string | null;
}

const right = (by: WordsFinding['by'], note: string | null = null): WordsFinding => ({
  verdict: 'right',
  by,
  note,
});
const wrong = (by: WordsFinding['by'], note: string): WordsFinding => ({ verdict: 'wrong', by, note });

/** Words and characters up to which an answer is a label: a name, a number, a category. */
const LABEL_WORDS = 6;
const LABEL_LENGTH = 60;

/** Compares two answers as far as words alone can: equal texts, equal JSON, labels, a yes against a no. */
export function compareWords(one: string, other: string): WordsFinding | null {
  const [left, right_] = [normalised(one), normalised(other)];
  if (left === right_) return right('text');
  const [leftJson, rightJson] = [jsonIn(left), jsonIn(right_)];
  if (leftJson !== null && rightJson !== null) return compareJson(leftJson, rightJson);
  return leftJson === null && rightJson === null ? compareLabels(left, right_) : null;
}

/** One form for characters, quotation marks, dashes and white space; letter case is kept. */
export function normalised(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201f]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
}

/** An object or a list, alone or in a fence; null for anything else. */
function jsonIn(text: string): object | null {
  const fenced = /^```(?:json)?\s*([\s\S]*?)\s*```$/i.exec(text)?.[1] ?? text;
  if (!/^[{[]/.test(fenced)) return null;
  try {
    const value: unknown = JSON.parse(fenced);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** Values that are long texts may be said in other words; names of fields, numbers and labels may not. */
function compareJson(one: object, other: object): WordsFinding | null {
  const difference = differenceOf(one, other, '');
  if (difference === null) return right('text', 'the same JSON');
  return difference.isSure
    ? wrong('label', `the JSON differs at ${difference.at.slice(0, 200) || 'its root'}`)
    : null;
}

interface JsonDifference {
  readonly at: string;
  readonly isSure: boolean;
}

const MOST_DEPTH = 100;

function differenceOf(one: unknown, other: unknown, at: string, depth = 0): JsonDifference | null {
  if (Object.is(one, other)) return null;
  if (depth > MOST_DEPTH) return { at, isSure: false };
  if (typeof one === 'string' && typeof other === 'string') {
    const words = compareLabels(normalised(one), normalised(other));
    return words?.verdict === 'right' ? null : { at, isSure: words?.verdict === 'wrong' };
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return { at, isSure: true };
  }
  if (Array.isArray(one) !== Array.isArray(other)) return { at, isSure: true };
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return { at, isSure: true };
  let unsure: JsonDifference | null = null;
  for (const name of names) {
    const place = `${at}/${name}`;
    if (!Object.hasOwn(other, name)) return { at: place, isSure: true };
    const found = differenceOf(
      (one as Record<string, unknown>)[name],
      (other as Record<string, unknown>)[name],
      place,
      depth + 1,
    );
    if (found?.isSure) return found;
    unsure ??= found;
  }
  return unsure;
}

function compareLabels(left: string, right_: string): WordsFinding | null {
  const [one, other] = [wordsOf(left), wordsOf(right_)];
  if (one.length > 0 && one.join(' ') === other.join(' ')) {
    return isLabel(left, one) ? right('label') : right('text', 'the same words');
  }
  const [leftSide, rightSide] = [sideOf(left), sideOf(right_)];
  if (leftSide !== null && rightSide !== null) {
    if (leftSide !== rightSide) return wrong('label', `one says ${leftSide}, the other ${rightSide}`);
    if (isLabel(left, one) && isLabel(right_, other)) return right('label', `both say ${leftSide}`);
  }
  if (!isLabel(left, one) || !isLabel(right_, other)) return null;
  const [leftNumbers, rightNumbers] = [one.filter(isNumber), other.filter(isNumber)];
  if (leftNumbers.length > 0 && rightNumbers.length > 0) {
    const isSame = leftNumbers.toSorted().join(' ') === rightNumbers.toSorted().join(' ');
    // The same number in other units, or with other words around it, is for a closer look.
    return isSame ? null : wrong('label', 'the numbers differ');
  }
  return one.some((word) => other.includes(word)) ? null : wrong('label', 'they have no word in common');
}

const isLabel = (text: string, words: readonly string[]): boolean =>
  words.length > 0 && words.length <= LABEL_WORDS && text.length <= LABEL_LENGTH;

const NUMBER_WORDS = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, number) => [word, String(number)]),
);
const FILLERS = new Set(['a', 'an', 'the', 'is', 'it', 'its']);

/** In small letters, without punctuation and fillers; numbers in one form. Of a text that is nothing else, all of it. */
function wordsOf(text: string): string[] {
  const words = [...text.toLowerCase().matchAll(/-?\d[\d,]*(?:\.\d+)?%?|[\p{L}\p{M}]+/gu)].map(([word]) => {
    if (/\d/.test(word)) return word.endsWith('%') ? `${numberOf(word.slice(0, -1))}%` : numberOf(word);
    return NUMBER_WORDS.get(word) ?? word;
  });
  const telling = words.filter((word) => !FILLERS.has(word));
  return telling.length > 0 ? telling : words;
}

const numberOf = (text: string): string => String(Number(text.replaceAll(',', '')));
const isNumber = (word: string): boolean => /\d/.test(word);

function sideOf(text: string): 'yes' | 'no' | null {
  const first = /^[^\p{L}\p{N}]*(\p{L}+)\b/u.exec(text.toLowerCase())?.[1];
  if (first === 'yes' || first === 'true' || first === 'correct') return 'yes';
  // 'No' begins other sentences too ('No two …'): only where a pause follows it.
  if (first === 'false' || first === 'incorrect') return 'no';
  return first === 'no' && /^[^\p{L}\p{N}]*no\s*(?:[,.;:!—-]|$)/iu.test(text) ? 'no' : null;
}
