import {
  type Codes,
  type ColumnHeader,
  EMPTY_HEADER,
  type EncodedColumn,
  KIND,
  packCodes,
  widthOf,
} from './block-format.ts';

const EMPTY: EncodedColumn = { header: EMPTY_HEADER, domain: null, codes: null };

/** NaN stands for null. */
export function encodeNumbers(values: Float64Array): EncodedColumn {
  return encodeSpaced(values, 1) ?? encodeSpaced(values, 1000) ?? encodeNumberList(values);
}

/** Null when the values are not whole numbers over `scale`, or lie too far apart for a code. */
function encodeSpaced(values: Float64Array, scale: number): EncodedColumn | null {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let hasNull = false;
  const scaled = scale === 1 ? values : new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (Number.isNaN(value)) {
      hasNull = true;
      scaled[index] = value;
      continue;
    }
    const whole = scale === 1 ? value : Math.round(value * scale);
    if (!Number.isSafeInteger(whole) || whole / scale !== value) return null;
    scaled[index] = whole;
    if (whole < least) least = whole;
    if (whole > most) most = whole;
  }
  if (least > most) return EMPTY;
  let step = 0;
  for (let index = 0; index < values.length && step !== 1; index++) {
    if (!Number.isNaN(scaled[index]!)) step = greatestDivisor(scaled[index]! - least, step);
  }
  if (step === 0) step = 1;
  const largest = (most - least) / step + 1;
  if (largest > 0xffff_ffff) return null;
  const codes = listOfCodes(values.length, largest);
  for (let index = 0; index < values.length; index++) {
    codes[index] = Number.isNaN(scaled[index]!) ? 0 : (scaled[index]! - least) / step + 1;
  }
  return finish({ kind: KIND.spaced, base: least, step, scale }, null, codes, largest, hasNull);
}

function greatestDivisor(a: number, b: number): number {
  let [x, y] = [Math.abs(a), b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

function encodeNumberList(values: Float64Array): EncodedColumn {
  const distinct = Float64Array.from(new Set(values.filter((value) => !Number.isNaN(value)))).sort();
  const codeOf = new Map<number, number>();
  for (const [index, value] of distinct.entries()) codeOf.set(value, index + 1);
  const codes = listOfCodes(values.length, distinct.length);
  // Nulls keep the code 0.
  for (let index = 0; index < values.length; index++) codes[index] = codeOf.get(values[index]!) ?? 0;
  const range = { base: distinct[0]!, step: distinct.at(-1)!, scale: 1 };
  const domain = new Uint8Array(distinct.buffer);
  return finish({ kind: KIND.numbers, ...range }, domain, codes, distinct.length, codes.includes(0));
}

/** The texts are distinct; `of` says for each row which one it has, counted from 1, and 0 for null. */
export function encodeTexts(texts: readonly string[], of: Uint32Array): EncodedColumn {
  if (texts.length === 0) return EMPTY;
  const distinct = sortTexts([...texts]);
  const codeOf = new Map<string, number>();
  for (const [index, text] of distinct.entries()) codeOf.set(text, index + 1);
  const ranks = Uint32Array.from([0, ...texts.map((text) => codeOf.get(text)!)]);
  const codes = listOfCodes(of.length, distinct.length);
  for (let index = 0; index < of.length; index++) codes[index] = ranks[of[index]!]!;
  return finish({ kind: KIND.texts }, packTexts(distinct), codes, distinct.length, codes.includes(0));
}

/** In the order of their UTF-8 bytes, which is that of SQLite. JavaScript's own differs beyond U+D7FF. */
export function sortTexts(texts: string[]): string[] {
  if (!texts.some((text) => /[\ud800-\uffff]/.test(text))) return texts.sort();
  return texts
    .map((text) => Buffer.from(text))
    .sort(Buffer.compare)
    .map((bytes) => bytes.toString());
}

/** Where each text begins and the last ends, then the texts. */
export function packTexts(texts: readonly string[]): Uint8Array {
  const joined = Buffer.from(texts.join(''));
  const bytes = new Uint8Array((texts.length + 1) * 4 + joined.length);
  const starts = new Uint32Array(bytes.buffer, 0, texts.length + 1);
  let at = 0;
  for (const [index, text] of texts.entries()) {
    starts[index] = at;
    at += Buffer.byteLength(text);
  }
  starts[texts.length] = at;
  bytes.set(joined, starts.byteLength);
  return bytes;
}

export function encodeIds(values: readonly string[], ids: readonly string[]): EncodedColumn {
  if (values !== ids && values.every((value, index) => value === ids[index])) {
    return { header: { ...EMPTY_HEADER, kind: KIND.sameAsId, hasNull: false }, domain: null, codes: null };
  }
  const codes = Buffer.allocUnsafeSlow(values.length * UUID_BYTES);
  for (let index = 0; index < values.length; index++) {
    if (!writeUuid(values[index]!, codes, index * UUID_BYTES)) return encodeMixedIds(values);
  }
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let at = 0; at < codes.length; at += UUID_BYTES) {
    const time = codes.readUIntBE(at, 6);
    least = Math.min(least, time);
    most = Math.max(most, time);
  }
  const range = { base: least, step: most };
  const header = { ...EMPTY_HEADER, kind: KIND.uuids, width: UUID_BYTES, hasNull: false, ...range };
  return { header, domain: null, codes };
}

function encodeMixedIds(values: readonly string[]): EncodedColumn {
  const codeOf = new Map<string, number>();
  const codes = Uint32Array.from(values, (value) => {
    const text = value.toWellFormed();
    const code = codeOf.get(text) ?? codeOf.size + 1;
    codeOf.set(text, code);
    return code;
  });
  return encodeTexts([...codeOf.keys()], codes);
}

const UUID_BYTES = 16;
/** Where the two digits of each byte stand in the text. */
const UUID_PLACES = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);
const DASH = '-'.charCodeAt(0);
const NO_DIGIT = 0x100;
const DIGITS = new Uint16Array(128).fill(NO_DIGIT);
for (const [value, digit] of [...'0123456789abcdef'].entries()) DIGITS[digit.charCodeAt(0)] = value;

