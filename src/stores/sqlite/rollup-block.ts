import { addCount as addToCell, type Cell } from '../../core/analytics/aggregation.ts';
import { DISTRIBUTIONS, SUMS } from '../../core/analytics/facts.ts';
import { ByteReader, ByteWriter } from './rollup-bytes.ts';

/** Stands for all values that no longer fit. No value that is grouped by has a NUL, see groupText. */
export const OTHER = '\u0000';
export type KeyPart = string | null;

/** Buckets and counts in turn. There are few of them: finding one means looking through them. */
export type CountList = number[];

export interface BlockEntry {
  readonly key: readonly KeyPart[];
  readonly sums: Float64Array;
  readonly counts: readonly CountList[];
}

/** The figures of one record or of one entry, to be added to others. */
export interface Figures {
  readonly sums: ArrayLike<number>;
  readonly counts: readonly (readonly number[])[];
}

export function newEntry(key: readonly KeyPart[]): BlockEntry {
  return { key, sums: new Float64Array(SUMS), counts: DISTRIBUTIONS.map(() => []) };
}

export function addFigures(entry: BlockEntry, { sums, counts }: Figures, sign: 1 | -1 = 1): void {
  for (let index = 0; index < SUMS; index++) entry.sums[index]! += sign * sums[index]!;
  for (let index = 0; index < counts.length; index++) {
    const from = counts[index]!;
    const into = entry.counts[index]!;
    for (let at = 0; at < from.length; at += 2) addCount(into, from[at]!, sign * from[at + 1]!);
  }
}

export function addCount(list: CountList, bucket: number, by: number): void {
  for (let at = 0; at < list.length; at += 2) {
    if (list[at] === bucket) {
      list[at + 1]! += by;
      return;
    }
  }
  list.push(bucket, by);
}

const FORMAT = 1;

/**
 * A block in bytes: the texts once, then each entry as numbers of these, the figures that are not 0, and the counts.
 * Everything is in variable-length integers: most figures of a minute are small.
 */
export function encodeBlock(entries: Iterable<BlockEntry>, size: number): Uint8Array {
  const numbers = new Map<string, number>();
  const body = new ByteWriter();
  for (const { key, sums, counts } of entries) {
    for (const part of key) body.integer(part === null ? 0 : part === OTHER ? 1 : numberOf(numbers, part));
    writeSums(body, sums);
    for (const list of counts) {
      let used = 0;
      for (let at = 1; at < list.length; at += 2) if (list[at]! > 0) used++;
      body.integer(used);
      for (let at = 0; at < list.length; at += 2) {
        if (list[at + 1]! <= 0) continue;
        body.integer(list[at]!);
        body.integer(list[at + 1]!);
      }
    }
  }
  const head = new ByteWriter();
  head.integer(FORMAT);
  head.integer(numbers.size);
  for (const text of numbers.keys()) head.text(text);
  head.integer(size);
  head.bytes(body.written());
  return head.written().slice();
}

function numberOf(numbers: Map<string, number>, text: string): number {
  let number = numbers.get(text);
  if (number === undefined) {
    number = numbers.size + 2;
    numbers.set(text, number);
  }
  return number;
}

function writeSums(body: ByteWriter, sums: Float64Array): void {
  let whole = 0;
  let broken = 0;
  for (let index = 0; index < SUMS; index++) {
    const value = sums[index]!;
    if (value === 0) continue;
    if (value > 0 && Number.isSafeInteger(value)) whole |= 1 << index;
    else broken |= 1 << index;
  }
  body.integer(whole);
  body.integer(broken);
  for (let index = 0; index < SUMS; index++) {
    if ((whole & (1 << index)) !== 0) body.integer(sums[index]!);
    if ((broken & (1 << index)) !== 0) body.float(sums[index]!);
  }
}

interface OpenBlock {
  readonly reader: ByteReader;
  /** By their numbers. */
  readonly texts: readonly KeyPart[];
  readonly size: number;
}

