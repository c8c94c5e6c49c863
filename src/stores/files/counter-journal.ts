import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { Health } from '../../core/health.ts';

interface Line {
  readonly subject: string;
  readonly atMs: number;
  readonly intervalMs: number;
  readonly count: number;
}

const textOf = ({ subject, atMs, intervalMs, count }: Line): string =>
  `${atMs} ${intervalMs} ${count} ${subject}\n`;

// A line is `<epoch ms> <interval ms> <count> <subject>\n`. Text, so that a torn last line is seen and skipped.
const LONG_BYTES = 4 * 1024 * 1024;

/** Accepted instants in an append-only file. A line is written before the request goes out; kill -9 loses none. */
export class FileCounterJournal {
  readonly #path: string;
  readonly #health: Health;
  #file: number;
  #bytes: number;
  #rewrittenBytes = 0;

  constructor(path: string, health: Health) {
    this.#path = path;
    this.#health = health;
    this.#bytes = existsSync(path) ? readFileSync(path).length : 0;
    this.#file = openSync(path, 'a', 0o600);
    // A torn last line must not swallow the next one.
    if (this.#bytes > 0) writeSync(this.#file, '\n');
  }

  replay(visit: (line: Line) => void): void {
    for (const line of readFileSync(this.#path, 'utf8').split('\n')) {
      const parts = /^(\d{13}) (\d+) (\d+) (\S+)$/.exec(line);
      if (parts)
        visit({
          subject: parts[4]!,
          atMs: Number(parts[1]),
          intervalMs: Number(parts[2]),
          count: Number(parts[3]),
        });
    }
  }

  append(line: Line): void {
    try {
      this.#bytes += writeSync(this.#file, textOf(line));
      if (this.#health.isDegraded('counters')) this.#health.recover('counters');
    } catch (error) {
      this.#health.degrade(
        'counters',
        `rate counts are in memory only: ${(error as Error).message}`,
        line.atMs,
      );
      this.#health.count('counter_writes_lost');
    }
  }

  get isLong(): boolean {
    return this.#bytes > LONG_BYTES && this.#bytes > 2 * this.#rewrittenBytes;
  }

  rewrite(live: Iterable<Line>): void {
    const fresh = `${this.#path}.new`;
    try {
      const file = openSync(fresh, 'w', 0o600);
      let text = '';
      let bytes = 0;
      for (const line of live) {
        text += textOf(line);
        if (text.length > 65536) {
          bytes += writeSync(file, text);
          text = '';
        }
      }
      bytes += writeSync(file, text);
      fsyncSync(file);
      renameSync(fresh, this.#path);
      closeSync(this.#file);
      this.#file = file;
      this.#bytes = bytes;
      this.#rewrittenBytes = bytes;
    } catch {
      // The long journal is as good as the short one; the next append reports what is wrong with the disk.
      this.#rewrittenBytes = this.#bytes;
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}
