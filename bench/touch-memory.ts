/**
 * Writes into most of the memory that is free, once, and gives it back. A virtual machine that was just started has most of
 * its memory yet to get from its host, page by page, at the first write: several times the price of the write itself, and
 * charged to whoever comes first. A machine that has been up for some days has none of that.
 * Runs as a process of its own: node bench/touch-memory.ts
 */
import { readFileSync } from 'node:fs';

const SHARE = 0.75;
const PAGE_BYTES = 4096;
const PIECE_BYTES = 256 * 1024 * 1024;

const available =
  Number(/^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) * 1024;
const pieces: Uint8Array[] = [];
for (let left = available * SHARE; left > PIECE_BYTES; left -= PIECE_BYTES) {
  const piece = new Uint8Array(PIECE_BYTES);
  for (let at = 0; at < piece.length; at += PAGE_BYTES) piece[at] = 1;
  pieces.push(piece);
}
console.log(JSON.stringify({ touchedMb: (pieces.length * PIECE_BYTES) / (1024 * 1024) }));
