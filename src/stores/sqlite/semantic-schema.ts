import { createHash } from 'node:crypto';
import type { SemanticEntry } from '../../core/stores/semantic.ts';
import type { Database } from './database.ts';
import { openFile } from './open-file.ts';

/** Raised when rows of an older layout could not be read: a cache is thrown away, not migrated. */
const SEMANTIC_VERSION = 1;

// A vector of 384 numbers takes 1.5 KB: five fit into such a page, in one of half the size two.
export const SEMANTIC_PAGE_BYTES = 8192;

/** A row's share of its pages, keys and indexes beside text, vector and answer. */
export const SEMANTIC_ROW_BYTES = 600;

export function openSemanticDatabase(path: string): Database {
  const make = (database: Database): Database => {
    // A process that is killed loses nothing by it; a power cut may cost the newest entries, which is no loss.
    database.exec('PRAGMA synchronous = OFF');
    database.exec('PRAGMA wal_autocheckpoint = 2000');
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
    if (version !== SEMANTIC_VERSION) createTables(database);
    return database;
  };
  return openFile(path, make, { incrementalVacuum: true });
}

function createTables(database: Database): void {
  database.exec(`
    DROP TABLE IF EXISTS entries;
    DROP TABLE IF EXISTS vectors;
    DROP TABLE IF EXISTS answers;
    DROP TABLE IF EXISTS hits;
    PRAGMA journal_mode = DELETE;
    PRAGMA page_size = ${SEMANTIC_PAGE_BYTES};
    VACUUM;
    PRAGMA journal_mode = WAL;
    BEGIN;
    CREATE TABLE entries (
      number INTEGER PRIMARY KEY,
      key BLOB NOT NULL UNIQUE,
      id TEXT NOT NULL UNIQUE,
      gateway TEXT NOT NULL,
      partition TEXT NOT NULL,
      stored_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      size INTEGER NOT NULL,
      worth REAL NOT NULL,
      head TEXT NOT NULL,
      text TEXT NOT NULL
    );
    CREATE INDEX entries_of_gateway ON entries (gateway, partition, stored_at, expires_at, size);
    -- Apart, so that lists read no vectors, and the index at start no answers.
    CREATE TABLE vectors (
      number INTEGER PRIMARY KEY,
      vector BLOB NOT NULL
    );
    CREATE TABLE answers (
      number INTEGER PRIMARY KEY,
      headers TEXT NOT NULL,
      body BLOB NOT NULL
    );
    CREATE TABLE hits (
      number INTEGER PRIMARY KEY,
      hits INTEGER NOT NULL
    );
    PRAGMA user_version = ${SEMANTIC_VERSION};
    COMMIT;
  `);
}

/** What stands of an entry in its row as JSON, beside the columns. */
export interface SemanticHead {
  readonly recordId: string;
  readonly costNanos: number | null;
  readonly durationMs: number;
  readonly model: string | null;
  readonly provider: string | null;
}

export const gatewayKey = (account: string, gateway: string): string => `${account}/${gateway}`;

/** Of entries that take each other's place: the same text in the same partition. 8 bytes. */
export const entryKey = (partition: string, text: string): Buffer =>
  createHash('sha256').update(`${partition}\0${text}`).digest().subarray(0, 8);

const NANOS_PER_MS = 100;
const LEAST_WORTH_NANOS = 10_000;

/** What giving the answer again saves: money, and time at a modest price, so that free models have a value too. */
export const worthOf = ({ costNanos, durationMs }: SemanticEntry): number =>
  Math.max(0, costNanos ?? 0) + Math.max(0, durationMs) * NANOS_PER_MS + LEAST_WORTH_NANOS;
