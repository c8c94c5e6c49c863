import { clean, fold } from './clean.ts';
import { isEnglish } from './language.ts';
import { quotable, readQuotes } from './literals.ts';
import { CURRENCIES, UNITS } from './number-words.ts';
import { type Quantity, quantityAt } from './numbers.ts';
import { FUNCTION_WORDS, WEAK_WORDS } from './own-words.ts';
import { type RawToken, tokenize } from './tokens.ts';
import { rootOf } from './word-forms.ts';
import { wordTable } from './word-table.ts';

/** A word of a question, in its place. */
export interface Token {
  readonly text: string;
  readonly word: string;
  readonly root: string;
  /** Words of grammar say nothing alone; weak ones say little; the rest make the question. */
  readonly weight: 'function' | 'weak' | 'strong';
  /** A name by its capitals, its digits, or because it is a known place. */
  readonly isName: boolean;
  /** Stands in the dictionary: 'Windows' is a name with a capital, but alone it proves little. */
  readonly isCommon: boolean;
  readonly isPossessive: boolean;
  /** Number of the sentence and of the part between punctuation marks. */
  readonly sentence: number;
  readonly clause: number;
  /** The word before it, in the same part, when both are no grammar words. */
  readonly after: string | null;
  /** The grammar word that governs it: 'from' in 'from New York'; null where there is none. */
  readonly head: string | null;
}

/** A quantity with the word behind it, in its base form: what there are three of. */
export interface CountedQuantity extends Quantity {
  readonly of: string | null;
}

/** A question taken apart. */
export interface Question {
  readonly clean: string;
  readonly tokens: readonly Token[];
  /** The tokens that are no grammar words. */
  readonly content: readonly Token[];
  readonly quantities: readonly CountedQuantity[];
  /** Units and currencies that stand without a number. */
  readonly looseUnits: readonly string[];
  readonly quotes: readonly string[];
  /** The text in which another question's quotations are looked for. */
  readonly quotable: string;
  readonly literals: readonly string[];
  /** Each sentence's words, without punctuation. */
  readonly sentences: readonly (readonly Token[])[];
  readonly isEnglish: boolean;
  /** Words in all. */
  readonly length: number;
}

/** Words that govern what follows them. */
const HEADS = new Set(
  (
    'of in on at by for from to with about into onto over under above below between among through during before after ' +
    'since until till against within without upon than as if whether because while although though unless versus per ' +
    'via near across along around behind beside besides beyond despite except inside outside outof insteadof toward ' +
    'towards when like and or but'
  ).split(' '),
);
const RELATIVES = new Set('which who whom whose what where that'.split(' '));
/** Their rule goes on to the end of the part, beyond grammar words. */
const CLAUSE_HEADS = new Set(
  'if because while although though unless when whether before after without than insteadof'.split(' '),
);

/** Takes a question apart. Linear in its length; never throws. */
export const readQuestion = (text: string): Question => readClean(clean(text));

