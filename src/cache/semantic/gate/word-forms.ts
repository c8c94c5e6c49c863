import { IRREGULAR } from './own-words.ts';
import { wordTable } from './word-table.ts';

const VOWEL = /[aeiou]/;
/** One vowel and one consonant at the end: before -ing it would be doubled, unless an e was dropped. */
const SHORT_END = /(?:^|[^aeiou])[aeiou][^aeiouwxy]$/;

/** The base form of a word: cities → city, making → make, stopped → stop. An unknown word keeps its shape. */
export function rootOf(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length < 4) return word;
  if (word.endsWith('s')) return withoutPlural(word);
  if (word.endsWith('ied') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (word.endsWith('ing')) return withoutEnding(word, 3);
  if (word.endsWith('ed')) return withoutEnding(word, 2);
  return word;
}

function withoutPlural(word: string): string {
  const { known } = wordTable();
  if (word.endsWith('ss') || word.endsWith('us') || word.endsWith('is')) return word;
  if (known.has(word) && !known.has(word.slice(0, -1))) return word;
  if (word.endsWith('ies') && word.length > 4)
    return known.has(word.slice(0, -1)) ? word.slice(0, -1) : `${word.slice(0, -3)}y`;
  if (/(?:[sxz]|ch|sh)es$/.test(word)) {
    const kept = word.slice(0, -1);
    return known.has(kept) ? kept : word.slice(0, -2);
  }
  if (word.endsWith('oes') && !known.has(word.slice(0, -1))) return word.slice(0, -2);
  return word.slice(0, -1);
}

function withoutEnding(word: string, length: number): string {
  const stem = word.slice(0, -length);
  if (stem.length < 2 || !VOWEL.test(stem)) return word;
  const { known } = wordTable();
  const withE = `${stem}e`;
  if (SHORT_END.test(stem) && known.has(withE)) return withE;
  if (known.has(stem)) return stem;
  if (known.has(withE)) return withE;
  const last = stem.at(-1);
  if (last === stem.at(-2) && known.has(stem.slice(0, -1))) return stem.slice(0, -1);
  // 'evening' and 'hundred' are no forms of anything.
  return known.has(word) ? word : stem;
}

/** How two words belong together. */
export type Likeness = 'same' | 'typo' | 'relative' | 'synonym';

const sharesAny = (one: readonly number[] | undefined, other: readonly number[] | undefined): boolean =>
  one?.some((group) => other?.includes(group)) ?? false;

/** How a word with its base form belongs to another, or null when they are two. */
export function likeness(one: string, oneRoot: string, other: string, otherRoot: string): Likeness | null {
  if (one === other || oneRoot === otherRoot || one === otherRoot || oneRoot === other) return 'same';
  const { groups, relatives } = wordTable();
  const related = relatives.get(oneRoot);
  if (related?.has(otherRoot) || related?.has(other) || relatives.get(one)?.has(otherRoot)) return 'relative';
  if (sharesAny(groups.get(oneRoot), groups.get(otherRoot)) || sharesAny(groups.get(one), groups.get(other)))
    return 'synonym';
  if (degreeless(one) === otherRoot || degreeless(other) === oneRoot) return 'same';
  const [base, otherBase] = [degreeless(one), degreeless(other)];
  if (base !== null && otherBase !== null && sharesAny(groups.get(base), groups.get(otherBase)))
    return 'synonym';
  if (isKnown(one, oneRoot) && isKnown(other, otherRoot)) return null;
  return isTypo(one, other) ? 'typo' : null;
}

/** Words of which -er is a degree; of others it is somebody who does it. */
const GRADED = new Set(
  (
    'tall fast quick smart strong weak long short high low old young deep slow cheap hard soft light dark clean small ' +
    'large big great wide thick thin bright warm cold hot clear easy simple heavy early late rich poor safe close loud'
  ).split(' '),
);

