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

/** Accepted instants in an append-only file. A line is written in the turn of the event loop in which its request was accepted. */
export class FileCounterJournal {
  readonly #path: string;
  readonly #health: Health;
  #file: number;
  #bytes: number;
  #rewrittenBytes = 0;
  #waiting = '';
  #flushing: NodeJS.Immediate | null = null;
  #lastMs = 0;

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
    this.#lastMs = line.atMs;
    this.#waiting += textOf(line);
    // One write for all requests of a turn of the event loop, before any of their sockets is read again.
    this.#flushing ??= setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#flushing) clearImmediate(this.#flushing);
    this.#flushing = null;
    if (this.#waiting === '') return;
    const text = this.#waiting;
    this.#waiting = '';
    try {
      this.#bytes += writeSync(this.#file, text);
      if (this.#health.isDegraded('counters')) this.#health.recover('counters');
    } catch (error) {
      const message = `rate counts are in memory only: ${(error as Error).message}`;
      this.#health.degrade('counters', message, this.#lastMs);
      this.#health.count('counter_writes_lost');
    }
  }

  get isLong(): boolean {
    const bytes = this.#bytes + this.#waiting.length;
    return bytes > LONG_BYTES && bytes > 2 * this.#rewrittenBytes;
  }

  rewrite(live: Iterable<Line>): void {
    this.#flush();
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
    this.#flush();
    closeSync(this.#file);
  }
}
