import { COLUMN, LOG_COLUMNS } from '../../core/stores/log-columns.ts';
import type { LogEntry } from '../../core/stores/log-writer.ts';
import type { BlockWriter } from './block-writer.ts';
import type { Database, Statement, Value } from './database.ts';
import { RECORD_COLUMN, REQUEST_TRUNCATED, RESPONSE_TRUNCATED } from './logs-schema.ts';

const OWN_COLUMNS = LOG_COLUMNS.filter((name) => name !== 'account' && name !== 'gateway');
const COLUMNS = [
  ...OWN_COLUMNS.map((name) => RECORD_COLUMN[name]),
  'gateway_ref',
  'rest',
  'segment',
  'body_at',
  'request_length',
  'response_length',
  'body_flags',
  'request_encoding',
  'response_encoding',
  'seq',
];
const REF_AT = OWN_COLUMNS.length;
const SEQ_AT = COLUMNS.length - 1;

/** The one statement that every record goes through. */
export class RecordInsert {
  readonly #statement: Statement;
  readonly #values: Value[] = COLUMNS.map(() => null);
  readonly #blocks: Pick<BlockWriter, 'nextSeq' | 'take'>;

  constructor(database: Database, blocks: Pick<BlockWriter, 'nextSeq' | 'take'>) {
    this.#blocks = blocks;
    this.#statement = database.prepare(
      `INSERT INTO records (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
       ON CONFLICT (id) DO NOTHING`,
    );
  }

  /** Returns the row's seq; null when the id is known already. */
  run(gatewayRef: number, { columns, rest, bodies }: LogEntry): number | null {
    const values = this.#values;
    values[0] = columns[COLUMN.id]!;
    // Account and gateway stand second and third in the record and are left out here.
    for (let index = COLUMN.createdAt; index < LOG_COLUMNS.length; index++)
      // A record that an older version left in the spool has fewer.
      values[index - 2] = columns[index] ?? null;
    values[REF_AT] = gatewayRef;
    values[REF_AT + 1] = rest;
    if (bodies === null) {
      for (let index = REF_AT + 2; index < SEQ_AT; index++) values[index] = null;
    } else {
      values[REF_AT + 2] = bodies.segment;
      values[REF_AT + 3] = bodies.at;
      values[REF_AT + 4] = bodies.requestLength;
      values[REF_AT + 5] = bodies.responseLength;
      values[REF_AT + 6] =
        (bodies.requestTruncated ? REQUEST_TRUNCATED : 0) |
        (bodies.responseTruncated ? RESPONSE_TRUNCATED : 0);
      values[REF_AT + 7] = bodies.requestEncoding;
      values[REF_AT + 8] = bodies.responseEncoding;
    }
    const seq = this.#blocks.nextSeq;
    values[SEQ_AT] = seq;
    if (this.#statement.run(...values).changes === 0) return null;
    this.#blocks.take(gatewayRef, columns);
    return seq;
  }
}
