import type { SemanticSelection } from '../../core/stores/semantic.ts';
import type { Database, Row, Statement } from './database.ts';
import type { BatchLine } from './semantic-messages.ts';
import { entryKey, gatewayKey, SEMANTIC_PAGE_BYTES, type SemanticHead, worthOf } from './semantic-schema.ts';

export interface SemanticRow {
  readonly number: number;
  readonly line: BatchLine;
  readonly vector: Uint8Array;
  readonly body: Uint8Array;
}

/** Rows that are no longer there. */
export interface GoneRows {
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly keys: BigUint64Array<ArrayBuffer>;
}

// Freed pages are given back when they are more than this share of the file; fewer are soon used again.
const MOST_FREE_SHARE = 0.1;
const PAGES_AT_ONCE = 1000;

/** The write side of `semantic.db`. Which entries stay is not decided here: who searches knows them all. */
export class SemanticRows {
  readonly #database: Database;
  readonly #insert: Statement;
  readonly #insertVector: Statement;
  readonly #insertAnswer: Statement;
  readonly #same: Statement;
  readonly #deletions: readonly Statement[];
  readonly #addHits: Statement;
  readonly #select: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#insert = database.prepare(
      `INSERT INTO entries
         (number, key, id, gateway, partition, stored_at, expires_at, size, worth, head, text)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#insertVector = database.prepare('INSERT INTO vectors (number, vector) VALUES (?, ?)');
    this.#insertAnswer = database.prepare('INSERT INTO answers (number, headers, body) VALUES (?, ?, ?)');
    this.#same = database.prepare('SELECT number, key FROM entries WHERE key = ? OR id = ?');
    this.#deletions = ['entries', 'vectors', 'answers', 'hits'].map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE number = ?`),
    );
    this.#addHits = database.prepare(
      `INSERT INTO hits (number, hits) SELECT number, ?2 FROM entries WHERE id = ?1
       ON CONFLICT (number) DO UPDATE SET hits = hits + excluded.hits`,
    );
    this.#select = database.prepare(
      `SELECT number, key FROM entries
       WHERE gateway = ?1 AND number <= ?2
         AND (?3 IS NULL OR id = ?3)
         AND (?4 IS NULL OR partition = ?4)
         AND (?5 IS NULL OR stored_at < ?5)
         AND (?6 IS NULL OR head ->> '$.provider' = ?6)
         AND (?7 IS NULL OR head ->> '$.model' = ?7)
       LIMIT ?8`,
    );
  }

  get lastNumber(): number {
    const row = this.#database.prepare('SELECT max(number) AS last FROM entries').get();
    return Number(row?.last ?? 0);
  }

  /** In pages that hold something. */
  get usedBytes(): number {
    const { pages, free } = this.#pages();
    return (pages - free) * SEMANTIC_PAGE_BYTES;
  }

  /** Writes a batch in one transaction; returns the rows that had to make place. */
  put(batch: readonly SemanticRow[]): GoneRows {
    return this.#database.transaction(() => {
      const replaced: Row[] = [];
      for (const { number, line, vector, body } of batch) {
        const { entry, headers, size } = line;
        const { id, account, gateway, partition, storedAt, expiresAt, text, ...rest } = entry;
        const key = entryKey(partition, text);
        for (const row of this.#same.all(key, id)) {
          replaced.push(row);
          this.#delete(Number(row.number));
        }
        const { recordId, costNanos, durationMs, model, provider } = rest;
        const head: SemanticHead = { recordId, costNanos, durationMs, model, provider };
        const name = gatewayKey(account, gateway);
        const places = [number, key, id, name, partition, storedAt, expiresAt, size] as const;
        this.#insert.run(...places, worthOf(entry), JSON.stringify(head), text);
        this.#insertVector.run(number, vector);
        this.#insertAnswer.run(number, JSON.stringify(headers), body);
      }
      return goneRows(replaced);
    });
  }

  addHits(hits: ReadonlyMap<string, number>): void {
    this.#database.transaction(() => {
      for (const [id, count] of hits) this.#addHits.run(id, count);
    });
  }

  /** Removes some of the selected rows with a number up to `upTo`, `most` at once. */
  remove(
    { account, gateway, id, partition, storedBefore, provider = null, model = null }: SemanticSelection,
    upTo: number,
    most: number,
  ): GoneRows {
    return this.#database.transaction(() => {
      const name = gatewayKey(account, gateway);
      const wanted = [id, partition, storedBefore, provider, model] as const;
      const rows = this.#select.all(name, upTo, ...wanted, most);
      for (const row of rows) this.#delete(Number(row.number));
      return goneRows(rows);
    });
  }

  forget(numbers: Float64Array): void {
    this.#database.transaction(() => {
      for (const number of numbers) this.#delete(number);
    });
  }

  /** Returns some freed pages to the file system; true when there are more that should be. */
  giveBack(all: boolean): boolean {
    const { pages, free } = this.#pages();
    const kept = all ? 0 : pages * MOST_FREE_SHARE;
    if (free <= kept) return false;
    this.#database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
    return free - PAGES_AT_ONCE > kept;
  }

  #pages(): { readonly pages: number; readonly free: number } {
    const pages = this.#database.prepare('PRAGMA page_count').get()?.page_count;
    const free = this.#database.prepare('PRAGMA freelist_count').get()?.freelist_count;
    return { pages: Number(pages ?? 0), free: Number(free ?? 0) };
  }

  #delete(number: number): void {
    for (const statement of this.#deletions) statement.run(number);
  }
}

function goneRows(rows: readonly Row[]): GoneRows {
  return {
    numbers: Float64Array.from(rows, (row) => Number(row.number)),
    keys: BigUint64Array.from(rows, (row) => keyNumber(row.key as Uint8Array)),
  };
}

/** A key of 8 bytes as the index has it. */
export const keyNumber = (key: Uint8Array): bigint =>
  Buffer.from(key.buffer, key.byteOffset, key.byteLength).readBigUInt64LE();
