import type { LogBackendOptions } from '../../core/stores/log-writer.ts';
import { BlockWriter } from './block-writer.ts';
import type { Database, Statement } from './database.ts';
import { LogDeletion } from './logs-deletion.ts';
import { GatewayTable } from './logs-gateways.ts';
import { RecordInsert } from './logs-insert.ts';
import type { RowTables } from './logs-remove.ts';
import { LogRetention } from './logs-retention.ts';
import { Rollups } from './logs-rollups.ts';
import { SegmentTable } from './logs-segments.ts';
import { SessionTable } from './session-table.ts';

export type SqliteLogWriterOptions = LogBackendOptions & { readonly blockRows?: number };

/** Everything of the writer that lives as long as one open database. */
export interface LogTables extends RowTables {
  readonly insert: RecordInsert;
  readonly deletion: LogDeletion;
  readonly retention: LogRetention;
  readonly freePages: Statement;
  readonly allPages: Statement;
}

export function openLogTables(database: Database, { now, blockRows }: SqliteLogWriterOptions): LogTables {
  const blocks = new BlockWriter(database, blockRows);
  const tables: RowTables = {
    database,
    gateways: new GatewayTable(database),
    segments: new SegmentTable(database),
    sessions: new SessionTable(database),
    rollups: new Rollups(database, now),
    blocks,
  };
  return {
    ...tables,
    insert: new RecordInsert(database, blocks),
    deletion: new LogDeletion(tables),
    retention: new LogRetention(tables),
    freePages: database.prepare('PRAGMA freelist_count'),
    allPages: database.prepare('PRAGMA page_count'),
  };
}
