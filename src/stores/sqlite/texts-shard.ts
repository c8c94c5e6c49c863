import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { IndexedText } from '../../core/stores/log-texts.ts';
import { type Database, migrate, openDatabase, type Statement, type Value } from './database.ts';

/** What has become of a text: still there, its record is gone, its record was deleted by somebody who wants it gone. */
export const KEPT = 0;
export const REMOVED = 1;
export const PURGED = 2;

/**
 * Trigrams find any part of a word in any language; without positions they take a sixth of the space, so that what
 * they find has to be compared with the text itself. A text deleted leaves the pages of the index, too.
 */
export const SHARD_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE docs (
    seq INTEGER PRIMARY KEY,
    tag INTEGER NOT NULL,
    gateway_ref INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    fate INTEGER NOT NULL DEFAULT ${KEPT},
    preview TEXT,
    text ANY
  );
  CREATE INDEX docs_going ON docs (fate) WHERE fate > ${KEPT};
  CREATE VIRTUAL TABLE grams USING fts5(text, tokenize = 'trigram', detail = none, content = '');
  INSERT INTO grams (grams, rank) VALUES ('secure-delete', 1);
  CREATE TABLE state (name TEXT PRIMARY KEY, value ANY) WITHOUT ROWID;
  `,
];

/** Shorter texts do not shrink. */
const SMALLEST_PACKED = 256;

const PACKING = { level: 1, chunkSize: 16 * 1024 };

export type StoredText = string | Uint8Array | null;

export function packText(text: string): StoredText {
  if (text === '') return null;
  if (text.length < SMALLEST_PACKED) return text;
  // Of texts this short, others pack no better, and a search unpacks thousands: this takes a third of their time.
  const packed = deflateRawSync(text, PACKING);
  return packed.length < text.length ? packed : text;
}

export function unpackText(stored: unknown): string {
  if (stored instanceof Uint8Array) return inflateRawSync(stored, PACKING).toString('utf8');
  return typeof stored === 'string' ? stored : '';
}

/** Numbers of rows may be given out again after a deletion; this part of the record's id tells them apart. */
export function tagOf(id: string): number {
  return Number.parseInt(id.slice(-12), 16) || 0;
}

export interface ShardStatements {
  readonly put: Statement;
  readonly putGrams: Statement;
  readonly known: Statement;
  readonly mark: Statement;
  readonly going: Statement;
  readonly removeGrams: Statement;
  readonly remove: Statement;
  readonly count: Statement;
}

/** One file of the index, open for writing. */
export class Shard {
  readonly database: Database;
  readonly #statements: ShardStatements;

  constructor(path: string) {
    this.database = openDatabase(path);
    try {
      this.database.exec('PRAGMA secure_delete = ON');
      this.database.exec('PRAGMA cache_size = -4000');
      migrate(this.database, SHARD_MIGRATIONS);
      this.#statements = prepareAll(this.database);
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  /** Within a transaction. Returns the bytes of text that came in addition. */
  put({ source, text }: IndexedText): number {
    const tag = tagOf(source.id);
    const known = this.#statements.known.get(source.seq);
    if (known !== undefined) {
      if (known.tag === tag && known.fate === KEPT) return 0;
      this.#purge(source.seq, known.text);
    }
    const whole = joined(text.prompt, text.answer);
    const stored = packText(whole);
    this.#statements.put.run(
      source.seq,
      tag,
      source.gatewayRef,
      source.createdAt,
      KEPT,
      text.preview,
      stored as Value,
    );
    if (stored !== null) this.#statements.putGrams.run(source.seq, whole);
    return whole.length;
  }

  /** Copies a row of another shard as it is. */
  copy(row: Readonly<Record<string, unknown>>): void {
    this.#statements.put.run(
      row.seq as number,
      row.tag as number,
      row.gateway_ref as number,
      row.created_at as number,
      KEPT,
      row.preview as Value,
      row.text as Value,
    );
    const text = unpackText(row.text);
    if (text !== '') this.#statements.putGrams.run(row.seq as number, text);
  }

  /** The record is gone: nothing of the text is shown or found from now on. True when it was here. */
  mark(seq: number, fate: number): boolean {
    return this.#statements.mark.run(fate, fate, seq).changes > 0;
  }

  /** Takes a few marked texts out for good; returns how many. */
  purge(limit: number): number {
    const rows = this.#statements.going.all(limit);
    this.database.transaction(() => {
      for (const row of rows) this.#purge(Number(row.seq), row.text);
    });
    return rows.length;
  }

  counts(): { readonly kept: number; readonly removed: number; readonly purged: number } {
    const row = this.#statements.count.get()!;
    return { kept: Number(row.kept), removed: Number(row.removed), purged: Number(row.purged) };
  }

  get(name: string): unknown {
    return this.database.prepare('SELECT value FROM state WHERE name = ?').get(name)?.value;
  }

  set(name: string, value: Value): void {
    this.database.prepare('INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)').run(name, value);
  }

  /** What was deleted is in the journal until it is written back. */
  settle(): void {
    this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.database.close();
  }

  #purge(seq: number, stored: unknown): void {
    const text = unpackText(stored);
    if (text !== '') this.#statements.removeGrams.run(seq, text);
    this.#statements.remove.run(seq);
  }
}

function joined(prompt: string, answer: string): string {
  return [prompt, answer].filter((text) => text !== '').join('\n\n');
}

function prepareAll(database: Database): ShardStatements {
  return {
    put: database.prepare(
      `INSERT INTO docs (seq, tag, gateway_ref, created_at, fate, preview, text) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    putGrams: database.prepare('INSERT INTO grams (rowid, text) VALUES (?, ?)'),
    known: database.prepare('SELECT tag, fate, text FROM docs WHERE seq = ?'),
    mark: database.prepare('UPDATE docs SET fate = max(fate, ?), preview = NULL WHERE fate < ? AND seq = ?'),
    going: database.prepare(`SELECT seq, text FROM docs WHERE fate = ${PURGED} LIMIT ?`),
    removeGrams: database.prepare(`INSERT INTO grams (grams, rowid, text) VALUES ('delete', ?, ?)`),
    remove: database.prepare('DELETE FROM docs WHERE seq = ?'),
    count: database.prepare(
      `SELECT count(*) - (SELECT count(*) FROM docs WHERE fate > ${KEPT}) AS kept,
         (SELECT count(*) FROM docs WHERE fate = ${REMOVED}) AS removed,
         (SELECT count(*) FROM docs WHERE fate = ${PURGED}) AS purged
       FROM docs`,
    ),
  };
}
