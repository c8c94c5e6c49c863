import { BLOCK_ROWS } from './block-format.ts';

/**
 * Marks are bytes of 0 or 1, one for each row of a block; here four of them are taken at once. What stands outside of
 * `start` to `end` in the same word is touched too: nobody asks for it.
 */
const ONES = 0x0101_0101;

const free: Uint8Array<ArrayBuffer>[] = [];

/** Marks for positions up to `end`, with whatever was left in them; to be given back. */
export function borrowMarks(end: number): Uint8Array<ArrayBuffer> {
  const marks = free.pop();
  return marks !== undefined && marks.length >= end
    ? marks
    : new Uint8Array((Math.max(end, BLOCK_ROWS) + 3) & ~3);
}

export function giveBackMarks(marks: Uint8Array<ArrayBuffer>): void {
  free.push(marks);
}

export function andMarks(target: Uint8Array, other: Uint8Array, start: number, end: number): void {
  const [to, from] = [wordsOf(target), wordsOf(other)];
  for (let at = start >> 2; at < (end + 3) >> 2; at++) to[at]! &= from[at]!;
}

export function andNotMarks(target: Uint8Array, other: Uint8Array, start: number, end: number): void {
  const [to, from] = [wordsOf(target), wordsOf(other)];
  for (let at = start >> 2; at < (end + 3) >> 2; at++) to[at]! &= from[at]! ^ ONES;
}

export function orMarks(target: Uint8Array, other: Uint8Array, start: number, end: number): void {
  const [to, from] = [wordsOf(target), wordsOf(other)];
  for (let at = start >> 2; at < (end + 3) >> 2; at++) to[at]! |= from[at]!;
}

export function countMarks(marks: Uint8Array, start: number, end: number): number {
  const words = wordsOf(marks);
  const first = Math.min(end, (start + 3) & ~3);
  const last = Math.max(first, end & ~3);
  let count = 0;
  for (let position = start; position < first; position++) count += marks[position]!;
  for (let at = first >> 2; at < last >> 2; at++) count += Math.imul(words[at]!, ONES) >>> 24;
  for (let position = last; position < end; position++) count += marks[position]!;
  return count;
}

function wordsOf(marks: Uint8Array): Uint32Array {
  return new Uint32Array(marks.buffer, marks.byteOffset, marks.length >> 2);
}
