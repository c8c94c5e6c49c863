/** A row of a text as it is drawn: a line, or a piece of one that is too long for the width. */
export interface TextRow {
  readonly from: number;
  readonly to: number;
  /** Number of the line that begins here, from 1; null for the rest of a broken one. */
  readonly line: number | null;
  /** Whether a JSON string is open where the row begins: colours need it. */
  readonly inString: boolean;
}

/**
 * Breaks a text into rows of at most `columns` characters' width, so that every row is equally high and any number of them
 * can be scrolled. Wide characters count twice; none is cut in two.
 */
export function textRows(text: string, columns: number): TextRow[] {
  const rows: TextRow[] = [];
  const most = Math.max(8, columns);
  let line = 1;
  let from = 0;
  let width = 0;
  let isFirst = true;
  let inString = false;
  let rowInString = false;
  const push = (to: number): void => {
    rows.push({ from, to, line: isFirst ? line : null, inString: rowInString });
    rowInString = inString;
    isFirst = false;
    width = 0;
  };
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) {
      // A string of JSON has no line end: one that seems open belongs to something else.
      inString = false;
      push(at > from && text.charCodeAt(at - 1) === 0x0d ? at - 1 : at);
      from = at + 1;
      line++;
      isFirst = true;
      rowInString = false;
      continue;
    }
    const isPair = code >= 0xd800 && code <= 0xdbff && isLow(text.charCodeAt(at + 1));
    const size = code < 0x80 ? (code === 0x09 ? 2 : 1) : isPair || isWide(code) ? 2 : 1;
    if (width + size > most) {
      push(at);
      from = at;
    }
    width += size;
    if (code === 0x22 && !isEscaped(text, at)) inString = !inString;
    if (isPair) at++;
  }
  if (from < text.length || text === '') push(text.length);
  return rows;
}

const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** Hangul, kana, CJK and full-width forms. */
const isWide = (code: number): boolean =>
  (code >= 0x1100 && code <= 0x115f) ||
  (code >= 0x2e80 && code <= 0xd7a3) ||
  (code >= 0xf900 && code <= 0xfaff) ||
  (code >= 0xfe30 && code <= 0xff60);

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++;
  return slashes % 2 === 1;
}

/** More are not counted. */
export const MOST_MATCHES = 10_000;

export interface Match {
  readonly at: number;
  readonly row: number;
}

/** Where a text occurs, whatever the case, with the row in which each begins. */
export function findMatches(text: string, rows: readonly TextRow[], wanted: string): Match[] {
  if (wanted === '') return [];
  const inside = text.toLowerCase();
  // Some letters grow when they are made small; then places would be wrong, and exact ones are looked for instead.
  const haystack = inside.length === text.length ? inside : text;
  const needle = haystack === inside ? wanted.toLowerCase() : wanted;
  const matches: Match[] = [];
  let row = 0;
  for (let at = haystack.indexOf(needle); at !== -1; at = haystack.indexOf(needle, at + needle.length)) {
    while (row + 1 < rows.length && rows[row + 1]!.from <= at) row++;
    matches.push({ at, row });
    if (matches.length >= MOST_MATCHES) break;
  }
  return matches;
}

export interface Span {
  readonly text: string;
  readonly kind: 'plain' | 'key' | 'string' | 'literal';
}

/** The colours of a row of JSON. */
export function jsonSpans(text: string, inString: boolean): Span[] {
  const spans: Span[] = [];
  let at = 0;
  if (inString) {
    const end = endOfString(text, 0);
    spans.push({ text: text.slice(0, end), kind: 'string' });
    at = end;
  }
  while (at < text.length) {
    if (text[at] === '"') {
      const end = endOfString(text, at + 1);
      const isKey = /^\s*:/.test(text.slice(end, end + 4));
      spans.push({ text: text.slice(at, end), kind: isKey ? 'key' : 'string' });
      at = end;
      continue;
    }
    const next = text.indexOf('"', at);
    const plain = text.slice(at, next === -1 ? text.length : next);
    spans.push({ text: plain, kind: /[\w]/.test(plain) ? 'literal' : 'plain' });
    at += plain.length;
  }
  return spans;
}

function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