function openBlock(bytes: Uint8Array): OpenBlock {
  const reader = new ByteReader(bytes);
  const format = reader.integer();
  if (format !== FORMAT) throw new Error(`a block of roll-ups has the unknown format ${format}`);
  const texts: KeyPart[] = [null, OTHER];
  for (let left = reader.integer(); left > 0; left--) texts.push(reader.text());
  return { reader, texts, size: reader.integer() };
}

function readSums(reader: ByteReader, sums: Float64Array): void {
  const whole = reader.integer();
  const broken = reader.integer();
  for (let index = 0; index < SUMS; index++) {
    if ((whole & (1 << index)) !== 0) sums[index] = reader.integer();
    else sums[index] = (broken & (1 << index)) === 0 ? 0 : reader.float();
  }
}

/** Visits all entries. What is handed over is used again for the next one. */
export function visitBlock(
  bytes: Uint8Array,
  keyLength: number,
  visit: (key: readonly KeyPart[], figures: Figures) => void,
): void {
  const { reader, texts, size } = openBlock(bytes);
  const key: KeyPart[] = new Array<KeyPart>(keyLength).fill(null);
  const sums = new Float64Array(SUMS);
  const counts: number[][] = DISTRIBUTIONS.map(() => []);
  const figures = { sums, counts };
  for (let left = size; left > 0; left--) {
    for (let part = 0; part < keyLength; part++) key[part] = texts[reader.integer()]!;
    readSums(reader, sums);
    for (const list of counts) {
      list.length = 0;
      for (let pairs = reader.integer(); pairs > 0; pairs--) list.push(reader.integer(), reader.integer());
    }
    visit(key, figures);
  }
}

/** Where the figures of an entry go, and whether they are added or taken away. */
export interface Target {
  readonly cell: Cell;
  readonly sign: 1 | -1;
}

/**
 * Adds all entries to cells. `targetsOf` is asked once for all entries that are alike in the `parts` of their keys:
 * adding is then all that is done per entry.
 */
export function sumBlock(
  bytes: Uint8Array,
  keyLength: number,
  parts: readonly number[],
  withCounts: boolean,
  targetsOf: (key: readonly KeyPart[]) => readonly Target[],
): void {
  const { reader, texts, size } = openBlock(bytes);
  const numbers = new Array<number>(keyLength).fill(0);
  const sums = new Float64Array(SUMS);
  const known = new Map<number, readonly Target[]>();
  const isCodable = texts.length ** parts.length < Number.MAX_SAFE_INTEGER;
  for (let left = size; left > 0; left--) {
    for (let part = 0; part < keyLength; part++) numbers[part] = reader.integer();
    let code = 0;
    for (const part of parts) code = code * texts.length + numbers[part]!;
    let targets = isCodable ? known.get(code) : undefined;
    if (targets === undefined) {
      targets = targetsOf(numbers.map((number) => texts[number]!));
      if (isCodable) known.set(code, targets);
    }
    readSums(reader, sums);
    for (const { cell, sign } of targets) {
      for (let index = 0; index < SUMS; index++) cell.sums[index]! += sign * sums[index]!;
    }
    for (let distribution = 0; distribution < DISTRIBUTIONS.length; distribution++) {
      for (let pairs = reader.integer(); pairs > 0; pairs--) {
        const bucket = reader.integer();
        const count = reader.integer();
        if (!withCounts) continue;
        for (const { cell, sign } of targets) addToCell(cell, distribution, bucket, sign * count);
      }
    }
  }
}

export function addFiguresTo(
  targets: readonly Target[],
  { sums, counts }: Figures,
  withCounts: boolean,
): void {
  for (const { cell, sign } of targets) {
    for (let index = 0; index < SUMS; index++) cell.sums[index]! += sign * sums[index]!;
    if (!withCounts) continue;
    for (const [distribution, list] of counts.entries()) {
      for (let at = 0; at < list.length; at += 2)
        addToCell(cell, distribution, list[at]!, sign * list[at + 1]!);
    }
  }
}
