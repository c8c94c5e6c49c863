import type { CacheSelection } from '../../core/stores/cache.ts';
import type { CacheRow } from './cache-batch.ts';
import { type Database, openDatabase, type Statement } from './database.ts';

/** Raised with the layout. A file of version 2 is used as it is, with the larger index it has: see SAME_KEY. */
const CACHE_VERSION = 3;
const OLDEST_VERSION = 2;

/**
 * The row whose key is the first parameter. Keys are hashes: eight bytes of one are enough to find it by, and an index of
 * those has less than half the pages to be read and written. In a file of version 2 the whole key has an index.
 */
export const SAME_KEY = 'substr(key, -8) = substr(?1, -8) AND key = ?1';

export function openCacheDatabase(path: string): Database {
  const database = openDatabase(path, { incrementalVacuum: true });
  // Losing the newest entries in a power cut is no loss; syncing for them would be.
  database.exec('PRAGMA synchronous = OFF');
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version < OLDEST_VERSION || version > CACHE_VERSION) {
    database.exec(`
      DROP TABLE IF EXISTS entries;
      DROP TABLE IF EXISTS hits;
      CREATE TABLE entries (
        id INTEGER PRIMARY KEY,
        key BLOB NOT NULL,
        gateway TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        size INTEGER NOT NULL,
        head TEXT NOT NULL,
        body BLOB NOT NULL
      );
      CREATE UNIQUE INDEX entries_by_key ON entries (substr(key, -8));
      -- Lists and counts of a gateway are read off it without touching the rows, which are as long as answers.
      CREATE INDEX entries_of_gateway ON entries (gateway, size, expires_at);
      -- Apart from the rows, which would be written anew with their bodies.
      CREATE TABLE hits (
        entry INTEGER PRIMARY KEY,
        hits INTEGER NOT NULL
      );
      CREATE TRIGGER forget_hits AFTER DELETE ON entries BEGIN
        DELETE FROM hits WHERE entry = old.id;
      END;
      PRAGMA user_version = ${CACHE_VERSION};
    `);
  }
  return database;
}

// Pages of the journal: each that was written several times goes into the file once when it is taken over.
const LEAST_JOURNAL_PAGES = 4000;
const MOST_JOURNAL_PAGES = 16_000;
/** The journal's part of what the file may have. */
const JOURNAL_SHARE = 1 / 16;
const PAGE_BYTES = 4096;

// A row's share of its pages, keys and index beside head and body.
export const ROW_OVERHEAD_BYTES = 120;

/** The write side: inserts, and keeps the whole within a byte budget by dropping what was stored first. */
export class CacheRows {
  readonly #database: Database;
  readonly #budgetBytes: number;
  readonly #insert: Statement;
  readonly #sizeOf: Statement;
  readonly #oldest: Statement;
  readonly #remove: Statement;
  readonly #addHits: Statement;
  #bytes: number;
  #entries: number;

