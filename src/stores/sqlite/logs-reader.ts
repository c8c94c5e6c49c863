import { join } from 'node:path';
import type {
  AnalyticsAnswer,
  AnalyticsQuery,
  SessionPage,
  SessionQuery,
  SessionRow,
} from '../../core/stores/analytics.ts';
import { type ColumnValue, LOG_COLUMNS, restoreRecord } from '../../core/stores/log-columns.ts';
import type { TailPage, TailQuery } from '../../core/stores/log-tail.ts';
import type { LogReader, LogReaderOptions } from '../../core/stores/log-writer.ts';
import type { LogPage, LogQuery, LogRow } from '../../core/stores/logs.ts';
import { aggregate } from './analytics-reader.ts';
import { type Database, openDatabase, type Row } from './database.ts';
import { lowerOrder, lowerSelection } from './logs-filter.ts';
import { listRows } from './logs-list.ts';
import { BODY_COLUMNS, restorePlace } from './logs-place.ts';
import { noRanges } from './logs-ranges.ts';
import { LOG_DATABASE, RECORD_COLUMN } from './logs-schema.ts';
import { earlierInSession } from './logs-session.ts';
import { lastSeq, tailRows } from './logs-tail.ts';
import { findSession, listSessions } from './session-query.ts';
import { TextSearcher } from './texts-search.ts';

const SELECTED = ['seq', ...Object.values(RECORD_COLUMN), 'rest', 'feedback', 'score'].join(', ');
export class SqliteLogReader implements LogReader {
  readonly #path: string;
  readonly #texts: TextSearcher | null;
  #database: Database | null = null;

  constructor(options: LogReaderOptions) {
    this.#path = join(options.folder, LOG_DATABASE);
    this.#texts = options.textFolder ? new TextSearcher(options.textFolder) : null;
  }

  list(query: LogQuery): LogPage {
    // Says what is wrong with the query, also where there is no gateway.
    lowerOrder(query.orderBy, query.direction);
    lowerSelection(query);
    return this.#read((database) => {
      const gateway = database
        .prepare('SELECT ref, row_count FROM gateways WHERE account = ? AND gateway = ?')
        .get(query.account, query.gateway);
      if (gateway === undefined) {
        return { rows: [], totalCount: 0, next: null, ranges: query.withRanges ? noRanges() : null };
      }
      const ref = Number(gateway.ref);
      const listed = { ref, rows: Number(gateway.row_count) };
      const found = listRows(database, listed, query, SELECTED, this.#textMatches(ref, query));
      const previews = query.withTexts ? this.#previews(found.rows) : NO_PREVIEWS;
      return {
        ...found,
        rows: found.rows.map((row) => restoreRow(query.account, query.gateway, row, previews)),
      };
    });
  }

  aggregate(query: AnalyticsQuery): AnalyticsAnswer {
    return this.#read((database) => aggregate(database, query));
  }

  sessions(query: SessionQuery): SessionPage {
    return this.#read((database) => listSessions(database, query));
  }

  findSession(account: string, gateway: string, id: string): SessionRow | null {
    return this.#read((database) => findSession(database, account, gateway, id));
  }

  newest(): number {
    return this.#read(lastSeq);
  }

  tail(query: TailQuery): TailPage {
    lowerSelection({ ...query, from: null, to: null });
    return this.#read((database) => {
      const texts = query.withTexts ? this.#texts : null;
      const { rows, skipped, last } = tailRows(database, query, SELECTED, {
        matches: (ref) => this.#textMatches(ref, { ...query, from: null, to: null }),
        readThrough: texts?.readThrough() ?? null,
      });
      const previews = texts === null ? NO_PREVIEWS : this.#previews(rows);
      return {
        rows: rows.map((row) => restoreRow(query.account, query.gateway, row, previews)),
        skipped,
        last,
      };
    });
  }

  find(account: string, gateway: string, id: string): LogRow | null {
    return this.#read((database) => {
      const row = this.#findRow(database, SELECTED, account, gateway, id);
      return row === undefined ? null : restoreRow(account, gateway, row, this.#previews([row]));
    });
  }

  findBodies(account: string, gateway: string, id: string): ReturnType<LogReader['findBodies']> {
    return this.#read((database) => {
      const row = this.#findRow(database, BODY_COLUMNS, account, gateway, id);
      return row === undefined ? null : restorePlace(row);
    });
  }

  earlierInSession(row: LogRow): readonly string[] {
    return this.#read((database) => earlierInSession(database, row));
  }

  close(): void {
    this.#texts?.close();
    this.#database?.close();
    this.#database = null;
  }

  /** Numbers of the records whose texts have what is searched for. */
  #textMatches(
    gatewayRef: number,
    { search, from, to, withTexts }: Pick<LogQuery, 'search' | 'from' | 'to' | 'withTexts'>,
  ): readonly number[] {
    if (this.#texts === null || !withTexts || search === null || search === '') return [];
    return this.#texts.search({ gatewayRef, text: search, from, to });
  }

  #previews(rows: readonly Row[]): ReadonlyMap<string, string> {
    const asked = rows.map((row) => ({ seq: Number(row.seq), id: String(row.id) }));
    return this.#texts?.previews(asked) ?? NO_PREVIEWS;
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

const NO_PREVIEWS: ReadonlyMap<string, string> = new Map();

function restoreRow(
  account: string,
  gateway: string,
  row: Row,
  previews: ReadonlyMap<string, string>,
): LogRow {
  const columns = LOG_COLUMNS.map((name) =>
    name === 'account' ? account : name === 'gateway' ? gateway : (row[RECORD_COLUMN[name]] as ColumnValue),
  );
  return {
    ...restoreRecord(columns, row.rest as string),
    feedback: row.feedback as number | null,
    score: row.score as number | null,
    promptPreview: previews.get(row.id as string) ?? null,
  };
}
