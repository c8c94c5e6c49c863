/**
 * Indents JSON without reading it: numbers keep all their digits, keys that stand twice stay, and what breaks off in the
 * middle is shown as far as it came. Null for text that is no JSON at all.
 */
export function prettyJson(text: string): string | null {
  const start = text.search(/\S/);
  if (start === -1 || !'{['.includes(text[start]!)) return null;
  const pieces: string[] = [];
  let depth = 0;
  let at = start;
  const line = (): string => `\n${'  '.repeat(Math.min(depth, DEEPEST))}`;
  while (at < text.length) {
    const one = text[at]!;
    if (one === '"') {
      const end = endOfString(text, at);
      pieces.push(text.slice(at, end));
      at = end;
    } else if (one === '{' || one === '[') {
      const close = nextSign(text, at + 1);
      if (text[close] === (one === '{' ? '}' : ']')) {
        pieces.push(one, text[close]!);
        at = close + 1;
      } else {
        depth++;
        pieces.push(one, line());
        at++;
      }
    } else if (one === '}' || one === ']') {
      if (depth === 0) return null;
      depth--;
      pieces.push(line(), one);
      at++;
    } else if (one === ',') {
      pieces.push(',', depth === 0 ? '\n' : line());
      at++;
    } else if (one === ':') {
      pieces.push(': ');
      at++;
    } else if (SPACE.test(one)) {
      at = nextSign(text, at);
      // Values one after the other, as in files of one JSON text a line.
      if (depth === 0 && at < text.length) pieces.push('\n');
    } else {
      const end = endOfBare(text, at);
      const bare = text.slice(at, end);
      if (!BARE.test(bare) && end < text.length) return null;
      pieces.push(bare);
      at = end;
    }
  }
  return pieces.join('');
}

const DEEPEST = 40;
const SPACE = /\s/;
const BARE = /^(?:true|false|null|-?\d[\d.eE+-]*)$/;

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at + 1;
  }
  return text.length;
}

function nextSign(text: string, from: number): number {
  let at = from;
  while (at < text.length && SPACE.test(text[at]!)) at++;
  return at;
}

function endOfBare(text: string, start: number): number {
  let at = start;
  while (at < text.length && !/[\s,:{}[\]"]/.test(text[at]!)) at++;
  return at;
}
