import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';

export type Value = SQLInputValue;
export type Row = Record<string, SQLOutputValue>;

export interface Statement {
  run(...values: Value[]): { readonly changes: number; readonly lastInsertRowid: number };
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
  iterate(...values: Value[]): Iterable<Row>;
}

/** Rows as lists of values in the order of the SELECT: much faster to take apart than objects. */
export interface ListStatement {
  all(...values: Value[]): List[];
}
export type List = SQLOutputValue[];

/** The little of node:sqlite that the stores use, so that the driver can be exchanged in one file. Synchronous. */
export interface Database {
  readonly path: string;
  exec(sql: string): void;
  /** Prepare once, run often: preparing costs more than most of the statements themselves. */
  prepare(sql: string): Statement;
  prepareLists(sql: string): ListStatement;
  /**
   * Runs `work` in one write transaction; whatever it throws rolls everything back. Inside another one it becomes part of
   * that, and what it throws must not be caught between the two.
   */
  transaction<T>(work: () => T): T;
  /** For what is kept in memory of the rows: it may be of a transaction that was rolled back. */
  onRollback(listener: () => void): void;
  close(): void;
}

export interface OpenOptions {
  readonly readOnly?: boolean;
  /** How long a statement waits for another process's lock. */
  readonly busyTimeoutMs?: number;
  /** Takes effect on a new file only: pages of deleted rows can then be given back in small steps. */
  readonly incrementalVacuum?: boolean;
}

/** The file is not a database, or no longer a whole one. `setAside` and begin anew, or restore a copy. */
export class DamagedDatabaseError extends Error {
  readonly path: string;
  constructor(path: string, cause: unknown) {
    super(`the database ${path} is damaged: ${messageOf(cause)}`, { cause });
    this.name = 'DamagedDatabaseError';
    this.path = path;
  }
}

/** The file was written by a newer Tidegate; nothing was changed. */
export class NewerDatabaseError extends Error {
  constructor(path: string, found: number, known: number) {
    super(
      `the database ${path} has version ${found}, this Tidegate knows up to ${known}: start the newer Tidegate that wrote it, or use another data folder`,
    );
    this.name = 'NewerDatabaseError';
  }
}

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_TOOBIG = 18;
const SQLITE_CONSTRAINT = 19;
const SQLITE_MISMATCH = 20;
const SQLITE_NOTADB = 26;

/** The primary result code of an error from SQLite; null for any other error. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

export function isDamage(error: unknown): boolean {
  if (error instanceof DamagedDatabaseError) return true;
  const code = sqliteCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** Somebody else holds the lock: the same statement may well succeed later. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE_BUSY || code === SQLITE_LOCKED;
}

/** The values are to blame: the same statement with them will never succeed. */
export function isUnfit(error: unknown): boolean {
  const code = sqliteCode(error);
  if (code === null) return error instanceof TypeError || error instanceof RangeError;
  return code === SQLITE_TOOBIG || code === SQLITE_CONSTRAINT || code === SQLITE_MISMATCH;
}

/** Opens or creates the file. Throws DamagedDatabaseError when its first pages cannot be read. */
export function openDatabase(path: string, options: OpenOptions = {}): Database {
  const { readOnly = false, busyTimeoutMs = 5000, incrementalVacuum = false } = options;
  const driver = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
  try {
    if (!readOnly) {
      if (incrementalVacuum) driver.exec('PRAGMA auto_vacuum = INCREMENTAL');
      driver.exec('PRAGMA journal_mode = WAL');
      driver.exec('PRAGMA synchronous = NORMAL');
    }
    driver.exec('PRAGMA foreign_keys = ON');
    // Reads the header and the schema: a foreign or torn file says so here and not in the middle of the work.
    driver.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (error) {
    driver.close();
    throw isDamage(error) ? new DamagedDatabaseError(path, error) : error;
  }
  return new SqliteDatabase(path, driver);
}

/**
 * Brings the schema up to date: `migrations[n]` leads from version n to n + 1 and is never edited once released.
 * Refuses a file of a newer version without touching it.
 */
export function migrate(database: Database, migrations: readonly string[]): void {
  const current = checkVersion(database, migrations);
  for (let version = current; version < migrations.length; version++) {
    database.transaction(() => {
      database.exec(migrations[version]!);
      database.exec(`PRAGMA user_version = ${version + 1}`);
    });
  }
}

/** The version of the file; throws NewerDatabaseError when it is not known yet. */
export function checkVersion(database: Database, migrations: readonly string[]): number {
  const current = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (current > migrations.length) throw new NewerDatabaseError(database.path, current, migrations.length);
  return current;
}

/** Reads every page; throws DamagedDatabaseError at the first fault. Takes seconds per gigabyte. */
export function checkDatabase(database: Database): void {
  let found: unknown;
  try {
    found = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  } catch (error) {
    throw isDamage(error) ? new DamagedDatabaseError(database.path, error) : error;
  }
  if (found !== 'ok') throw new DamagedDatabaseError(database.path, new Error(String(found)));
}

/** Renames a closed database with its journal out of the way and returns the new name. Nothing is deleted. */
export function setAside(path: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-');
  const target = `${path}.damaged-${stamp}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  }
  return target;
}

class SqliteDatabase implements Database {
  readonly path: string;
  readonly #driver: DatabaseSync;
  readonly #rollbackListeners: (() => void)[] = [];

  constructor(path: string, driver: DatabaseSync) {
    this.path = path;
    this.#driver = driver;
  }

  exec(sql: string): void {
    this.#driver.exec(sql);
  }

  prepare(sql: string): Statement {
    // Handed out as it is: a wrapper would cost as much as a small insert. Integers beyond 2^53 are never stored here.
    return this.#driver.prepare(sql) as unknown as Statement;
  }

  prepareLists(sql: string): ListStatement {
    const statement = this.#driver.prepare(sql);
    statement.setReturnArrays(true);
    return statement as unknown as ListStatement;
  }

  transaction<T>(work: () => T): T {
    if (this.#driver.isTransaction) return work();
    this.#driver.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#driver.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite rolls back by itself on some errors (disk full, I/O); then there is nothing left to roll back.
      if (this.#driver.isTransaction) this.#driver.exec('ROLLBACK');
      for (const listener of this.#rollbackListeners) listener();
      throw error;
    }
  }

  onRollback(listener: () => void): void {
    this.#rollbackListeners.push(listener);
  }

  close(): void {
    if (this.#driver.isOpen) this.#driver.close();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
