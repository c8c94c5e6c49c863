/**
 * The inner loop of the search as WebAssembly with 128-bit SIMD: plain JavaScript needs more than ten times as long.
 * It is made here, instruction by instruction, so that what runs can be read.
 *
 * A record is 16 bytes of head (f32 scale, u32 slot, i32 bias, 4 unused) and one i8 for each dimension, padded with
 * zeros to a multiple of 32.
 *
 * Processors multiply signed bytes with unsigned ones, four at once into each sum (VNNI on x86, SDOT on ARM; the
 * relaxed instruction is exact when the unsigned ones are below 128). The query is therefore 14 bits without a sign, in
 * two halves of 7: for every 16 dimensions 16 bytes of upper halves, then 16 of lower ones. What was added to make it
 * so, QUERY_BIAS for each dimension, comes back off by the bias of the record: its sum times QUERY_BIAS. All of it is
 * counted modulo 2³², and the result has its place in 32 bits.
 */

/** A scan of `count` records; returns how many candidates (u32 slot, f32 upper) it wrote to `out`. */
export type ScanRecords = (
  records: number,
  count: number,
  recordBytes: number,
  /** Padded to a multiple of 32. */
  dimensions: number,
  query: number,
  /** Cosine of one unit of the query and a scale of 1. */
  queryScale: number,
  /** Candidates have an upper bound of it at least. */
  threshold: number,
  out: number,
) => number;

export const RECORD_HEAD_BYTES = 16;

/** Added to each number of the query. */
export const QUERY_BIAS = 8192;
export const HALF_BITS = 7;
/** Records that are looked at together: each piece of the query is loaded once for all of them. */
const GROUP = 4;

/**
 * How far the true cosine may lie above that of the compressed vector, in scales of the vector. Rounding a component
 * errs by scale/√12 (standard deviation), and so does the product with a vector of length 1: this is seven times that.
 */
export const MARGIN_SCALES = 2;

const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const VOID = 0x40;

/** Unsigned LEB128. */
function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

const SIMD = 0xfd;
/** Address from the stack, plus a constant; alignment is a hint only. */
const at = (offset: number): number[] => [0, ...leb(offset)];
const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
/** Signed LEB128, of 0 to 8191: two bytes, so that no sign can be seen in them. */
const i32 = (value: number): number[] => [0x41, (value & 0x7f) | 0x80, value >> 7];
const f32 = (value: number): number[] => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)];
const loadI32 = (offset: number): number[] => [0x28, ...at(offset)];
const loadF32 = (offset: number): number[] => [0x2a, ...at(offset)];
const storeI32 = (offset: number): number[] => [0x36, ...at(offset)];
const storeF32 = (offset: number): number[] => [0x38, ...at(offset)];
const i32Ne = 0x47;
const i32LtS = 0x48;
const i32Add = 0x6a;
const i32Sub = 0x6b;
const i32ShrU = 0x76;
const f32Ge = 0x60;
const f32Add = 0x92;
const f32Mul = 0x94;
const f32ConvertI32 = 0xb2;
const block = [0x02, VOID];
const loop = [0x03, VOID];
const when = [0x04, VOID];
const branch = (depth: number): number[] => [0x0c, depth];
const branchIf = (depth: number): number[] => [0x0d, depth];
const end = 0x0b;
const v128Load = (offset: number): number[] => [SIMD, 0x00, ...at(offset)];
const v128Zero = [SIMD, 0x0c, ...new Uint8Array(16)];
const lane = (index: number): number[] => [SIMD, 0x1b, index];
const i32x4Shl = [SIMD, ...leb(0xab)];
const i32x4Add = [SIMD, ...leb(0xae)];
/** Products of i8 and u7, four neighbours added up, added to four i32. */
const i32x4RelaxedDotAdd = [SIMD, ...leb(0x113)];

const PARAMETERS = [I32, I32, I32, I32, I32, F32, F32, I32];
const [RECORDS, COUNT, RECORD_BYTES, DIMENSIONS, QUERY, QUERY_SCALE, THRESHOLD, OUT] = [
  0, 1, 2, 3, 4, 5, 6, 7,
] as const;
const [START, STOP, Q] = [8, 9, 10] as const;
/** One for each record of a group: its place, and the sums with both halves of the query. */
const place = (record: number): number => 11 + record;
const UPPER = 11 + GROUP;
const [UPPER_HALF, LOWER_HALF, STORED] = [UPPER + 1, UPPER + 2, UPPER + 3] as const;
const upperSum = (record: number): number => UPPER + 4 + record;
const lowerSum = (record: number): number => UPPER + 4 + GROUP + record;
const LOCALS = [
  [3 + GROUP, I32],
  [1, F32],
  [3 + 2 * GROUP, V128],
] as const;

