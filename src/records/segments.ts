import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const SUFFIX = '.spool';

/** Segment numbers come from the clock, so that they stay unique when all segments are gone. */
export function segmentPath(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(14, '0')}${SUFFIX}`);
}

/** Numbers of the segments in the folder, ascending; other files are none of our business. */
export function listSegments(folder: string): number[] {
  const found: number[] = [];
  for (const name of readdirSync(folder)) {
    if (/^\d{14}\.spool$/.test(name)) found.push(Number(name.slice(0, 14)));
  }
  return found.sort((a, b) => a - b);
}
