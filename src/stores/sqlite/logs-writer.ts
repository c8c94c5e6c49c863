import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { COLUMN } from '../../core/stores/log-columns.ts';
import type {
  AppendResult,
  LogBackendOptions,
  LogChange,
  LogEntry,
  LogPolicy,
  LogSelection,
  LogWriter,
  SegmentProgress,
  SegmentState,
} from '../../core/stores/log-writer.ts';
import {
  checkDatabase,
  type Database,
  isDamage,
  isUnfit,
  migrate,
  openDatabase,
  type Statement,
  setAside,
} from './database.ts';
import { LogDeletion } from './logs-deletion.ts';
import { GatewayTable } from './logs-gateways.ts';
import { RecordInsert } from './logs-insert.ts';
import { LogRetention } from './logs-retention.ts';
import { Rollups } from './logs-rollups.ts';
import { LOG_DATABASE, LOG_MIGRATIONS } from './logs-schema.ts';
import { SegmentTable } from './logs-segments.ts';

/** So much may stay free in the file for the next rows, and 1 MiB in any case. */
const SLACK_SHARE = 0.05;
const BUSY_SLACK_SHARE = 0.25;
const SLACK_PAGES = 256;
const VACUUM_STEP_PAGES = 1024;
/** Longer than that nobody but us holds the lock on a good day; the spool holds what comes meanwhile. */
const BUSY_TIMEOUT_MS = 1000;

/** Everything that lives as long as one open database. */
interface Open {
  readonly database: Database;
  readonly gateways: GatewayTable;
  readonly segments: SegmentTable;
  readonly insert: RecordInsert;
  readonly rollups: Rollups;
  readonly deletion: LogDeletion;
  readonly retention: LogRetention;
  readonly freePages: Statement;
  readonly allPages: Statement;
}

export class SqliteLogWriter implements LogWriter {
  readonly #options: LogBackendOptions;
  readonly #path: string;
  #open: Open | null = null;
  #policies: readonly LogPolicy[] = [];

  constructor(options: LogBackendOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
    this.#path = join(options.folder, LOG_DATABASE);
    this.#database();
  }

  append(batch: readonly LogEntry[], progress: SegmentProgress): AppendResult {
    return this.#guard(({ database, gateways, segments, insert, rollups }) => {
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
              rollups.add(gateway.ref, entry.columns);
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
            rollups.add(gateway.ref, entry.columns);
          }
          segments.write(progress);
          gateways.write();
          rollups.write();
        });
        gateways.settle();
        return { inserted, repeated, refused, unfit };
      } finally {
        gateways.discard();
        segments.discard();
        rollups.discard();
      }
    });
  }

  patch(account: string, gateway: string, id: string, change: LogChange): boolean {
    return this.#guard(({ database }) => {
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
      // Without a change it is still said whether the record is there.
      const set = sets.length === 0 ? 'step = step' : sets.join(', ');
      const { changes } = database
        .prepare(
          `UPDATE records SET ${set} WHERE id = ?
           AND gateway_ref = (SELECT ref FROM gateways WHERE account = ? AND gateway = ?)`,
        )
        .run(...values, id, account, gateway);
      return changes > 0;
    });
  }

  delete(selection: LogSelection): () => number {
    const step = this.#guard(({ deletion }) => deletion.begin(selection));
    return () => this.#guard(step);
  }

  applyPolicies(policies: readonly LogPolicy[]): void {
    this.#policies = policies;
    this.#open?.gateways.applyPolicies(policies);
  }

  retain(nowMs: number): number {
    return this.#guard(({ retention }) => retention.step(nowMs));
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
  #guard<T>(work: (open: Open) => T): T {
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

  #database(): Open {
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

  #connect(): Open {
    const database = openDatabase(this.#path, { incrementalVacuum: true, busyTimeoutMs: BUSY_TIMEOUT_MS });
    try {
      // Pages that every batch touches again are then written back once in many batches.
      database.exec('PRAGMA wal_autocheckpoint = 4000');
      database.exec('PRAGMA journal_size_limit = 33554432');
      database.exec('PRAGMA cache_size = -16000');
      migrate(database, LOG_MIGRATIONS);
      return prepareAll(database);
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

function prepareAll(database: Database): Open {
  const gateways = new GatewayTable(database);
  const segments = new SegmentTable(database);
  return {
    database,
    gateways,
    segments,
    insert: new RecordInsert(database),
    rollups: new Rollups(database),
    deletion: new LogDeletion(database, gateways, segments),
    retention: new LogRetention(database, gateways, segments),
    freePages: database.prepare('PRAGMA freelist_count'),
    allPages: database.prepare('PRAGMA page_count'),
  };
}
