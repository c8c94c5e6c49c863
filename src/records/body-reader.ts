import { closeSync, openSync } from 'node:fs';
import type { BodyRange, BodyStore } from '../core/stores/bodies.ts';
import { readFully } from './segment-reader.ts';
import { segmentPath } from './segments.ts';

/** Reads a body wherever it is at the moment; null when it is nowhere. */
export function readBody(
  bodies: BodyStore,
  spoolFolder: string,
  segment: number,
  range: BodyRange,
): Buffer | null {
  // Packed last: it may have been moved between the first look and the second.
  return (
    bodies.read(segment, range) ??
    readRaw(segmentPath(spoolFolder, segment), range) ??
    bodies.read(segment, range)
  );
}

function readRaw(path: string, range: BodyRange): Buffer | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    const bytes = Buffer.allocUnsafe(range.length);
    return readFully(descriptor, bytes, 0, range.length, range.at) === range.length ? bytes : null;
  } finally {
    closeSync(descriptor);
  }
}
