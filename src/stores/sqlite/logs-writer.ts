import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { COLUMN } from '../../core/stores/log-columns.ts';
import type {
  AppendResult,
  LogChange,
  LogEntry,
  LogPolicy,
  LogSelection,
  LogWriter,
  SegmentProgress,
  SegmentState,
} from '../../core/stores/log-writer.ts';
import { columnsOf } from './analytics-scan.ts';
import { checkDatabase, isDamage, isUnfit, migrate, openDatabase, setAside } from './database.ts';
import { LOG_DATABASE, LOG_MIGRATIONS } from './logs-schema.ts';
import { type LogTables, openLogTables, type SqliteLogWriterOptions } from './logs-tables.ts';

/** So much may stay free in the file for the next rows, and 1 MiB in any case. */
const SLACK_SHARE = 0.05;
const BUSY_SLACK_SHARE = 0.25;
const SLACK_PAGES = 256;
const VACUUM_STEP_PAGES = 1024;
/** Longer than that nobody but us holds the lock on a good day; the spool holds what comes meanwhile. */
const BUSY_TIMEOUT_MS = 1000;

export class SqliteLogWriter implements LogWriter {
  readonly #options: SqliteLogWriterOptions;
  readonly #path: string;
  #open: LogTables | null = null;
  #policies: readonly LogPolicy[] = [];

  constructor(options: SqliteLogWriterOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
    this.#path = join(options.folder, LOG_DATABASE);
    this.#database();
  }

