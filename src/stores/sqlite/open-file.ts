import { type Database, isDamage, type OpenOptions, openDatabase, setAside } from './database.ts';

/** Opens or creates a file and makes something of it; when that fails, the file is closed again. */
export function openFile<T>(path: string, make: (database: Database) => T, options?: OpenOptions): T {
  const database = openDatabase(path, options);
  try {
    return make(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

export interface OpenedFile<T> {
  readonly opened: T;
  /** Where a damaged file was put; null when there was none. */
  readonly setAside: string | null;
}

/** As `openFile`, of a file that may be lost: a damaged one is set aside, and another one begun. */
export function openOrBegin<T>(path: string, nowMs: number, make: (database: Database) => T): OpenedFile<T> {
  try {
    return { opened: openFile(path, make), setAside: null };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { setAside: setAside(path, nowMs), opened: openFile(path, make) };
  }
}
