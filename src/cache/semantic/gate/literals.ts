import { fold } from './clean.ts';

/** Endings by which a word with a dot is the name of a file. */
const FILE_ENDINGS = new Set(
  (
    'ts tsx jsx mjs cjs py rb rs go java kt cpp cc hpp cs php sh bash zsh bat ps1 sql html htm css scss json yaml yml ' +
    'toml ini cfg conf env xml csv tsv txt md rst log lock pdf doc docx xls xlsx ppt pptx png jpg jpeg gif svg webp mp3 ' +
    'mp4 wav mov avi mkv zip tar gz tgz rar 7z exe dll so dmg apk ipa iso db sqlite parquet pem key crt bin dat'
  ).split(' '),
);
const OPERATORS = [
  '::',
  '->',
  '=>',
  '()',
  '[]',
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '${',
  '{{',
  '/>',
  '</',
  '+=',
  '**',
];
const HEX = /^[0-9a-f]+$/i;

/** Names of programming languages that end in signs. */
export const SIGNED_NAMES: ReadonlySet<string> = new Set([
  'c++',
  'c#',
  'f#',
  '.net',
  'g++',
  'notepad++',
  'a*',
]);

/** Whether a word is not language but something to be taken as it stands: a URL, a path, a flag, an identifier. */
export function isLiteral(word: string): boolean {
  if (word.length < 3) return false;
  if (SIGNED_NAMES.has(word.toLowerCase())) return false;
  if (word.includes('://') || word.startsWith('www.')) return true;
  const at = word.indexOf('@');
  if (at > 0 && word.indexOf('.', at) > at + 1) return true;
  if (/^(?:\/|\.\/|\.\.\/|~\/|[A-Za-z]:\\|\\\\)[\w.-]/.test(word)) return true;
  if (word.includes('\\') || word.includes('`')) return true;
  if (/^--?[A-Za-z][\w-]*(?:=|$)/.test(word)) return true;
  if (/^[$%@][A-Za-z]\w*$/.test(word)) return true;
  if (word.includes('_') && /\w/.test(word)) return true;
  if (OPERATORS.some((operator) => word.includes(operator))) return true;
  if (/^v?\d+(?:\.\d+){2,}/.test(word)) return true;
  if (word.length >= 7 && HEX.test(word) && /\d/.test(word) && /[a-f]/i.test(word)) return true;
  if (/^0x[0-9a-f]+$/i.test(word)) return true;
  const dot = word.lastIndexOf('.');
  if (dot >= 0 && dot < word.length - 1) {
    const ending = word.slice(dot + 1).toLowerCase();
    if (FILE_ENDINGS.has(ending)) return true;
    if (/^\w+\.\w+\($/.test(word) || /^[\w.]+\(\w*\)?$/.test(word)) return true;
  }
  return /^\w+\(\)?$/.test(word) && word.includes('(');
}

/** A literal as it is compared: hosts and file endings do not care for case, and a trailing slash says nothing. */
export function literalKey(word: string): string {
  const scheme = word.indexOf('://');
  const bare = scheme >= 0 ? word.slice(scheme + 3) : word;
  const trimmed = bare.endsWith('/') ? bare.slice(0, -1) : bare;
  return scheme >= 0 || word.startsWith('www.') || word.includes('@') ? trimmed.toLowerCase() : trimmed;
}

/** Quotations that are read; more are no question's. */
const MOST_QUOTES = 20;
/** Quoted text longer than this is a document and no quotation. */
const LONGEST_QUOTE = 400;

const loose = (text: string): string =>
  fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** What stands in quotation marks, in lower case and without punctuation. Marks without a partner quote nothing. */
export function readQuotes(text: string): readonly string[] {
  const quotes: string[] = [];
  for (const mark of ['"', '`', "'"]) {
    let open = -1;
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
      const before = text[at - 1];
      const after = text[at + 1];
      const letterBefore = before !== undefined && /[\p{L}\p{N}]/u.test(before);
      const letterAfter = after !== undefined && /[\p{L}\p{N}]/u.test(after);
      if (mark === "'" && letterBefore && letterAfter) continue;
      if (quotes.length === MOST_QUOTES) return quotes;
      if (open < 0) {
        if (mark !== "'" || (!letterBefore && letterAfter)) open = at;
        continue;
      }
      if (mark === "'" && !letterAfter && before === ' ') continue;
      const inner = loose(text.slice(open + 1, Math.min(at, open + 1 + LONGEST_QUOTE)));
      if (inner !== '') quotes.push(inner);
      open = -1;
    }
  }
  return quotes;
}

/** A text as quotations are looked for in it. */
export const quotable = (text: string): string => ` ${loose(text)} `;