/** False for what is no UUID in small letters. */
function writeUuid(text: string, into: Uint8Array, at: number): boolean {
  if (text.length !== 36) return false;
  let dashes = 0;
  for (let place = 8; place <= 23; place += 5) if (text.charCodeAt(place) === DASH) dashes++;
  if (dashes !== 4) return false;
  for (let index = 0; index < UUID_BYTES; index++) {
    const place = UUID_PLACES[index]!;
    const high = DIGITS[text.charCodeAt(place)] ?? NO_DIGIT;
    const low = DIGITS[text.charCodeAt(place + 1)] ?? NO_DIGIT;
    if ((high | low) >= NO_DIGIT) return false;
    into[at + index] = (high << 4) | low;
  }
  return true;
}

/**
 * Null for a text that would not come back the same from its entries: its row stays out of the block.
 */
export function splitMetadata(text: string): string[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const entries = Object.entries(parsed);
  if (entries.some(([, value]) => !['string', 'number', 'boolean'].includes(typeof value))) return null;
  const fragments = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{${fragments.join(',')}}` === text ? fragments : null;
}

/**
 * The domain is four numbers (see below), where each set begins, the entries of the sets, the texts of entries. Sets
 * are numbered as they come.
 */
export function encodeMetadata(texts: readonly string[], of: Uint32Array): EncodedColumn {
  const sets: (readonly string[])[] = [];
  const fragments = new Set<string>();
  const setOf = new Uint32Array(texts.length + 1);
  for (const code of of) {
    if (code === 0 || setOf[code] !== 0) continue;
    const set = splitMetadata(texts[code - 1]!) ?? [];
    setOf[code] = sets.push(set);
    for (const fragment of set) fragments.add(fragment);
  }
  if (sets.length === 0) return EMPTY;
  const codes = listOfCodes(of.length, sets.length);
  for (let index = 0; index < of.length; index++) codes[index] = setOf[of[index]!]!;
  const distinct = sortTexts([...fragments]);
  const codeOf = new Map(distinct.map((fragment, index) => [fragment, index]));
  const starts = [0];
  const members: number[] = [];
  for (const set of sets) {
    for (const fragment of set) members.push(codeOf.get(fragment)!);
    starts.push(members.length);
  }
  const width = widthOf(Math.max(members.length, distinct.length)) === 4 ? 4 : 2;
  const lists = packCodes([...starts, ...members], width === 4 ? 0x1_0000 : 0xffff).bytes;
  const packed = packTexts(distinct);
  const head = Uint32Array.from([sets.length, distinct.length, width, members.length]);
  // Texts begin with numbers of four bytes.
  const textsAt = Math.ceil((head.byteLength + lists.length) / 4) * 4;
  const domain = new Uint8Array(textsAt + packed.length);
  domain.set(new Uint8Array(head.buffer));
  domain.set(lists, head.byteLength);
  domain.set(packed, textsAt);
  return finish({ kind: KIND.metadata }, domain, codes, sets.length, codes.includes(0));
}

function listOfCodes(rows: number, largest: number): Codes {
  const width = widthOf(largest);
  return width === 1 ? new Uint8Array(rows) : width === 2 ? new Uint16Array(rows) : new Uint32Array(rows);
}

function finish(
  header: Pick<ColumnHeader, 'kind'> & Partial<ColumnHeader>,
  domain: Uint8Array | null,
  codes: Codes,
  largest: number,
  hasNull: boolean,
): EncodedColumn {
  const whole = { ...EMPTY_HEADER, ...header, codes: largest, hasNull };
  if (largest === 1 && !hasNull) return { header: { ...whole, width: 0 }, domain, codes: null };
  return {
    header: { ...whole, width: codes.BYTES_PER_ELEMENT },
    domain,
    codes: new Uint8Array(codes.buffer),
  };
}
