/** Longest text that is compared at all, in UTF-16 units; what is longer shares nothing but itself. */
export const LONGEST_TEXT = 4096;

/** Invisible characters, which make equal texts differ and different ones look equal. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}|\u034f|\u115f|\u1160|\p{Cc}(?<!\s)/gu;
const SPACES = /\s+/g;
const SINGLE_QUOTES = /[\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc]/g;
const DOUBLE_QUOTES = /[\u201c-\u201f\u2033\u00ab\u00bb\u300c\u300d]/g;
const DASHES = /[\u2010-\u2015\u2212]/g;

/** Letters of other scripts that are drawn like a Latin one. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  ɡ: 'g',
  һ: 'h',
  і: 'i',
  ј: 'j',
  к: 'k',
  ӏ: 'l',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  ԛ: 'q',
  ѕ: 's',
  т: 't',
  у: 'y',
  ѵ: 'v',
  ԝ: 'w',
  х: 'x',
  А: 'A',
  В: 'B',
  С: 'C',
  Е: 'E',
  Н: 'H',
  І: 'I',
  Ј: 'J',
  К: 'K',
  М: 'M',
  О: 'O',
  Р: 'P',
  Ѕ: 'S',
  Т: 'T',
  У: 'Y',
  Х: 'X',
  α: 'a',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
  Α: 'A',
  Β: 'B',
  Ε: 'E',
  Ζ: 'Z',
  Η: 'H',
  Ι: 'I',
  Κ: 'K',
  Μ: 'M',
  Ν: 'N',
  Ο: 'O',
  Ρ: 'P',
  Τ: 'T',
  Υ: 'Y',
  Χ: 'X',
  ı: 'i',
};
const OTHER_SCRIPT = /[\u0131\u0261\u0370-\u03ff\u0400-\u052f]/;
const LATIN = /[a-z]/i;

/** A word of mixed scripts as it is seen; a word of one script stays, because it may be a real word of its language. */
function foldLookalikes(text: string): string {
  if (!OTHER_SCRIPT.test(text)) return text;
  return text
    .split(' ')
    .map((word) =>
      LATIN.test(word) ? Array.from(word, (letter) => LOOKS_LIKE[letter] ?? letter).join('') : word,
    )
    .join(' ');
}

/** The same text without what nobody sees: one form of every character, plain quotes and dashes, single spaces. */
export function clean(text: string): string {
  return foldLookalikes(
    text
      // Before NFKC, which makes a space and a mark of an accent that stands alone.
      .replace(SINGLE_QUOTES, "'")
      .normalize('NFKC')
      .replace(INVISIBLE, '')
      .replace(DOUBLE_QUOTES, '"')
      .replace(DASHES, '-')
      .replace(SPACES, ' ')
      .trim(),
  );
}

const MARKS = /\p{M}/gu;
const NOT_ASCII = /[^\0-\x7f]/;

/** Latin letters without their accents, in lower case: how a word is looked up. */
export function fold(word: string): string {
  const lower = word.toLowerCase();
  return NOT_ASCII.test(lower) ? lower.normalize('NFD').replace(MARKS, '').normalize('NFC') : lower;
}
