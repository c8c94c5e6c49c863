import { join } from 'node:path';
import type { TextSource } from '../../core/stores/log-texts.ts';
import { type Database, openDatabase } from './database.ts';
import { BODY_COLUMNS, restorePlace } from './logs-place.ts';
import { LOG_DATABASE } from './logs-schema.ts';

const SCANNED_ROWS = 500;

export interface Removal {
  readonly number: number;
  readonly seq: number;
  /** Somebody asked for it; not only age or number. */
  readonly atOnce: boolean;
}

/** What the text index reads of the log store: which records came, and which went. */
export class TextSources {
  readonly #path: string;
  #database: Database | null = null;

  constructor(logFolder: string) {
    this.#path = join(logFolder, LOG_DATABASE);
  }

  /** Another one after the store was damaged and begun anew. */
  identity(): string {
    return String(this.#open().prepare('SELECT id FROM store_identity').get()?.id);
  }

  lastSeq(): number {
    return Number(this.#open().prepare('SELECT max(seq) AS seq FROM records').get()?.seq ?? 0);
  }

  lastRemoval(): number {
    return Number(this.#open().prepare('SELECT max(number) AS number FROM removed_texts').get()?.number ?? 0);
  }

  removals(after: number, limit: number): Removal[] {
    return this.#open()
      .prepare('SELECT number, seq, at_once FROM removed_texts WHERE number > ? ORDER BY number LIMIT ?')
      .all(after, limit)
      .map((row) => ({ number: Number(row.number), seq: Number(row.seq), atOnce: row.at_once === 1 }));
  }

  has(seq: number): boolean {
    return this.#open().prepare('SELECT 1 FROM records WHERE seq = ?').get(seq) !== undefined;
  }

  /** Records with bodies after `seq`; `scannedTo` is how far was looked. */
  after(seq: number, limit: number): { readonly sources: TextSource[]; readonly scannedTo: number } {
    const rows = this.#open()
      .prepare(
        `SELECT seq, id, gateway_ref, created_at, path, step, ${BODY_COLUMNS} FROM records
         WHERE seq > ? ORDER BY seq LIMIT ${SCANNED_ROWS}`,
      )
      .all(seq);
    const sources: TextSource[] = [];
    let scannedTo = seq;
    for (const row of rows) {
      if (sources.length >= limit) break;
      scannedTo = Number(row.seq);
      const place = restorePlace(row);
      if (place === null) continue;
      sources.push({
        seq: scannedTo,
        id: String(row.id),
        gatewayRef: Number(row.gateway_ref),
        createdAt: Number(row.created_at),
        path: String(row.path),
        step: Number(row.step),
        ...place,
      });
    }
    return { sources, scannedTo };
  }

  close(): void {
    this.#database?.close();
    this.#database = null;
  }

  #open(): Database {
    this.#database ??= openDatabase(this.#path, { readOnly: true });
    return this.#database;
  }
}
