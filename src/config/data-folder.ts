import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { writeDurably } from './durable-file.ts';
import { reasonOf, StartError } from './start-error.ts';

/** Layout of the data folder. Raised when a version could not read what the next one writes. */
export const DATA_VERSION = 1;

/** The data folder, held by this process alone until it is closed. */
export interface DataFolder {
  readonly path: string;
  /** True when this opening made it. */
  readonly isNew: boolean;
  close(): void;
}

/** What can be seen of a data folder without touching it. */
export interface DataFolderState {
  readonly path: string;
  /** Whole line for the user, with the kind of StartError it is; null when the folder can be used. */
  readonly problem: { readonly kind: 'data-folder' | 'data-newer'; readonly line: string } | null;
  readonly version: number | null;
  readonly exists: boolean;
}

const FILES_OF_A_VOLUME = new Set(['lost+found', '.DS_Store']);

export function inspectDataFolder(folder: string): DataFolderState {
  const path = resolve(folder);
  const state = { path, version: null, exists: existsSync(path) };
  const bad = (line: string): DataFolderState => ({ ...state, problem: { kind: 'data-folder', line } });
  try {
    if (!state.exists) {
      accessSync(nearestExisting(path), constants.W_OK | constants.X_OK);
      return { ...state, problem: null };
    }
    if (!statSync(path).isDirectory()) {
      return bad(`the data folder ${path} is not a folder: name another one with --data or TIDEGATE_DATA`);
    }
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    const versionPath = join(path, 'version');
    if (!existsSync(versionPath)) {
      const strangers = readdirSync(path).filter(
        (name) => !FILES_OF_A_VOLUME.has(name) && !name.startsWith('lock.'),
      );
      return strangers.length === 0
        ? { ...state, problem: null }
        : bad(
            `the folder ${path} holds other files and is no data folder of Tidegate: name an empty one with --data or TIDEGATE_DATA`,
          );
    }
    const content = readFileSync(versionPath, 'utf8').trim();
    if (!/^\d{1,9}$/.test(content)) {
      return bad(
        `the file ${versionPath} is damaged: write ${DATA_VERSION} into it if the folder was made by this version`,
      );
    }
    const version = Number(content);
    return {
      ...state,
      version,
      problem:
        version > DATA_VERSION
          ? {
              kind: 'data-newer',
              line: `the data folder ${path} has layout ${version}, and this version of Tidegate knows up to ${DATA_VERSION}: start a newer Tidegate, or name another folder with --data`,
            }
          : null,
    };
  } catch (error) {
    return bad(
      `the data folder ${path} cannot be used (${reasonOf(error)}): give this user the right to write there, or name another folder with --data or TIDEGATE_DATA`,
    );
  }
}

/**
 * Makes or takes the data folder. Throws StartError before anything on disk is changed when it cannot be used, is of a
 * newer version, or is held by another process.
 */
export function openDataFolder(folder: string, nowMs: number): DataFolder {
  const state = inspectDataFolder(folder);
  const { path } = state;
  if (state.problem) throw new StartError(state.problem.kind, state.problem.line);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const release = lock(path, nowMs);
    try {
      if (state.version === null) writeDurably(join(path, 'version'), `${DATA_VERSION}\n`);
    } catch (error) {
      release();
      throw error;
    }
    return { path, isNew: state.version === null, close: release };
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      'data-folder',
      `the data folder ${path} cannot be used (${reasonOf(error)}): make room or give this user the right to write there`,
      { cause: error },
    );
  }
}

/** The same for a folder that must be there already: a mistyped path is told, not made. */
export function openExistingDataFolder(folder: string, nowMs: number): DataFolder {
  const state = inspectDataFolder(folder);
  if (!state.problem && state.version === null) {
    throw new StartError(
      'data-folder',
      `${state.path} holds no data yet: run \`tidegate start\` once, or name the folder with --data or TIDEGATE_DATA`,
    );
  }
  return openDataFolder(folder, nowMs);
}

/** Process id of the holder of the folder, `null` when nobody holds it. */
export function holderOf(folder: string): { pid: number | null } | null {
  const path = resolve(folder);
  if (!existsSync(join(path, 'lock.db'))) return null;
  const database = new DatabaseSync(join(path, 'lock.db'), { timeout: 0, readOnly: true });
  try {
    // Any read needs a shared lock, which an exclusive holder denies.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return null;
  } catch {
    return { pid: readPid(path) };
  } finally {
    database.close();
  }
}

/** Locks of this process. A connection that nobody refers to is collected, and its lock is gone with it. */
const held = new Set<DatabaseSync>();

/**
 * SQLite's exclusive lock on an empty database: the operating system gives it back when the process dies, however it
 * dies, so a lock can neither be stale nor be mistaken for one. lock.json only lets the message name the holder.
 */
function lock(path: string, nowMs: number): () => void {
  // Waits a little: holderOf() of a `tidegate doctor` next door looks at the lock for a moment.
  const database = new DatabaseSync(join(path, 'lock.db'), { timeout: 250 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!/locked|busy/i.test(error instanceof Error ? error.message : '')) throw error;
    const pid = readPid(path);
    throw new StartError(
      'data-in-use',
      `the data folder ${path} is in use by ${pid === null ? 'another process' : `process ${pid}`}: stop it, or name another folder with --data`,
    );
  }
  const holder = join(path, 'lock.json');
  try {
    writeDurably(
      holder,
      `${JSON.stringify({ pid: process.pid, startedAt: new Date(nowMs).toISOString() })}\n`,
    );
  } catch (error) {
    database.close();
    throw error;
  }
  held.add(database);
  return () => {
    if (!held.delete(database)) return;
    rmSync(holder, { force: true });
    database.close();
  };
}

function readPid(path: string): number | null {
  try {
    const holder: unknown = JSON.parse(readFileSync(join(path, 'lock.json'), 'utf8'));
    return typeof holder === 'object' && holder && 'pid' in holder && typeof holder.pid === 'number'
      ? holder.pid
      : null;
  } catch {
    return null;
  }
}

function nearestExisting(path: string): string {
  let folder = dirname(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