const step = (local: number, by: readonly number[]): number[] => [
  ...get(local),
  ...by,
  i32Add,
  ...set(local),
];

/** The query's 16 numbers at `piece`, times those of each record. */
const sixteen = (records: readonly number[], piece: number): number[] => [
  ...[...get(Q), ...v128Load(32 * piece), ...set(UPPER_HALF)],
  ...[...get(Q), ...v128Load(32 * piece + 16), ...set(LOWER_HALF)],
  ...records.flatMap((record) => [
    ...[...get(place(record)), ...v128Load(16 * piece), ...set(STORED)],
    ...[...get(STORED), ...get(UPPER_HALF), ...get(upperSum(record)), ...i32x4RelaxedDotAdd],
    ...set(upperSum(record)),
    ...[...get(STORED), ...get(LOWER_HALF), ...get(lowerSum(record)), ...i32x4RelaxedDotAdd],
    ...set(lowerSum(record)),
  ]),
];

/** Says whether the record at RECORDS is a candidate, and goes on to the next one. */
const judge = (record: number): number[] => [
  ...[...get(upperSum(record)), ...i32(HALF_BITS), ...i32x4Shl, ...get(lowerSum(record)), ...i32x4Add],
  ...set(STORED),
  ...[...get(STORED), ...lane(0), ...get(STORED), ...lane(1), i32Add],
  ...[...get(STORED), ...lane(2), i32Add, ...get(STORED), ...lane(3), i32Add],
  ...[...get(RECORDS), ...loadI32(8), i32Sub],
  // upper = (sum * queryScale + margin) * scale
  ...[f32ConvertI32, ...get(QUERY_SCALE), f32Mul, ...f32(MARGIN_SCALES), f32Add],
  ...[...get(RECORDS), ...loadF32(0), f32Mul, ...set(UPPER)],
  ...[...get(UPPER), ...get(THRESHOLD), f32Ge],
  ...when,
  ...[...get(OUT), ...get(RECORDS), ...loadI32(4), ...storeI32(0)],
  ...[...get(OUT), ...get(UPPER), ...storeF32(4)],
  ...step(OUT, i32(8)),
  end,
  ...step(RECORDS, get(RECORD_BYTES)),
];

/** Looks at so many records at once as long as there are as many. */
function lookAt(count: number): number[] {
  const records = Array.from({ length: count }, (_, record) => record);
  const placeOf = (record: number): number[] =>
    record === 0
      ? [...get(RECORDS), ...i32(RECORD_HEAD_BYTES), i32Add]
      : [...get(place(record - 1)), ...get(RECORD_BYTES), i32Add];
  return [
    ...block,
    ...loop,
    // Too few are left: out of block and loop.
    ...[...get(COUNT), ...i32(count), i32LtS, ...branchIf(1)],
    ...records.flatMap((record) => [
      ...[...v128Zero, ...set(upperSum(record)), ...v128Zero, ...set(lowerSum(record))],
      ...[...placeOf(record), ...set(place(record))],
    ]),
    ...[...get(place(0)), ...get(DIMENSIONS), i32Add, ...set(STOP)],
    ...[...get(QUERY), ...set(Q)],
    ...loop,
    ...[...sixteen(records, 0), ...sixteen(records, 1)],
    ...records.flatMap((record) => step(place(record), i32(32))),
    ...step(Q, i32(64)),
    ...[...get(place(0)), ...get(STOP), i32Ne, ...branchIf(0)],
    end,
    ...records.flatMap(judge),
    ...[...get(COUNT), ...i32(count), i32Sub, ...set(COUNT)],
    ...branch(0),
    end,
    end,
  ];
}

const BODY = [
  ...[...get(OUT), ...set(START)],
  ...[...lookAt(GROUP), ...lookAt(1)],
  // Eight bytes each.
  ...[...get(OUT), ...get(START), i32Sub, ...i32(3), i32ShrU],
  end,
];

const text = (value: string): number[] => [...leb(value.length), ...Buffer.from(value)];
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...leb(content.length),
  ...content,
];
const list = (...items: readonly (readonly number[])[]): number[] => [...leb(items.length), ...items.flat()];

/** The module: imports the memory `index.memory`, exports `scan`. */
export function scanModuleBytes(): Uint8Array<ArrayBuffer> {
  const code = [...list(...LOCALS.map(([count, type]) => [count, type])), ...BODY];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list([0x60, ...list(...PARAMETERS.map((type) => [type])), 1, I32])),
    // A memory of one page at least.
    ...section(2, list([...text('index'), ...text('memory'), 0x02, 0x00, 1])),
    ...section(3, list([0])),
    ...section(7, list([...text('scan'), 0x00, 0])),
    ...section(10, list([...leb(code.length), ...code])),
  ]);
}
