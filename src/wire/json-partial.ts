import { isJsonSpace } from './json-skip.ts';

export interface PartialJson {
  /** Undefined when not even the beginning of a value is there. */
  readonly value: unknown;
  /** False when the text ended early or broke: then `value` is what stood before. */
  readonly whole: boolean;
}

/** Deeper than this nobody reads, and what is cut there would need as many closing brackets. */
const DEEPEST = 512;

/**
 * Parses JSON that may be cut off or broken: objects and lists are closed where the text ends, and a text value that
 * was cut is kept as far as it goes. Never throws.
 */
export function parsePartialJson(text: string): PartialJson {
  try {
    return { value: JSON.parse(text) as unknown, whole: true };
  } catch {
    const mended = mend(text);
    if (mended === null) return { value: undefined, whole: false };
    try {
      return { value: JSON.parse(mended) as unknown, whole: false };
    } catch {
      return { value: undefined, whole: false };
    }
  }
}

/** The longest beginning of the text that is JSON once its brackets are closed; null when there is none. */
function mend(text: string): string | null {
  const closers: string[] = [];
  /** Up to here the text is good, with `goodClosers` after it. */
  let good = -1;
  let goodDepth = 0;
  let expectsKey = false;
  let at = 0;
  const settle = (end: number): void => {
    good = end;
    goodDepth = closers.length;
  };
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isJsonSpace(code) || code === 0x3a) {
      at++;
    } else if (code === 0x2c) {
      expectsKey = closers.at(-1) === '}';
      at++;
    } else if (code === 0x7b || code === 0x5b) {
      if (closers.length >= DEEPEST) break;
      closers.push(code === 0x7b ? '}' : ']');
      expectsKey = code === 0x7b;
      settle(++at);
    } else if (code === 0x7d || code === 0x5d) {
      if (closers.at(-1) !== text[at]) break;
      closers.pop();
      settle(++at);
      if (closers.length === 0) break;
      expectsKey = false;
    } else if (code === 0x22) {
      const end = stringEnd(text, at);
      if (end < 0) {
        if (expectsKey) break;
        return `${text.slice(0, at)}${closedString(text, at)}${closers.toReversed().join('')}`;
      }
      at = end;
      if (expectsKey) expectsKey = false;
      else settle(at);
    } else {
      const end = wordEnd(text, at);
      // A number at the very end may go on in what is missing.
      if (end >= text.length || !isWord(text.slice(at, end))) break;
      at = end;
      settle(at);
    }
  }
  return good < 0 ? null : text.slice(0, good) + closers.slice(0, goodDepth).toReversed().join('');
}

function stringEnd(text: string, from: number): number {
  let quote = text.indexOf('"', from + 1);
  while (quote >= 0) {
    let before = quote - 1;
    while (before > from && text.charCodeAt(before) === 0x5c) before--;
    if (((quote - 1 - before) & 1) === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  return -1;
}

/** The string that begins at `from` and never ends, without the escape or half character that was cut. */
function closedString(text: string, from: number): string {
  const kept = text.slice(from).replace(/(?<=(?:^|[^\\])(?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?$/, '');
  return `${kept.replace(/(?:\\u[dD][89abAB][0-9a-fA-F]{2}|[\ud800-\udbff]|\ufffd+)$/, '')}"`;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && at - from < 400 && /[\w.+-]/.test(text[at]!)) at++;
  return at;
}

function isWord(word: string): boolean {
  return word === 'true' || word === 'false' || word === 'null' || /^-?\d[\d.eE+-]*$/.test(word);
}
