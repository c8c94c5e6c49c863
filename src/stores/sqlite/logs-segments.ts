import type { BodyRange } from '../../core/stores/bodies.ts';
import type { SegmentProgress, SegmentState } from '../../core/stores/log-writer.ts';
import type { Database, Statement } from './database.ts';

interface Added {
  rows: number;
  firstSeq: number;
  lastSeq: number;
}

const SHRINK = ['no', 'later', 'now'] as const;
const SHRINK_LATER = 1;
const SHRINK_NOW = 2;

/** What is known of the spool's segments: how far they were taken over, and which rows still need their bodies. */
export class SegmentTable {
  readonly #database: Database;
  readonly #added = new Map<number, Added>();
  readonly #progress: Statement;
  readonly #count: Statement;
  readonly #removed: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#progress = database.prepare(
      `INSERT INTO segments (segment, taken_bytes, finished, row_count, live_row_count) VALUES (?, ?, ?, 0, 0)
       ON CONFLICT (segment) DO UPDATE SET taken_bytes = excluded.taken_bytes, finished = excluded.finished`,
    );
    this.#count = database.prepare(
      `UPDATE segments SET row_count = row_count + ?, live_row_count = live_row_count + ?,
         first_seq = min(coalesce(first_seq, ?), ?), last_seq = max(coalesce(last_seq, ?), ?)
       WHERE segment = ?`,
    );
    this.#removed = database.prepare(
      `UPDATE segments SET live_row_count = live_row_count - ?, shrink = max(shrink, ?) WHERE segment = ?`,
    );
  }

  /** Notes a row with bodies; stored by write(). */
  added(segment: number, seq: number): void {
    const known = this.#added.get(segment);
    if (known === undefined) {
      this.#added.set(segment, { rows: 1, firstSeq: seq, lastSeq: seq });
      return;
    }
    known.rows++;
    known.firstSeq = Math.min(known.firstSeq, seq);
    known.lastSeq = Math.max(known.lastSeq, seq);
  }

  /** Within the transaction of the rows. */
  write(progress: SegmentProgress): void {
    this.#progress.run(progress.segment, progress.offset, progress.finished ? 1 : 0);
    for (const [segment, { rows, firstSeq, lastSeq }] of this.#added) {
      this.#count.run(rows, rows, firstSeq, firstSeq, lastSeq, lastSeq, segment);
    }
    this.#added.clear();
  }

  discard(): void {
    this.#added.clear();
  }

  /** Rows of the segment were removed; within their transaction. */
  removed(segment: number, rows: number, atOnce: boolean): void {
    this.#removed.run(rows, atOnce ? SHRINK_NOW : SHRINK_LATER, segment);
  }

  all(): SegmentState[] {
    return this.#database
      .prepare('SELECT * FROM segments ORDER BY segment')
      .all()
      .map((row) => ({
        segment: Number(row.segment),
        offset: Number(row.taken_bytes),
        finished: row.finished === 1,
        rows: Number(row.row_count),
        liveRows: Number(row.live_row_count),
        sealed: row.sealed === 1,
        shrink: SHRINK[Number(row.shrink)] ?? 'later',
      }));
  }

  liveBodies(segment: number): BodyRange[] {
    return this.#database
      .prepare(
        `SELECT body_at, coalesce(request_length, 0) + coalesce(response_length, 0) AS length FROM records
         WHERE seq BETWEEN (SELECT first_seq FROM segments WHERE segment = ?1)
                       AND (SELECT last_seq FROM segments WHERE segment = ?1)
           AND segment = ?1 AND coalesce(request_length, 0) + coalesce(response_length, 0) > 0
         ORDER BY body_at`,
      )
      .all(segment)
      .map((row) => ({ at: Number(row.body_at), length: Number(row.length) }));
  }

  markSealed(segment: number): void {
    this.#database
      .prepare('UPDATE segments SET sealed = 1, shrink = 0, row_count = live_row_count WHERE segment = ?')
      .run(segment);
  }

  forget(segment: number): void {
    this.#database.prepare('DELETE FROM segments WHERE segment = ?').run(segment);
  }
}