/** The adverb's adjective and the superlative's: easily, easiest → easy; null where it is none. */
function degreeless(word: string): string | null {
  const { known } = wordTable();
  for (const ending of ['est', 'er', 'ly', 'ily', 'iest', 'ier', 'ally']) {
    if (!word.endsWith(ending) || word.length < ending.length + 3) continue;
    const stem = word.slice(0, -ending.length);
    const isKnownBase = (base: string) => known.has(base) && (!ending.endsWith('er') || GRADED.has(base));
    const isDegree = ending.endsWith('est') || ending.endsWith('er');
    if (ending.startsWith('i')) {
      if (isKnownBase(`${stem}y`)) return `${stem}y`;
    } else if (isKnownBase(stem)) return stem;
    if (isDegree && isKnownBase(`${stem}e`)) return `${stem}e`;
    if (isDegree && stem.at(-1) === stem.at(-2) && isKnownBase(stem.slice(0, -1))) return stem.slice(0, -1);
  }
  return null;
}

const isKnown = (word: string, root: string): boolean => {
  const { known, places } = wordTable();
  return known.has(word) || known.has(root) || places.has(word);
};

const PEOPLE_ENDING = /(?:ians?|ans?|ese|ish|is?|[aeoy]|ia|ey)$/;

/** A country and its people: India, Indians; Pakistan, Pakistani. */
export function isDemonym(one: string, other: string): boolean {
  if (one.length < 4 || other.length < 4 || one.slice(0, 4) !== other.slice(0, 4)) return false;
  const { places } = wordTable();
  if (!places.has(one) && !places.has(other)) return false;
  const stem = (word: string): string => word.replace(PEOPLE_ENDING, '');
  return stem(one) === stem(other) || stem(one) === other || one === stem(other);
}

/** Letters that are easily taken for each other, or left out: a changed one of these is no other name. */
const SOFT = /^[aeiouyh]$/;

/**
 * One slip of the keyboard: a letter too many or too few, two exchanged, one vowel for another; two in long words.
 * A consonant for another makes another name (Barry, Larry), and so does every slip in a short word.
 */
export function isTypo(one: string, other: string): boolean {
  const longest = Math.max(one.length, other.length);
  if (Math.min(one.length, other.length) < 5 || longest > 40) return false;
  if (Math.abs(one.length - other.length) > 2) return false;
  return slips(one, other, longest >= 9 ? 2 : 1);
}

function slips(one: string, other: string, left: number, isFirst = true): boolean {
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  if (start === one.length && start === other.length) return true;
  if (left === 0) return false;
  const [a, b] = [one.slice(start), other.slice(start)];
  if (
    a.length > 1 &&
    b.length > 1 &&
    a[0] === b[1] &&
    a[1] === b[0] &&
    slips(a.slice(2), b.slice(2), left - 1, false)
  )
    return true;
  if (a === 'e' || b === 'e') return a === '' || b === '';
  // Another beginning is another word: ethanol, methanol.
  if (start === 0 && isFirst) return false;
  // What else is added at the very end is a form of the word, or another word.
  if (a.length > 1 && slips(a.slice(1), b, left - 1, false)) return true;
  if (b.length > 1 && slips(a, b.slice(1), left - 1, false)) return true;
  if (a === '' || b === '') return false;
  return SOFT.test(a[0]!) && SOFT.test(b[0]!) && slips(a.slice(1), b.slice(1), left - 1, false);
}

/** Two words of which one takes back what the other says: enable, disable; legal, illegal. */
export function areOpposite(one: string, oneRoot: string, other: string, otherRoot: string): boolean {
  const { opposites } = wordTable();
  const found = opposites.get(oneRoot) ?? opposites.get(one);
  if (found?.has(otherRoot) || found?.has(other)) return true;
  if (opposites.get(one)?.has(other) || opposites.get(one)?.has(otherRoot)) return true;
  const [base, otherBase] = [degreeless(one), degreeless(other)];
  if (base !== null && otherBase !== null && opposites.get(base)?.has(otherBase)) return true;
  return oneRoot.length < otherRoot.length ? isNegated(oneRoot, otherRoot) : isNegated(otherRoot, oneRoot);
}

const NEGATING_STARTS = ['un', 'in', 'im', 'il', 'ir', 'dis', 'non', 'mis', 'anti', 'de', 'counter'];

function isNegated(plain: string, longer: string): boolean {
  if (plain.length < 3) return false;
  if (longer.endsWith(plain) && NEGATING_STARTS.includes(longer.slice(0, -plain.length))) return true;
  return longer.endsWith('less') && plain === `${longer.slice(0, -4)}ful`;
}