  constructor(database: Database, budgetBytes: number) {
    this.#database = database;
    this.#budgetBytes = budgetBytes;
    // In KiB. Keys are random: with less than the index of keys, each insert reads a page of it, and writes one to make room.
    database.exec('PRAGMA cache_size = -16000');
    const pages = Math.floor((budgetBytes * JOURNAL_SHARE) / PAGE_BYTES);
    database.exec(
      `PRAGMA wal_autocheckpoint = ${Math.min(MOST_JOURNAL_PAGES, Math.max(LEAST_JOURNAL_PAGES, pages))}`,
    );
    this.#insert = database.prepare(
      'INSERT OR IGNORE INTO entries (key, gateway, expires_at, size, head, body) VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?)',
    );
    this.#sizeOf = database.prepare(`SELECT id, size FROM entries WHERE ${SAME_KEY}`);
    this.#oldest = database.prepare('SELECT id, size FROM entries ORDER BY id LIMIT 64');
    this.#remove = database.prepare('DELETE FROM entries WHERE id = ?');
    this.#addHits = database.prepare(
      `INSERT INTO hits (entry, hits) SELECT id, ?2 FROM entries WHERE ${SAME_KEY}
       ON CONFLICT (entry) DO UPDATE SET hits = hits + excluded.hits`,
    );
    const sums = database
      .prepare('SELECT count(*) AS entries, coalesce(sum(size), 0) AS bytes FROM entries')
      .get();
    this.#bytes = Number(sums?.bytes ?? 0);
    this.#entries = Number(sums?.entries ?? 0);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get entries(): number {
    return this.#entries;
  }

  /** Keys of all entries, lower-case hex. */
  *keys(): Generator<string> {
    for (const row of this.#database.prepare('SELECT key FROM entries').iterate()) {
      yield Buffer.from(row.key as Uint8Array).toString('hex');
    }
  }

  /** Writes a batch in one transaction. */
  put(batch: Iterable<CacheRow>): void {
    this.#database.transaction(() => {
      for (const { key, gateway, expiresAt, head, headLength, body } of batch) {
        const size = headLength + body.length + ROW_OVERHEAD_BYTES;
        if (size > this.#budgetBytes / 4) {
          this.#removeKey(key);
          continue;
        }
        if (this.#insert.run(key, gateway, expiresAt, size, head, body).changes === 0) {
          this.#removeKey(key);
          // Another key with the same eight bytes, which is as good as never, keeps its place.
          if (this.#insert.run(key, gateway, expiresAt, size, head, body).changes === 0) continue;
        }
        this.#bytes += size;
        this.#entries++;
      }
      while (this.#bytes > this.#budgetBytes) {
        for (const row of this.#oldest.all()) {
          if (this.#bytes <= this.#budgetBytes) break;
          this.#drop(Number(row.id), Number(row.size));
        }
      }
    });
  }

  delete(key: string): void {
    this.#removeKey(Buffer.from(key, 'hex'));
    this.#giveBack();
  }

  purge(account: string, gateway: string): void {
    this.#removeWhere('gateway = ?', `${account}/${gateway}`);
  }

  purgeSome({ account, gateway, provider, model, storedBefore }: CacheSelection): number {
    return this.#removeWhere(
      `gateway = ?1
       AND (?2 IS NULL OR json_extract(head, '$.provider') = ?2)
       AND (?3 IS NULL OR json_extract(head, '$.model') = ?3)
       AND (?4 IS NULL OR json_extract(head, '$.storedAt') < ?4)`,
      `${account}/${gateway}`,
      provider,
      model,
      storedBefore,
    );
  }

  addHits(hits: ReadonlyMap<string, number>): void {
    this.#database.transaction(() => {
      for (const [key, count] of hits) this.#addHits.run(Buffer.from(key, 'hex'), count);
    });
  }

  sweep(nowMs: number): void {
    this.#removeWhere('expires_at <= ?', nowMs);
  }

  #removeWhere(condition: string, ...values: (string | number | null)[]): number {
    let removed = 0;
    this.#database.transaction(() => {
      const sums = this.#database
        .prepare(
          `SELECT count(*) AS entries, coalesce(sum(size), 0) AS bytes FROM entries WHERE ${condition}`,
        )
        .get(...values);
      this.#database.prepare(`DELETE FROM entries WHERE ${condition}`).run(...values);
      this.#bytes -= Number(sums?.bytes ?? 0);
      removed = Number(sums?.entries ?? 0);
      this.#entries -= removed;
    });
    this.#giveBack();
    return removed;
  }

  #removeKey(key: Uint8Array): void {
    const row = this.#sizeOf.get(key);
    if (row) this.#drop(Number(row.id), Number(row.size));
  }

  #drop(id: number, size: number): void {
    this.#remove.run(id);
    this.#bytes -= size;
    this.#entries--;
  }

  /** Returns freed pages to the file system. */
  #giveBack(): void {
    this.#database.exec('PRAGMA incremental_vacuum');
  }
}
