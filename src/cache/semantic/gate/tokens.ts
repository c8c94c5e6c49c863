import { fold } from './clean.ts';
import { isLiteral, literalKey, SIGNED_NAMES } from './literals.ts';
import { CURRENCIES, SCALES, SHORT_UNITS, UNITS } from './number-words.ts';
import { CONTRACTIONS, PHRASES, TAKES_IS } from './phrases.ts';

/** A piece of a question before it is understood. */
export interface RawToken {
  /** As it was written. */
  readonly text: string;
  /** In lower case, without accents; a contraction or phrase is already spelled out. */
  readonly word: string;
  readonly kind: 'word' | 'number' | 'sign' | 'literal' | 'break';
  /** Written with a capital, or with signs that only names have. */
  readonly isCapital: boolean;
  /** Followed by 's. */
  readonly isPossessive?: boolean;
}

/** What is longer without a space is no word, and is taken as it stands. */
const LONGEST_WORD = 100;

const OPENING = '([{<"\'*_~¿¡`';
const CLOSING = ')]}>"\'*_~`.,;:!?…';
const SENTENCE_END = /[.!?]/;
const CLAUSE_END = /[,;:()"]/;
/** A number, a word, or a sign that means something. */
const PIECES = /\d[\d,]*(?:\.\d+)?|[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*|[$€£¥₹₩%°&/+,;:!?.-]/gu;
const DATE = /^\d{1,4}([-/.])\d{1,2}\1\d{1,4}$/;
const TIME = /^\d{1,2}:\d{2}(?::\d{2})?$/;
const FRACTION = /^\d{1,3}\/\d{1,3}$/;
/** '5. What is ...', 'Q: ...', '# ...': where the question stood in a list. */
const LIST_MARK = /^(?:\d{1,2}[.)]|[Qq]\d{0,3}[:.)]|#+) /;
const MIXED = /^(?=.*\d)(?=.*\p{L})[\p{L}\d]+$/u;
const DOTTED_LETTERS = /^[A-Za-z](?:\.[A-Za-z])+\.?$/;
/** Words whose dot ends no sentence. */
const SHORT_FORMS = new Set([
  'mr',
  'mrs',
  'ms',
  'dr',
  'st',
  'prof',
  'vs',
  'etc',
  'rs',
  'no',
  'jr',
  'sr',
  'e.g',
  'i.e',
  'approx',
]);

const BREAKS = {
  sentence: { text: '.', word: '.', kind: 'break', isCapital: false },
  question: { text: '?', word: '?', kind: 'break', isCapital: false },
  clause: { text: ',', word: ',', kind: 'break', isCapital: false },
} as const satisfies Record<string, RawToken>;

/** Cuts a clean text into tokens. Linear: every piece is looked at a fixed number of times. */
export function tokenize(text: string): RawToken[] {
  const tokens: RawToken[] = [];
  for (const chunk of text.replace(LIST_MARK, '').split(' ')) if (chunk !== '') readChunk(chunk, tokens);
  return withoutPhrases(tokens);
}

function readChunk(chunk: string, tokens: RawToken[]): void {
  if (chunk.length > LONGEST_WORD) {
    pushLiteral(chunk, tokens);
    return;
  }
  let start = 0;
  let end = chunk.length;
  while (start < end && OPENING.includes(chunk[start]!)) start++;
  while (end > start && CLOSING.includes(chunk[end - 1]!)) end--;
  const head = chunk.slice(0, start);
  const tail = chunk.slice(end);
  const core = chunk.slice(start, end);
  if (/[("]/.test(head)) tokens.push(BREAKS.clause);
  if (isCall(core, tail)) pushLiteral(`${core}()`, tokens);
  else if (core !== '') readCore(core, tokens);
  else if (start === 0 && end === 0 && chunk.length > 1 && isLiteral(chunk)) pushLiteral(chunk, tokens);
  if (tail === '') return;
  if (tail.includes('?')) tokens.push(BREAKS.question);
  else if (SENTENCE_END.test(tail) && !SHORT_FORMS.has(core.toLowerCase())) tokens.push(BREAKS.sentence);
  else if (CLAUSE_END.test(tail)) tokens.push(BREAKS.clause);
}

/** `map()`: the parentheses were taken off as if they were punctuation. */
const isCall = (core: string, tail: string): boolean => /^[\w.]+\($/.test(core) && tail.startsWith(')');

function pushLiteral(text: string, tokens: RawToken[]): void {
  tokens.push({ text, word: literalKey(text), kind: 'literal', isCapital: false });
}

const isCapital = (text: string): boolean => text !== text.toLowerCase();

function readCore(core: string, tokens: RawToken[]): void {
  const lower = core.toLowerCase();
  if (SIGNED_NAMES.has(lower)) {
    tokens.push({ text: core, word: lower, kind: 'word', isCapital: true });
    return;
  }
  if (DOTTED_LETTERS.test(core)) {
    pushWord(core.replaceAll('.', '').toUpperCase(), tokens);
    return;
  }
  if (DATE.test(core) || TIME.test(core) || FRACTION.test(core)) {
    tokens.push({ text: core, word: core, kind: 'number', isCapital: false });
    return;
  }
  if (isLiteral(core)) {
    pushLiteral(core, tokens);
    return;
  }
  // node.js, booking.com: one name, whatever stands for its dot.
  if (/^[A-Za-z]\w+\.[A-Za-z]{2,4}$/.test(core)) {
    const name = fold(core);
    tokens.push({
      text: core,
      word: name.endsWith('.js') ? name.replace('.', '') : name,
      kind: 'word',
      isCapital: true,
    });
    return;
  }
  readPieces(core, tokens);
}

function readPieces(core: string, tokens: RawToken[]): void {
  const pieces = core.match(PIECES) ?? [];
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at]!;
    const next = pieces[at + 1];
    const first = piece[0]!;
    if (first >= '0' && first <= '9') {
      if (next !== undefined && MIXED.test(piece.replaceAll(',', '') + next)) {
        at += pushMixed(piece, next, pieces[at + 2], tokens);
      } else {
        tokens.push({ text: piece, word: piece, kind: 'number', isCapital: false });
      }
    } else if (/[\p{L}\p{M}]/u.test(first)) pushWord(piece, tokens);
    else if ('$€£¥₹₩%°'.includes(first))
      tokens.push({ text: piece, word: piece, kind: 'sign', isCapital: false });
    else if (piece === '&' || piece === '+')
      tokens.push({ text: piece, word: 'and', kind: 'word', isCapital: false });
    else if (piece === '/') tokens.push({ text: piece, word: 'or', kind: 'word', isCapital: false });
    else if (piece === '?') tokens.push(BREAKS.question);
    else if (piece === '.' || piece === '!') tokens.push(BREAKS.sentence);
    else if (piece !== '-') tokens.push(BREAKS.clause);
  }
}

/** 5km, 60k, 3rd, 2x; or a name with a digit in it: 6s, 4G. Returns how many more pieces it took. */
function pushMixed(digits: string, letters: string, after: string | undefined, tokens: RawToken[]): number {
  const suffix = fold(letters);
  const isNumber =
    SCALES.has(suffix) ||
    UNITS.has(suffix) ||
    CURRENCIES.has(suffix) ||
    /^(?:st|nd|rd|th|am|pm)$/.test(suffix) ||
    (SHORT_UNITS.has(suffix) && letters !== 'S' && letters !== 'G' && suffix !== 's' && suffix !== 'c');
  if (isNumber && !(after !== undefined && /^\d/.test(after))) {
    tokens.push({ text: digits, word: digits, kind: 'number', isCapital: false });
    if (!/^(?:st|nd|rd|th)$/.test(suffix))
      tokens.push({ text: letters, word: suffix, kind: 'sign', isCapital: false });
    return 1;
  }
  let taken = 1;
  let text = digits + letters;
  if (after !== undefined && /^\d/.test(after)) {
    text += after;
    taken++;
  }
  tokens.push({ text, word: fold(text), kind: 'word', isCapital: true });
  return taken;
}

function pushWord(text: string, tokens: RawToken[]): void {
  // Several of what is written in capitals: CEOs, IQs.
  const word = fold(/^[A-Z]{2,}s$/.test(text) ? text.slice(0, -1) : text);
  // What is left of 'way(s)' and 'Yahoo!'s'.
  if (word === 's') return;
  const capital = isCapital(text);
  const spelledOut = CONTRACTIONS.get(word);
  // 'US' is a country and 'us' is not; capitals throughout say nothing.
  if (text === 'US' || text === 'USA') {
    tokens.push({ text, word: 'america', kind: 'word', isCapital: true });
    return;
  }
  if (spelledOut !== undefined) {
    for (const part of spelledOut) tokens.push({ text, word: part, kind: 'word', isCapital: false });
    return;
  }
  const apostrophe = word.indexOf("'");
  if (apostrophe < 0) {
    tokens.push({ text, word, kind: 'word', isCapital: capital });
    return;
  }
  const base = word.slice(0, apostrophe);
  const ending = word.slice(apostrophe + 1);
  if (word.endsWith("n't")) {
    tokens.push({ text, word: word.slice(0, -3), kind: 'word', isCapital: false });
    tokens.push({ text, word: 'not', kind: 'word', isCapital: false });
    return;
  }
  const verb = { re: 'are', ve: 'have', ll: 'will', d: 'would', m: 'am' }[ending];
  if (verb !== undefined || (ending === 's' && TAKES_IS.has(base))) {
    tokens.push({ text, word: base, kind: 'word', isCapital: false });
    tokens.push({ text, word: verb ?? 'is', kind: 'word', isCapital: false });
    return;
  }
  if (ending === 's') {
    tokens.push({
      text: text.slice(0, apostrophe),
      word: base,
      kind: 'word',
      isCapital: capital,
      isPossessive: true,
    });
    return;
  }
  tokens.push({ text, word: word.replaceAll("'", ''), kind: 'word', isCapital: capital });
}

/** Puts one word in the place of each phrase that means it. */
function withoutPhrases(tokens: readonly RawToken[]): RawToken[] {
  let changed = tokens;
  // Twice, because what stands for one phrase may begin another: 'can you tell me' 'what is the reason'.
  for (let round = 0; round < 2; round++) changed = replaceOnce(changed);
  return [...changed];
}

function replaceOnce(tokens: readonly RawToken[]): RawToken[] {
  const kept: RawToken[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const phrase =
      token.kind === 'literal'
        ? undefined
        : PHRASES.get(token.word)?.find(({ words }) => startsAt(tokens, at, words));
    if (phrase === undefined) {
      kept.push(token);
      continue;
    }
    for (const word of phrase.stands)
      kept.push({
        text: word,
        word,
        kind: /^\d+$/.test(word) ? 'number' : 'word',
        isCapital: token.isCapital,
      });
    at += phrase.words.length - 1;
  }
  return kept;
}

function startsAt(tokens: readonly RawToken[], at: number, words: readonly string[]): boolean {
  for (let index = 0; index < words.length; index++)
    if (tokens[at + index]?.word !== words[index]) return false;
  return true;
}
