import type { LogBackend } from '../../core/stores/log-writer.ts';
import { SqliteLogReader } from './logs-reader.ts';
import { SqliteLogWriter } from './logs-writer.ts';

/** Loaded by its URL on the threads of records/: one writes, one reads. */
export const openLogWriter: LogBackend['openLogWriter'] = (options) => new SqliteLogWriter(options);
export const openLogReader: LogBackend['openLogReader'] = (options) => new SqliteLogReader(options);