export function readClean(cleaned: string): Question {
  const raw = tokenize(cleaned);
  const quantities: CountedQuantity[] = [];
  const looseUnits: string[] = [];
  const literals: string[] = [];
  const tokens: Token[] = [];
  const sentences: Token[][] = [[]];
  const place = {
    sentence: 0,
    clause: 0,
    head: null as string | null,
    isRun: false,
    after: null as string | null,
  };
  const lettersAreLoud = cleaned.length > 8 && cleaned === cleaned.toUpperCase();
  let isSentenceStart = true;
  for (let at = 0; at < raw.length; at++) {
    const token = raw[at]!;
    if (token.kind === 'break') {
      place.clause++;
      if (token.word !== ',') {
        place.sentence++;
        if (sentences.at(-1)!.length > 0) sentences.push([]);
        isSentenceStart = true;
      }
      place.head = null;
      place.after = null;
      continue;
    }
    const quantity = quantityAt(raw, at);
    if (quantity !== null) {
      at += quantity.length - 1;
      const next = raw[at + 1];
      quantities.push({
        ...quantity.quantity,
        of: next?.kind === 'word' && !FUNCTION_WORDS.has(next.word) ? rootOf(next.word) : null,
      });
      isSentenceStart = false;
      continue;
    }
    if (token.kind === 'literal') {
      literals.push(token.word);
      isSentenceStart = false;
      continue;
    }
    if (token.kind === 'sign') continue;
    const unit = UNITS.get(token.word) ?? CURRENCIES.get(token.word);
    if (unit !== undefined) looseUnits.push(unit);
    const made = tokenOf(token, place, isSentenceStart || lettersAreLoud);
    tokens.push(made);
    sentences.at(-1)!.push(made);
    isSentenceStart = false;
    move(place, made);
  }
  if (sentences.at(-1)!.length === 0) sentences.pop();
  return {
    clean: cleaned,
    tokens,
    content: tokens.filter((token) => token.weight !== 'function'),
    quantities,
    looseUnits,
    quotes: readQuotes(cleaned),
    quotable: quotable(cleaned),
    literals,
    sentences,
    isEnglish: isEnglish(cleaned, tokens),
    length: raw.length,
  };
}

interface Place {
  sentence: number;
  clause: number;
  head: string | null;
  isRun: boolean;
  after: string | null;
}

function tokenOf(token: RawToken, place: Place, isFirst: boolean): Token {
  const { word } = token;
  const isFunction = FUNCTION_WORDS.has(word);
  const root = isFunction ? word : rootOf(word);
  const hasDigit = /\d/.test(word);
  const isWeak = WEAK_WORDS.has(word) || WEAK_WORDS.has(root);
  const { known, places } = wordTable();
  const isCommon = !hasDigit && (known.has(word) || known.has(root));
  const isLoud = token.isCapital && !isFirst;
  const isName = !isFunction && (hasDigit || isLoud || (places.has(word) && !isCommon));
  return {
    text: token.text,
    word,
    root,
    weight: isFunction ? 'function' : isWeak && !hasDigit ? 'weak' : 'strong',
    isName,
    isCommon,
    isPossessive: token.isPossessive ?? false,
    sentence: place.sentence,
    clause: place.clause,
    after: isFunction ? null : place.after,
    head: isFunction ? null : place.head,
  };
}

function move(place: Place, token: Token): void {
  if (token.weight !== 'function') {
    place.after = token.root;
    // 'to' before a verb governs nothing further: 'to earn money online'.
    if (place.head === 'to' && !token.isName) place.head = null;
    place.isRun = true;
    return;
  }
  place.after = null;
  // 'In which' governs nothing that follows.
  if (RELATIVES.has(token.word)) place.head = null;
  else if (HEADS.has(token.word)) place.head = token.word;
  else if (place.isRun && !CLAUSE_HEADS.has(place.head ?? '')) place.head = null;
  place.isRun = false;
}

const POLITE = new Set(
  'please plz pls kindly thanks thank thx hi hey hello dear sir ok okay well so could you can would'.split(
    ' ',
  ),
);

/** Words left in front when a polite beginning is gone; two questions equal under it are near certainly the same. */
export function normalise(text: string): string {
  const raw = tokenize(clean(text)).filter((token) => token.kind !== 'break');
  let start = 0;
  while (start < raw.length - 1 && POLITE.has(raw[start]!.word) && !startsQuestion(raw, start)) start++;
  const words = raw.slice(start).map((token) => (token.kind === 'literal' ? token.word : fold(token.word)));
  while (words.length > 1 && (words.at(-1) === 'thanks' || words.at(-1) === 'please')) words.pop();
  return words.join(' ');
}

/** 'can you ...' asks for something only where a verb of telling follows; those are phrases already. */
const startsQuestion = (raw: readonly RawToken[], at: number): boolean =>
  /^(?:can|could|would|you|so|well)$/.test(raw[at]!.word);
