/** A piece of text as it is shown: itself, or a sign in place of a character that hides or reorders others. */
export interface VisiblePiece {
  readonly text: string;
  /** What the character is, for those who hover: `U+202E RIGHT-TO-LEFT OVERRIDE`. Null for plain text. */
  readonly control: string | null;
}

const SHORT: Readonly<Record<number, string>> = {
  0: 'NUL',
  7: 'BEL',
  8: 'BS',
  13: 'CR',
  27: 'ESC',
  127: 'DEL',
};

const NAMES: Readonly<Record<number, string>> = {
  0: 'NULL',
  7: 'BELL',
  8: 'BACKSPACE',
  13: 'CARRIAGE RETURN',
  27: 'ESCAPE',
  127: 'DELETE',
  173: 'SOFT HYPHEN',
  1564: 'ARABIC LETTER MARK',
  8203: 'ZERO WIDTH SPACE',
  8206: 'LEFT-TO-RIGHT MARK',
  8207: 'RIGHT-TO-LEFT MARK',
  8232: 'LINE SEPARATOR',
  8233: 'PARAGRAPH SEPARATOR',
  8234: 'LEFT-TO-RIGHT EMBEDDING',
  8235: 'RIGHT-TO-LEFT EMBEDDING',
  8236: 'POP DIRECTIONAL FORMATTING',
  8237: 'LEFT-TO-RIGHT OVERRIDE',
  8238: 'RIGHT-TO-LEFT OVERRIDE',
  8288: 'WORD JOINER',
  8294: 'LEFT-TO-RIGHT ISOLATE',
  8295: 'RIGHT-TO-LEFT ISOLATE',
  8296: 'FIRST STRONG ISOLATE',
  8297: 'POP DIRECTIONAL ISOLATE',
  65279: 'BYTE ORDER MARK',
};

/**
 * Characters that say something other than what is seen: controls (but tab and line feed), marks of direction, spaces of
 * no width, tags (invisible ASCII, by which prompts are smuggled in), and halves of characters. Joiners stay: emoji and
 * several scripts are written with them.
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udfff]/u;
const EVERY_HIDDEN = new RegExp(HIDDEN.source, 'gu');
/** Tags that say which flag a black one is: England, Scotland, Wales. */
const MOST_FLAG_TAGS = 6;
const BLACK_FLAG = 0x1f3f4;
const END_OF_TAGS = 0xe007f;

/** Splits a text so that nothing in it is invisible. Text without such characters is one piece. */
export function visiblePieces(text: string): VisiblePiece[] {
  if (!HIDDEN.test(text)) return text === '' ? [] : [{ text, control: null }];
  const pieces: VisiblePiece[] = [];
  let from = 0;
  for (const match of text.matchAll(EVERY_HIDDEN)) {
    const at = match.index;
    if (at < from) continue;
    const code = match[0].codePointAt(0)!;
    if (code === 0x0d && text[at + 1] === '\n') {
      if (at > from) pieces.push({ text: text.slice(from, at), control: null });
      from = at + 1;
      continue;
    }
    if (code >= 0xe0000 && isPartOfFlag(text, at)) continue;
    if (at > from) pieces.push({ text: text.slice(from, at), control: null });
    pieces.push({ text: signOf(code), control: nameOf(code) });
    from = at + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), control: null });
  return pieces;
}

/** For places that take plain text only, such as a title: the signs stand in the text. */
export function visibleText(text: string): string {
  return HIDDEN.test(text)
    ? visiblePieces(text)
        .map((piece) => piece.text)
        .join('')
    : text;
}

/** Whether the tag at a place stands between a black flag and the end of its tags. */
function isPartOfFlag(text: string, at: number): boolean {
  // The end of the tags is a tag as well. Longer runs than a flag has are not walked through again for each of them.
  let begin = at - 2;
  while (at - begin <= 2 * MOST_FLAG_TAGS && isFlagTag(text.codePointAt(begin))) begin -= 2;
  if (text.codePointAt(begin) !== BLACK_FLAG) return false;
  let end = begin + 2;
  while (end - begin <= 2 * MOST_FLAG_TAGS && isFlagTag(text.codePointAt(end))) end += 2;
  const count = (end - begin) / 2 - 1;
  return text.codePointAt(end) === END_OF_TAGS && count >= 2 && count <= MOST_FLAG_TAGS && at <= end;
}

const isFlagTag = (code: number | undefined): boolean =>
  code !== undefined && code >= 0xe0061 && code <= 0xe007a;

/** Short names that people know; the rest is written as its number. Few faces have the pictures that Unicode has for them. */
function signOf(code: number): string {
  const short = SHORT[code];
  if (short !== undefined) return `‹${short}›`;
  if (code >= 0xe0020 && code <= 0xe007e) return `‹${String.fromCodePoint(code - 0xe0000)}›`;
  return `‹${hex(code)}›`;
}

function nameOf(code: number): string {
  const name =
    NAMES[code] ??
    (code >= 0xe0000 ? 'INVISIBLE TAG' : code >= 0xd800 && code <= 0xdfff ? 'HALF A CHARACTER' : '');
  return `U+${hex(code)} ${name}`.trimEnd();
}

const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0');
