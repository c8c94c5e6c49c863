import type {
  EvaluationStore,
  Score,
  ScorePage,
  ScoreState,
  ScoreSummary,
} from '../../core/stores/evaluations.ts';
import type { Row, Statement, Value } from './database.ts';

// An evaluation that was deleted has no number: then nothing is written, and nothing found.
const NUMBER = '(SELECT number FROM evaluation WHERE id = ?)';

/** The records of evaluations and what was found about each. */
export class EvaluationScores {
  readonly #prepare: (sql: string) => Statement;

  constructor(prepare: (sql: string) => Statement) {
    this.#prepare = prepare;
  }

  addLogs(evaluationId: string, logIds: readonly string[]): void {
    const insert = this.#prepare(
      `INSERT OR IGNORE INTO evaluation_log (evaluation, position, log_id, state)
       SELECT number, (SELECT coalesce(max(position), 0) + 1 FROM evaluation_log WHERE evaluation = number), ?, 0
       FROM evaluation WHERE id = ?`,
    );
    for (const logId of logIds) insert.run(logId, evaluationId);
  }

  countLogs(evaluationId: string): number {
    return this.#count(`SELECT count(*) AS n FROM evaluation_log WHERE evaluation = ${NUMBER}`, evaluationId);
  }

  logsInState(evaluationId: string, state: 0 | 1, limit: number): string[] {
    return this.#prepare(
      `SELECT log_id FROM evaluation_log WHERE evaluation = ${NUMBER} AND state = ? ORDER BY position LIMIT ?`,
    )
      .all(evaluationId, state, limit)
      .map((row) => String(row.log_id));
  }

  markStarted(evaluationId: string, logId: string): void {
    this.#prepare(
      `UPDATE evaluation_log SET state = 1, was_started = 1 WHERE evaluation = ${NUMBER} AND log_id = ?`,
    ).run(evaluationId, logId);
  }

  put(evaluationId: string, logId: string, scores: readonly Score[]): void {
    const place = this.#prepare(
      `SELECT evaluation, position FROM evaluation_log WHERE evaluation = ${NUMBER} AND log_id = ?`,
    ).get(evaluationId, logId);
    if (place === undefined) return;
    const key = [Number(place.evaluation), Number(place.position)] as const;
    const insert = this.#prepare(
      `INSERT OR REPLACE INTO score
         (evaluation, position, type_id, state, value, passed, explanation, reason, cost_nanos)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const score of scores) {
      insert.run(
        ...key,
        score.typeId,
        score.state,
        score.value,
        score.passed === null ? null : Number(score.passed),
        score.explanation,
        score.reason,
        score.costNanos,
      );
    }
    this.#prepare('UPDATE evaluation_log SET state = 2 WHERE evaluation = ? AND position = ?').run(...key);
  }

  countDone(evaluationId: string): number {
    return this.#count(
      `SELECT count(*) AS n FROM evaluation_log WHERE evaluation = ${NUMBER} AND state = 2`,
      evaluationId,
    );
  }

  countStarted(evaluationId: string): number {
    return this.#count(
      `SELECT count(*) AS n FROM evaluation_log WHERE evaluation = ${NUMBER} AND was_started = 1`,
      evaluationId,
    );
  }

  summarise(evaluationId: string): ScoreSummary[] {
    const rows = this.#prepare(
      `SELECT type_id, state, reason, count(*) AS n, sum(value) AS total, sum(passed) AS passed,
              sum(cost_nanos) AS cost
       FROM score WHERE evaluation = ${NUMBER} GROUP BY type_id, state, reason ORDER BY type_id`,
    ).all(evaluationId);
    const byType = Map.groupBy(rows, (row) => String(row.type_id));
    return [...byType].map(([typeId, group]) => summaryOf(typeId, group));
  }

  list(
    evaluationId: string,
    selection: Parameters<EvaluationStore['listScores']>[1],
    paging: Parameters<EvaluationStore['listScores']>[2],
  ): ScorePage {
    const wanted: string[] = [];
    const values: Value[] = [evaluationId];
    const want = (column: string, value: Value): void => {
      if (value === null) return;
      wanted.push(`AND score.${column} = ?`);
      values.push(value);
    };
    want('type_id', selection.typeId);
    want('state', selection.state);
    want('passed', selection.passed === null ? null : Number(selection.passed));
    const from = `FROM score JOIN evaluation_log USING (evaluation, position)
      WHERE score.evaluation = ${NUMBER} ${wanted.join(' ')}`;
    const rows = this.#prepare(
      `SELECT log_id, score.* ${from} ORDER BY score.position, score.type_id LIMIT ? OFFSET ?`,
    ).all(...values, paging.limit, paging.offset);
    return {
      totalCount: this.#count(`SELECT count(*) AS n ${from}`, ...values),
      scores: rows.map((row) => ({ logId: String(row.log_id), ...scoreOf(row) })),
    };
  }

  #count(sql: string, ...values: Value[]): number {
    return Number(this.#prepare(sql).get(...values)?.n ?? 0);
  }
}

function summaryOf(typeId: string, rows: readonly Row[]): ScoreSummary {
  const scored = rows.filter((row) => row.state === 'scored');
  const sum = (group: readonly Row[], column: string): number =>
    group.reduce((total, row) => total + Number(row[column] ?? 0), 0);
  const reasons = (state: ScoreState): Record<string, number> =>
    Object.fromEntries(
      rows.filter((row) => row.state === state).map((row) => [String(row.reason ?? ''), Number(row.n)]),
    );
  const count = sum(scored, 'n');
  return {
    typeId,
    scored: count,
    passed: sum(scored, 'passed'),
    average: count === 0 ? null : sum(scored, 'total') / count,
    skipped: reasons('skipped'),
    failed: reasons('failed'),
    costNanos: sum(rows, 'cost'),
  };
}

function scoreOf(row: Row): Score {
  const text = (column: string): string | null => (row[column] === null ? null : String(row[column]));
  const number = (column: string): number | null => (row[column] === null ? null : Number(row[column]));
  return {
    typeId: String(row.type_id),
    state: String(row.state) as ScoreState,
    value: number('value'),
    passed: row.passed === null ? null : row.passed === 1,
    explanation: text('explanation'),
    reason: text('reason'),
    costNanos: number('cost_nanos'),
  };
}