  append(batch: readonly LogEntry[], progress: SegmentProgress): AppendResult {
    return this.#guard(({ database, gateways, segments, sessions, insert, rollups }) => {
      let inserted = 0;
      let repeated = 0;
      let refused = 0;
      const unfit: { id: string; reason: string }[] = [];
      try {
        database.transaction(() => {
          for (const entry of batch) {
            const gateway = gateways.find(
              entry.columns[COLUMN.account] as string,
              entry.columns[COLUMN.gateway] as string,
            );
            if (gateway.isFull()) {
              refused++;
              rollups.addRefused(gateway.ref, entry.columns);
              continue;
            }
            let seq: number | null;
            try {
              seq = insert.run(gateway.ref, entry);
            } catch (error) {
              if (!isUnfit(error)) throw error;
              unfit.push({ id: String(entry.columns[COLUMN.id]), reason: String(error) });
              continue;
            }
            if (seq === null) {
              repeated++;
              continue;
            }
            inserted++;
            gateway.added++;
            if (entry.bodies !== null) segments.added(entry.bodies.segment, seq);
            rollups.add(gateway.ref, entry.columns, seq);
            sessions.add(gateway.ref, entry.columns, entry.rest);
          }
          segments.write(progress);
          gateways.write();
          rollups.write();
          sessions.write();
        });
        gateways.settle();
        return { inserted, repeated, refused, unfit };
      } finally {
        gateways.discard();
        segments.discard();
        sessions.discard();
      }
    });
  }

  patch(account: string, gateway: string, id: string, change: LogChange): boolean {
    return this.#guard(({ database, gateways, rollups, blocks }) => {
      const sets: string[] = [];
      const values: (string | number | null)[] = [];
      if (change.feedback !== undefined) {
        sets.push('feedback = ?');
        values.push(change.feedback);
      }
      if (change.score !== undefined) {
        sets.push('score = ?');
        values.push(change.score);
      }
      if (change.metadata !== undefined) {
        sets.push('metadata = ?');
        values.push(change.metadata === null ? null : JSON.stringify(change.metadata));
      }
      const ref = gateways.known(account, gateway)?.ref;
      if (ref === undefined) return false;
      const seq = database
        .prepare('SELECT seq FROM records WHERE id = ? AND gateway_ref = ?')
        .get(id, ref)?.seq;
      // Without a change it is still said whether the record is there.
      if (typeof seq !== 'number' || sets.length === 0) return seq !== undefined;
      const find = database.prepare('SELECT * FROM records WHERE seq = ?');
      rollups.settle();
      database.transaction(() => {
        const facts = () => [{ seq, columns: columnsOf(find.get(seq)!) }];
        if (change.metadata !== undefined) rollups.amendFacets(ref, facts(), -1);
        database.prepare(`UPDATE records SET ${sets.join(', ')} WHERE seq = ?`).run(...values, seq);
        if (change.metadata !== undefined) rollups.amendFacets(ref, facts(), 1);
        blocks.changed(ref, seq);
      });
      return true;
    });
  }

  delete(selection: LogSelection): () => number {
    const step = this.#guard(({ deletion }) => deletion.begin(selection));
    return () =>
      this.#guard(({ rollups }) => {
        rollups.settle();
        return step();
      });
  }

  applyPolicies(policies: readonly LogPolicy[]): void {
    this.#policies = policies;
    this.#open?.gateways.applyPolicies(policies);
  }

  arrange(busy: boolean): boolean {
    return this.#guard(
      ({ blocks, rollups, sessions }) => blocks.step(busy) || (!busy && (rollups.step() || sessions.step())),
    );
  }

  retain(nowMs: number): number {
    return this.#guard(({ retention, rollups }) => {
      rollups.settle();
      return retention.step(nowMs);
    });
  }

  vacuum(idle: boolean): boolean {
    return this.#guard(({ database, freePages, allPages }) => {
      const free = Number(freePages.get()?.freelist_count ?? 0);
      const all = Number(allPages.get()?.page_count ?? 0);
      const slack = Math.max(SLACK_PAGES, all * (idle ? SLACK_SHARE : BUSY_SLACK_SHARE));
      if (free <= slack) return false;
      database.exec(`PRAGMA incremental_vacuum(${VACUUM_STEP_PAGES})`);
      // The file itself only becomes shorter when the journal is written back.
      if (free - VACUUM_STEP_PAGES > slack) return true;
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return false;
    });
  }

  segments(): SegmentState[] {
    return this.#guard(({ segments }) => segments.all());
  }

  liveBodies(segment: number): { readonly at: number; readonly length: number }[] {
    return this.#guard(({ segments }) => segments.liveBodies(segment));
  }

  markSealed(segment: number): void {
    this.#guard(({ segments }) => segments.markSealed(segment));
  }

  forgetSegment(segment: number): void {
    this.#guard(({ segments }) => segments.forget(segment));
  }

  forgetRemovals(through: number): void {
    this.#guard(({ database }) =>
      database.prepare('DELETE FROM removed_texts WHERE number <= ?').run(through),
    );
  }

  secure(): void {
    // A checkpoint syncs the journal before it copies anything: everything committed is on the disk afterwards.
    this.#guard(({ database }) => database.exec('PRAGMA wal_checkpoint(PASSIVE)'));
  }

  check(): void {
    this.#guard(({ database }) => checkDatabase(database));
  }

  countRows(): number {
    return this.#guard(({ gateways }) => gateways.countRows());
  }

  close(): void {
    this.#open?.database.close();
    this.#open = null;
  }

  /** A damaged file is replaced at once; the call that met it fails and is tried again by the caller. */
  #guard<T>(work: (open: LogTables) => T): T {
    const open = this.#database();
    try {
      return work(open);
    } catch (error) {
      if (isDamage(error)) {
        this.close();
        this.#replace(error);
      }
      throw error;
    }
  }

  #database(): LogTables {
    if (this.#open !== null) return this.#open;
    try {
      this.#open = this.#connect();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#replace(error);
      this.#open = this.#connect();
    }
    this.#open.gateways.applyPolicies(this.#policies);
    return this.#open;
  }

  #connect(): LogTables {
    const database = openDatabase(this.#path, { incrementalVacuum: true, busyTimeoutMs: BUSY_TIMEOUT_MS });
    try {
      // Pages that every batch touches again are then written back once in many batches.
      database.exec('PRAGMA wal_autocheckpoint = 4000');
      database.exec('PRAGMA journal_size_limit = 33554432');
      database.exec('PRAGMA cache_size = -16000');
      migrate(database, LOG_MIGRATIONS);
      const keeps = this.#options.keepsRemovals === true;
      database.prepare('UPDATE store_identity SET keeps_removals = ?').run(keeps ? 1 : 0);
      if (!keeps) database.exec('DELETE FROM removed_texts');
      return openLogTables(database, this.#options);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  #replace(error: unknown): void {
    const name = setAside(this.#path, this.#options.now());
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.onDamage(`the log database was damaged (${reason}) and was set aside as ${name}`);
  }
}
