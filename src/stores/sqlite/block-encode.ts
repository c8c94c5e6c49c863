import {
  type ColumnHeader,
  EMPTY_HEADER,
  type EncodedColumn,
  KIND,
  packCodes,
  widthOf,
} from './block-format.ts';

const EMPTY: EncodedColumn = { header: EMPTY_HEADER, domain: null, codes: null };

export function encodeNumbers(values: readonly (number | null)[]): EncodedColumn {
  return encodeSpaced(values, 1) ?? encodeSpaced(values, 1000) ?? encodeNumberList(values);
}

/** Null when the values are not whole numbers over `scale`, or lie too far apart for a code. */
function encodeSpaced(values: readonly (number | null)[], scale: number): EncodedColumn | null {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let hasNull = false;
  const scaled = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value === null) {
      hasNull = true;
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
  for (let index = 0; index < values.length; index++) {
    if (values[index] !== null) step = greatestDivisor(scaled[index]! - least, step);
    if (step === 1) break;
  }
  if (step === 0) step = 1;
  const largest = (most - least) / step + 1;
  if (largest > 0xffff_ffff) return null;
  const codes = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) {
    codes[index] = values[index] === null ? 0 : (scaled[index]! - least) / step + 1;
  }
  return finish({ kind: KIND.spaced, base: least, step, scale }, null, codes, largest, hasNull);
}

function greatestDivisor(a: number, b: number): number {
  let [x, y] = [Math.abs(a), b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

function encodeNumberList(values: readonly (number | null)[]): EncodedColumn {
  const distinct = Float64Array.from(new Set(values.filter((value) => value !== null))).sort();
  const codeOf = new Map<number, number>();
  for (const [index, value] of distinct.entries()) codeOf.set(value, index + 1);
  const codes = values.map((value) => (value === null ? 0 : codeOf.get(value)!));
  const range = { base: distinct[0]!, step: distinct.at(-1)!, scale: 1 };
  const domain = new Uint8Array(distinct.buffer);
  return finish({ kind: KIND.numbers, ...range }, domain, codes, distinct.length, codes.includes(0));
}

export function encodeTexts(values: readonly (string | null)[]): EncodedColumn {
  const codeOf = new Map<string, number>();
  for (const value of values) if (value !== null) codeOf.set(value, 0);
  if (codeOf.size === 0) return EMPTY;
  const distinct = sortTexts([...codeOf.keys()]);
  for (const [index, text] of distinct.entries()) codeOf.set(text, index + 1);
  const codes = values.map((value) => (value === null ? 0 : codeOf.get(value)!));
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

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function encodeIds(
  values: readonly (string | null)[],
  ids: readonly (string | null)[],
): EncodedColumn {
  if (values !== ids && values.every((value, index) => value === ids[index])) {
    return { header: { ...EMPTY_HEADER, kind: KIND.sameAsId, hasNull: false }, domain: null, codes: null };
  }
  if (!values.every((value) => value !== null && UUID.test(value))) return encodeTexts(values);
  const codes = Buffer.alloc(values.length * 16);
  for (let index = 0; index < values.length; index++) {
    codes.write(values[index]!.replaceAll('-', ''), index * 16, 'hex');
  }
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let at = 0; at < codes.length; at += 16) {
    const time = codes.readUIntBE(at, 6);
    least = Math.min(least, time);
    most = Math.max(most, time);
  }
  const range = { base: least, step: most };
  const header = { ...EMPTY_HEADER, kind: KIND.uuids, width: 16, hasNull: false, ...range };
  return { header, domain: null, codes };
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

/** The domain is four numbers (see below), where each set begins, the entries of the sets, the texts of entries. */
export function encodeMetadata(texts: readonly (string | null)[]): EncodedColumn {
  const sets = new Map<string, { code: number; fragments: readonly string[] }>();
  const fragments = new Set<string>();
  const codes = texts.map((text) => {
    if (text === null) return 0;
    let set = sets.get(text);
    if (set === undefined) {
      set = { code: sets.size + 1, fragments: splitMetadata(text) ?? [] };
      sets.set(text, set);
      for (const fragment of set.fragments) fragments.add(fragment);
    }
    return set.code;
  });
  if (sets.size === 0) return EMPTY;
  const distinct = sortTexts([...fragments]);
  const codeOf = new Map(distinct.map((fragment, index) => [fragment, index]));
  const starts = [0];
  const members: number[] = [];
  for (const set of sets.values()) {
    for (const fragment of set.fragments) members.push(codeOf.get(fragment)!);
    starts.push(members.length);
  }
  const width = widthOf(Math.max(members.length, distinct.length)) === 4 ? 4 : 2;
  const lists = packCodes([...starts, ...members], width === 4 ? 0x1_0000 : 0xffff).bytes;
  const packed = packTexts(distinct);
  const head = Uint32Array.from([sets.size, distinct.length, width, members.length]);
  // Texts begin with numbers of four bytes.
  const textsAt = Math.ceil((head.byteLength + lists.length) / 4) * 4;
  const domain = new Uint8Array(textsAt + packed.length);
  domain.set(new Uint8Array(head.buffer));
  domain.set(lists, head.byteLength);
  domain.set(packed, textsAt);
  return finish({ kind: KIND.metadata }, domain, codes, sets.size, codes.includes(0));
}

function finish(
  header: Pick<ColumnHeader, 'kind'> & Partial<ColumnHeader>,
  domain: Uint8Array | null,
  codes: ArrayLike<number>,
  largest: number,
  hasNull: boolean,
): EncodedColumn {
  const whole = { ...EMPTY_HEADER, ...header, codes: largest, hasNull };
  if (largest === 1 && !hasNull) return { header: { ...whole, width: 0 }, domain, codes: null };
  const { width, bytes } = packCodes(codes, largest);
  return { header: { ...whole, width }, domain, codes: bytes };
}
