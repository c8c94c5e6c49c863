import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TextBackend } from '../../core/stores/log-texts.ts';
import type { LogBackend } from '../../core/stores/log-writer.ts';
import { checkVersion, type Database, isDamage, openDatabase } from './database.ts';
import { SqliteLogReader } from './logs-reader.ts';
import { LOG_DATABASE, LOG_MIGRATIONS } from './logs-schema.ts';
import { SqliteLogWriter } from './logs-writer.ts';
import { SqliteTextIndex } from './texts-index.ts';

/** Loaded by its URL on the threads of records/: one writes, one reads. */
export const openLogWriter: LogBackend['openLogWriter'] = (options) => new SqliteLogWriter(options);
export const openLogReader: LogBackend['openLogReader'] = (options) => new SqliteLogReader(options);
export const openTextIndex: TextBackend['openTextIndex'] = (options) => new SqliteTextIndex(options);

/** For the start of the process: throws NewerDatabaseError, and changes nothing, when a newer Tidegate wrote the logs. */
export function refuseNewerLogs(folder: string): void {
  const path = join(folder, LOG_DATABASE);
  if (!existsSync(path)) return;
  let database: Database;
  try {
    database = openDatabase(path, { readOnly: true });
  } catch (error) {
    // The writer sets a damaged file aside and says so; it is no reason not to start.
    if (isDamage(error)) return;
    throw error;
  }
  try {
    checkVersion(database, LOG_MIGRATIONS);
  } finally {
    database.close();
  }
}
