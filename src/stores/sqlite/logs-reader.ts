import { join } from 'node:path';
import { type ColumnValue, LOG_COLUMNS, restoreRecord } from '../../core/stores/log-columns.ts';
import type { LogBackendOptions, LogReader } from '../../core/stores/log-writer.ts';
import type { LogPage, LogQuery, LogRow } from '../../core/stores/logs.ts';
import { type Database, openDatabase, type Row } from './database.ts';
import { lowerOrder, lowerSelection } from './logs-filter.ts';
import { LOG_DATABASE, RECORD_COLUMN, REQUEST_TRUNCATED, RESPONSE_TRUNCATED } from './logs-schema.ts';

const SELECTED = [...Object.values(RECORD_COLUMN), 'rest', 'feedback', 'score'].join(', ');
const RANGES = {
  cost: 'cost_nanos',
  duration: 'duration_ms',
  tokensIn: 'input_tokens',
  tokensOut: 'output_tokens',
  totalTokens: 'total_tokens',
} as const;

export class SqliteLogReader implements LogReader {
  readonly #path: string;
  #database: Database | null = null;

  constructor(options: Pick<LogBackendOptions, 'folder'>) {
    this.#path = join(options.folder, LOG_DATABASE);
  }

  list(query: LogQuery): LogPage {
    const order = lowerOrder(query.orderBy, query.direction);
    const condition = lowerSelection(query);
    return this.#read((database) => {
      const gateway = database
        .prepare('SELECT ref, row_count FROM gateways WHERE account = ? AND gateway = ?')
        .get(query.account, query.gateway);
      if (gateway === undefined)
        return { rows: [], totalCount: 0, ranges: query.withRanges ? noRanges() : null };
      const where = `gateway_ref = ?${condition === null ? '' : ` AND ${condition.sql}`}`;
      const values = [gateway.ref!, ...(condition?.values ?? [])];
      const rows = database
        .prepare(`SELECT ${SELECTED} FROM records WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`)
        .all(...values, query.limit, query.offset)
        .map((row) => restoreRow(query.account, query.gateway, row));
      if (query.withRanges) {
        const ends = Object.values(RANGES).map((column) => `min(${column}), max(${column})`);
        const totals = database
          .prepare(`SELECT count(*) AS total, ${ends.join(', ')} FROM records WHERE ${where}`)
          .get(...values)!;
        return { rows, totalCount: Number(totals.total), ranges: readRanges(totals) };
      }
      const totalCount =
        condition === null
          ? Number(gateway.row_count)
          : Number(
              database.prepare(`SELECT count(*) AS total FROM records WHERE ${where}`).get(...values)?.total,
            );
      return { rows, totalCount, ranges: null };
    });
  }

  find(account: string, gateway: string, id: string): LogRow | null {
    return this.#read((database) => {
      const row = this.#findRow(database, SELECTED, account, gateway, id);
      return row === undefined ? null : restoreRow(account, gateway, row);
    });
  }

  findBodies(account: string, gateway: string, id: string): ReturnType<LogReader['findBodies']> {
    return this.#read((database) => {
      const row = this.#findRow(
        database,
        'segment, body_at, request_length, response_length, body_flags, request_encoding, response_encoding, request_content_type, response_content_type',
        account,
        gateway,
        id,
      );
      if (row === undefined || row.segment === null) return null;
      const flags = Number(row.body_flags);
      return {
        place: {
          segment: Number(row.segment),
          at: Number(row.body_at),
          requestLength: row.request_length as number | null,
          responseLength: row.response_length as number | null,
          requestTruncated: (flags & REQUEST_TRUNCATED) !== 0,
          responseTruncated: (flags & RESPONSE_TRUNCATED) !== 0,
          requestEncoding: String(row.request_encoding),
          responseEncoding: String(row.response_encoding),
        },
        requestContentType: row.request_content_type as string | null,
        responseContentType: row.response_content_type as string | null,
      };
    });
  }

  close(): void {
    this.#database?.close();
    this.#database = null;
  }

  #findRow(
    database: Database,
    columns: string,
    account: string,
    gateway: string,
    id: string,
  ): Row | undefined {
    return database
      .prepare(
        `SELECT ${columns} FROM records WHERE id = ?
         AND gateway_ref = (SELECT ref FROM gateways WHERE account = ? AND gateway = ?)`,
      )
      .get(id, account, gateway);
  }

  /** One snapshot per call: rows and total agree. After an error the file is opened anew, it may have been replaced. */
  #read<T>(work: (database: Database) => T): T {
    try {
      this.#database ??= openDatabase(this.#path, { readOnly: true });
      this.#database.exec('BEGIN');
      const result = work(this.#database);
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.close();
      throw error;
    }
  }
}

function restoreRow(account: string, gateway: string, row: Row): LogRow {
  const columns = LOG_COLUMNS.map((name) =>
    name === 'account' ? account : name === 'gateway' ? gateway : (row[RECORD_COLUMN[name]] as ColumnValue),
  );
  return {
    ...restoreRecord(columns, row.rest as string),
    feedback: row.feedback as number | null,
    score: row.score as number | null,
  };
}

function readRanges(totals: Row): NonNullable<LogPage['ranges']> {
  const range = (column: string) =>
    [totals[`min(${column})`] as number | null, totals[`max(${column})`] as number | null] as const;
  return {
    cost: range(RANGES.cost),
    duration: range(RANGES.duration),
    tokensIn: range(RANGES.tokensIn),
    tokensOut: range(RANGES.tokensOut),
    totalTokens: range(RANGES.totalTokens),
  };
}

function noRanges(): NonNullable<LogPage['ranges']> {
  const none = [null, null] as const;
  return { cost: none, duration: none, tokensIn: none, tokensOut: none, totalTokens: none };
}
