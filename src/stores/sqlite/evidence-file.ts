import { existsSync } from 'node:fs';
import type { Pause } from '../../core/stores/semantic-evidence.ts';
import { type Database, migrate, type Statement } from './database.ts';
import { EvidenceHits } from './evidence-hits.ts';
import { EVIDENCE_MIGRATIONS } from './evidence-schema.ts';
import { type OpenedFile, openOrBegin } from './open-file.ts';

/** A row of the table of gateways, as it is now. */
export interface GatewayRow {
  readonly number: number;
  pause: Pause | null;
  countsFrom: number;
}

/** The open file: its statements, and the gateways in it. */
export class EvidenceFile {
  readonly database: Database;
  readonly hits: EvidenceHits;
  readonly #statements = new Map<string, Statement>();
  readonly #gateways = new Map<string, GatewayRow | null>();

  constructor(database: Database) {
    this.database = database;
    this.hits = new EvidenceHits((sql) => this.prepared(sql));
    // A row that was made in a transaction that failed is not there.
    database.onRollback(() => this.#gateways.clear());
  }

  prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Null when nothing was ever written of it. */
  findGateway(account: string, gateway: string): GatewayRow | null {
    const key = `${account}\u0000${gateway}`;
    const known = this.#gateways.get(key);
    if (known !== undefined) return known;
    const row = this.prepared(
      'SELECT number, paused_since, pause_reason, counts_from FROM gateway WHERE account = ? AND gateway = ?',
    ).get(account, gateway);
    const found: GatewayRow | null =
      row === undefined
        ? null
        : {
            number: Number(row.number),
            pause:
              row.paused_since === null
                ? null
                : { since: Number(row.paused_since), reason: String(row.pause_reason) },
            countsFrom: Number(row.counts_from),
          };
    this.#gateways.set(key, found);
    return found;
  }

  getGateway(account: string, gateway: string): GatewayRow {
    const known = this.findGateway(account, gateway);
    if (known !== null) return known;
    this.prepared('INSERT INTO gateway (account, gateway) VALUES (?, ?)').run(account, gateway);
    this.#gateways.delete(`${account}\u0000${gateway}`);
    return this.findGateway(account, gateway)!;
  }

  putGateway(row: GatewayRow): void {
    this.prepared(
      'UPDATE gateway SET paused_since = ?, pause_reason = ?, counts_from = ? WHERE number = ?',
    ).run(row.pause?.since ?? null, row.pause?.reason ?? null, row.countsFrom, row.number);
  }

  /** It is gone at once; its rows go little by little. */
  forget(account: string, gateway: string): boolean {
    const row = this.findGateway(account, gateway);
    if (row === null) return false;
    this.database.transaction(() => {
      this.prepared('DELETE FROM gateway WHERE number = ?').run(row.number);
      this.prepared('DELETE FROM wrong_pair WHERE gateway = ?').run(row.number);
      this.prepared('INSERT INTO forgotten (number) VALUES (?)').run(row.number);
    });
    this.#gateways.delete(`${account}\u0000${gateway}`);
    return true;
  }

  /** Removes some rows of a gateway that is forgotten; true when there may be more. */
  sweep(most: number): boolean {
    const row = this.prepared('SELECT number FROM forgotten LIMIT 1').get();
    if (row === undefined) return false;
    const number = Number(row.number);
    for (const [table, key] of [
      ['hit', 'rowid'],
      ['day_count', 'day, kind'],
      ['noise_cosine', 'model, number'],
    ] as const) {
      const { changes } = this.prepared(
        key === 'rowid'
          ? 'DELETE FROM hit WHERE rowid IN (SELECT rowid FROM hit WHERE gateway = ? LIMIT ?)'
          : `DELETE FROM ${table} WHERE (gateway, ${key}) IN
             (SELECT gateway, ${key} FROM ${table} WHERE gateway = ? LIMIT ?)`,
      ).run(number, most);
      if (changes > 0) return true;
    }
    this.prepared('DELETE FROM forgotten WHERE number = ?').run(number);
    return true;
  }
}

/** Opens or creates the file. A damaged one is set aside: what was learnt begins anew. */
export function openEvidenceFile(path: string, nowMs: number): OpenedFile<EvidenceFile> {
  return openOrBegin(path, nowMs, (database) => {
    // Questions are private: what is deleted must be gone from the file.
    database.exec('PRAGMA secure_delete = ON');
    // Taking the journal over into the file waits for the disk: another thread does it.
    database.exec('PRAGMA wal_autocheckpoint = 0');
    migrate(database, EVIDENCE_MIGRATIONS);
    return new EvidenceFile(database);
  });
}

export const isThere = (path: string): boolean => existsSync(path);
