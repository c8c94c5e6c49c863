import { COLUMN, type ColumnValue, LOG_COLUMNS, requestSizeOf } from '../../core/stores/log-columns.ts';
import { countRepeats, type RepeatState } from '../../core/stores/repeats.ts';
import type { Database, Row, Statement, Value } from './database.ts';
import { RECORD_COLUMN } from './logs-schema.ts';

const CATCH_UP_ROWS = 1000;

const COLUMNS = [
  'gateway_ref',
  'id',
  'row_count',
  'started_at',
  'last_at',
  'ended_at',
  'requests',
  'errors',
  'cached_requests',
  'input_tokens',
  'output_tokens',
  'cost_nanos',
  'saved_nanos',
  'user_agent',
  'user_id',
  'model',
  'first_record',
  'last_shape',
  'last_size',
  'last_growth',
  'repeats',
  'most_repeats',
] as const;

type Session = Record<(typeof COLUMNS)[number], Value>;

/** Sessions as the writer keeps them. */
export class SessionTable {
  readonly #database: Database;
  readonly #find: Statement;
  readonly #put: Statement;
  readonly #leave: Statement;
  readonly #forget: Statement;
  /** Changed in the open transaction. */
  readonly #changed = new Map<string, Session>();
  #addedSeq: number;
  readonly #throughSeq: number;

  constructor(database: Database) {
    this.#database = database;
    this.#find = database.prepare('SELECT * FROM sessions WHERE gateway_ref = ? AND id = ?');
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO sessions (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
    );
    this.#leave = database.prepare(
      'UPDATE sessions SET row_count = row_count - ? WHERE gateway_ref = ? AND id = ?',
    );
    this.#forget = database.prepare(
      'DELETE FROM sessions WHERE gateway_ref = ? AND id = ? AND row_count <= 0',
    );
    const progress = database.prepare('SELECT added_seq, through_seq FROM session_progress').get();
    this.#addedSeq = Number(progress?.added_seq ?? 0);
    this.#throughSeq = Number(progress?.through_seq ?? 0);
  }

  /** Within the transaction of the row. */
  add(gatewayRef: number, columns: readonly ColumnValue[], rest: string): void {
    const id = columns[COLUMN.sessionId] ?? null;
    if (id !== null) this.#add(gatewayRef, String(id), columns, requestSizeOf(rest));
  }

  /** Within the transaction of the rows. */
  write(): void {
    for (const session of this.#changed.values()) this.#put.run(...COLUMNS.map((name) => session[name]));
    this.#changed.clear();
  }

  /** The transaction is over. */
  discard(): void {
    this.#changed.clear();
  }

  /** Rows were removed, given by their seq and session; within their transaction. */
  removed(gatewayRef: number, rows: readonly { readonly seq: number; readonly session: string }[]): void {
    const counts = new Map<string, number>();
    for (const { seq, session } of rows) {
      const isAdded = seq <= this.#addedSeq || seq > this.#throughSeq;
      if (isAdded) counts.set(session, (counts.get(session) ?? 0) + 1);
    }
    for (const [session, count] of counts) {
      this.#leave.run(count, gatewayRef, session);
      this.#forget.run(gatewayRef, session);
    }
  }

  /** Adds some rows from before there were sessions; false when there are none. */
  step(): boolean {
    if (this.#addedSeq >= this.#throughSeq) return false;
    const rows = this.#database
      .prepare('SELECT * FROM records WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?')
      .all(this.#addedSeq, this.#throughSeq, CATCH_UP_ROWS);
    const added = rows.length < CATCH_UP_ROWS ? this.#throughSeq : Number(rows.at(-1)!.seq);
    try {
      this.#database.transaction(() => {
        for (const row of rows) this.add(Number(row.gateway_ref), columnsOf(row), String(row.rest));
        this.write();
        this.#database.prepare('UPDATE session_progress SET added_seq = ?').run(added);
      });
    } finally {
      this.discard();
    }
    this.#addedSeq = added;
    return true;
  }

  #add(gatewayRef: number, id: string, columns: readonly ColumnValue[], size: number): void {
    const name = `${gatewayRef} ${id}`;
    const known = this.#changed.get(name) ?? (this.#find.get(gatewayRef, id) as Session | undefined);
    const session = known === undefined ? null : { ...known };
    const number = (column: number): number => (columns[column] as number | null) ?? 0;
    const createdAt = number(COLUMN.createdAt);
    const isFirst = session === null || createdAt < Number(session.started_at);
    const isLast = session === null || createdAt >= Number(session.last_at);
    const endedAt = createdAt + number(COLUMN.durationMs);
    const sum = (column: keyof Session, by: number): number => Number(session?.[column] ?? 0) + by;
    const shape = `${columns[COLUMN.path]} ${columns[COLUMN.model]}`;
    const before: RepeatState | null = session === null ? null : repeatStateOf(session);
    const repeats = countRepeats(before, { shape, size });
    this.#changed.set(name, {
      gateway_ref: gatewayRef,
      id,
      row_count: sum('row_count', 1),
      started_at: isFirst ? createdAt : session.started_at,
      last_at: isLast ? createdAt : session.last_at,
      ended_at: Math.max(Number(session?.ended_at ?? 0), endedAt),
      requests: sum('requests', 1),
      errors: sum('errors', columns[COLUMN.success] === 1 ? 0 : 1),
      cached_requests: sum('cached_requests', number(COLUMN.cached)),
      input_tokens: sum('input_tokens', number(COLUMN.inputTokens)),
      output_tokens: sum('output_tokens', number(COLUMN.outputTokens)),
      cost_nanos: sum('cost_nanos', number(COLUMN.costNanos)),
      saved_nanos: sum('saved_nanos', number(COLUMN.savedNanos)),
      user_agent:
        (isLast ? columns[COLUMN.userAgent] : null) ??
        session?.user_agent ??
        columns[COLUMN.userAgent] ??
        null,
      user_id: (isLast ? columns[COLUMN.userId] : null) ?? session?.user_id ?? columns[COLUMN.userId] ?? null,
      model: (isLast ? columns[COLUMN.model] : null) ?? session?.model ?? columns[COLUMN.model] ?? null,
      first_record: isFirst ? columns[COLUMN.id]! : session.first_record,
      last_shape: repeats.shape,
      last_size: repeats.size,
      last_growth: repeats.growth,
      repeats: repeats.repeats,
      most_repeats: Math.max(repeats.repeats, Number(session?.most_repeats ?? 0)),
    });
  }
}

function repeatStateOf(session: Session): RepeatState {
  return {
    shape: String(session.last_shape),
    size: Number(session.last_size),
    growth: session.last_growth === null ? null : Number(session.last_growth),
    repeats: Number(session.repeats),
  };
}

function columnsOf(row: Row): ColumnValue[] {
  return LOG_COLUMNS.map((name) =>
    name === 'account' || name === 'gateway' ? null : (row[RECORD_COLUMN[name]] as ColumnValue),
  );
}
