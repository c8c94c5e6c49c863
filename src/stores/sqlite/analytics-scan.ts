import { addRecord } from '../../core/analytics/add-record.ts';
import type { Aggregation } from '../../core/analytics/aggregation.ts';
import { groupReader } from '../../core/analytics/dimensions.ts';
import { FACT_COLUMNS, factsOf } from '../../core/analytics/facts.ts';
import type { AnalyticsQuery } from '../../core/stores/analytics.ts';
import { COLUMN, type ColumnValue, LOG_COLUMNS } from '../../core/stores/log-columns.ts';
import type { Database, Row } from './database.ts';
import { lowerSelection } from './logs-filter.ts';
import { RECORD_COLUMN } from './logs-schema.ts';

const SELECTED = FACT_COLUMNS.map((name) => RECORD_COLUMN[name]).join(', ');

export interface GatewayRef {
  readonly ref: number;
  readonly gateway: string;
}

type Scan = (gateway: GatewayRef, from: number, to: number, into: Aggregation) => void;

export interface RecordScans {
  /** Rows of a time that are in the roll-ups. */
  readonly rolledUp: Scan;
  /** Rows of a time that came since. */
  readonly sinceThen: Scan;
}

/** Adds up the rows of a gateway that match the filters; `from` is inclusive, `to` exclusive. */
export function recordScans(
  database: Database,
  query: Pick<AnalyticsQuery, 'filters' | 'groupBy'>,
  throughSeq: number,
): RecordScans {
  const condition = lowerSelection({ filters: query.filters, search: null, from: null, to: null });
  const groupsOf = groupReader(query.groupBy);
  const scan = (source: string, seqTest: string): Scan => {
    const statement = database.prepare(
      `SELECT ${SELECTED} FROM ${source} WHERE seq ${seqTest} ?
         AND gateway_ref = ? AND created_at >= ? AND created_at < ?
         ${condition === null ? '' : `AND ${condition.sql}`}`,
    );
    return ({ ref, gateway }, from, to, into) => {
      for (const row of statement.iterate(throughSeq, ref, from, to, ...(condition?.values ?? []))) {
        const columns = columnsOf(row);
        const facts = factsOf(gateway, columns);
        addRecord(into, groupsOf(facts), facts, columns);
      }
    };
  };
  return {
    rolledUp: scan('records INDEXED BY records_by_time', '<='),
    // Through the rows themselves, which are in the order of seq.
    sinceThen: scan('records NOT INDEXED', '>'),
  };
}

/** What analytics read of a row, in the places of LOG_COLUMNS. */
export function columnsOf(row: Row): ColumnValue[] {
  const columns: ColumnValue[] = new Array<ColumnValue>(LOG_COLUMNS.length).fill(null);
  for (const name of FACT_COLUMNS) columns[COLUMN[name]] = row[RECORD_COLUMN[name]] as ColumnValue;
  return columns;
}
