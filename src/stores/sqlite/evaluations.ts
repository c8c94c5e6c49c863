import type { Dataset, Evaluation, EvaluationStore, Score } from '../../core/stores/evaluations.ts';
import { type Database, migrate, type Statement, type Value } from './database.ts';
import { EvaluationScores } from './evaluation-scores.ts';
import { EVALUATION_MIGRATIONS } from './evaluations-schema.ts';
import { type OpenedFile, openOrBegin } from './open-file.ts';

const CHUNK = 2_000;

/** Opens or creates evaluations.db. A damaged file is set aside: the gateway serves on without what was in it. */
export function openEvaluationStore(path: string, nowMs: number): OpenedFile<EvaluationStore> {
  return openOrBegin(path, nowMs, (database) => {
    // Explanations quote answers: what is deleted must be gone from the file.
    database.exec('PRAGMA secure_delete = ON');
    migrate(database, EVALUATION_MIGRATIONS);
    return new SqliteEvaluationStore(database);
  });
}

class SqliteEvaluationStore implements EvaluationStore {
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();
  readonly #scores: EvaluationScores;

  constructor(database: Database) {
    this.#database = database;
    this.#scores = new EvaluationScores((sql) => this.#prepared(sql));
  }

  listDatasets(account: string, gateway: string): Dataset[] {
    return this.#all<Dataset>(
      'SELECT document FROM dataset WHERE account = ? AND gateway = ? ORDER BY id DESC',
      account,
      gateway,
    );
  }

  findDataset(account: string, gateway: string, id: string): Dataset | null {
    const sql = 'SELECT document FROM dataset WHERE account = ? AND gateway = ? AND id = ?';
    return this.#all<Dataset>(sql, account, gateway, id)[0] ?? null;
  }

  putDataset(dataset: Dataset): void {
    this.#run(
      'INSERT OR REPLACE INTO dataset (account, gateway, id, document) VALUES (?, ?, ?, ?)',
      dataset.account,
      dataset.gateway,
      dataset.id,
      JSON.stringify(dataset),
    );
  }

  deleteDataset(account: string, gateway: string, id: string): void {
    this.#run('DELETE FROM dataset WHERE account = ? AND gateway = ? AND id = ?', account, gateway, id);
  }

  listEvaluations(account: string, gateway: string): Evaluation[] {
    return this.#all<Evaluation>(
      'SELECT document FROM evaluation WHERE account = ? AND gateway = ? ORDER BY id DESC',
      account,
      gateway,
    );
  }

  findEvaluation(account: string, gateway: string, id: string): Evaluation | null {
    const sql = 'SELECT document FROM evaluation WHERE account = ? AND gateway = ? AND id = ?';
    return this.#all<Evaluation>(sql, account, gateway, id)[0] ?? null;
  }

  unfinishedEvaluations(): Evaluation[] {
    return this.#all<Evaluation>('SELECT document FROM evaluation WHERE is_over = 0 ORDER BY id');
  }

  putEvaluation(evaluation: Evaluation): void {
    const isOver = evaluation.state === 'completed' || evaluation.state === 'error' ? 1 : 0;
    // Numbers are never used again, not even those of deleted evaluations whose scores are still being removed.
    this.#run(
      `INSERT INTO evaluation (account, gateway, id, number, is_over, document)
       VALUES (?, ?, ?, 1 + max(
         (SELECT coalesce(max(number), 0) FROM evaluation),
         (SELECT coalesce(max(evaluation), 0) FROM evaluation_log),
         (SELECT coalesce(max(evaluation), 0) FROM score)), ?, ?)
       ON CONFLICT (account, gateway, id) DO UPDATE SET is_over = excluded.is_over, document = excluded.document`,
      evaluation.account,
      evaluation.gateway,
      evaluation.id,
      isOver,
      JSON.stringify(evaluation),
    );
  }

  deleteEvaluation(account: string, gateway: string, id: string): void {
    this.#run('DELETE FROM evaluation WHERE account = ? AND gateway = ? AND id = ?', account, gateway, id);
  }

  deleteGateway(account: string, gateway: string): void {
    this.#database.transaction(() => {
      this.#run('DELETE FROM dataset WHERE account = ? AND gateway = ?', account, gateway);
      this.#run('DELETE FROM evaluation WHERE account = ? AND gateway = ?', account, gateway);
    });
  }

  sweep(): number {
    let removed = 0;
    for (const table of ['score', 'evaluation_log']) {
      const orphan = this.#prepared(
        `SELECT evaluation AS number FROM ${table}
         WHERE evaluation NOT IN (SELECT number FROM evaluation) LIMIT 1`,
      ).get();
      if (orphan === undefined) continue;
      const key = table === 'score' ? 'evaluation, type_id, position' : 'evaluation, position';
      removed += this.#prepared(
        `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE evaluation = ? LIMIT ${CHUNK})`,
      ).run(Number(orphan.number)).changes;
    }
    return removed;
  }

  addLogs(evaluationId: string, logIds: readonly string[]): void {
    this.#database.transaction(() => this.#scores.addLogs(evaluationId, logIds));
  }

  countLogs(evaluationId: string): number {
    return this.#scores.countLogs(evaluationId);
  }

  waitingLogs(evaluationId: string, limit: number): string[] {
    return this.#scores.logsInState(evaluationId, 0, limit);
  }

  startedLogs(evaluationId: string): string[] {
    return this.#scores.logsInState(evaluationId, 1, -1);
  }

  markStarted(evaluationId: string, logId: string): void {
    this.#scores.markStarted(evaluationId, logId);
  }

  putScores(evaluationId: string, logId: string, scores: readonly Score[]): void {
    this.#database.transaction(() => this.#scores.put(evaluationId, logId, scores));
  }

  countDone(evaluationId: string): number {
    return this.#scores.countDone(evaluationId);
  }

  countStarted(evaluationId: string): number {
    return this.#scores.countStarted(evaluationId);
  }

  summarise(evaluationId: string): ReturnType<EvaluationStore['summarise']> {
    return this.#scores.summarise(evaluationId);
  }

  listScores(
    ...selection: Parameters<EvaluationStore['listScores']>
  ): ReturnType<EvaluationStore['listScores']> {
    return this.#scores.list(...selection);
  }

  close(): void {
    this.#database.close();
  }

  #all<T>(sql: string, ...values: Value[]): T[] {
    return this.#prepared(sql)
      .all(...values)
      .map((row) => JSON.parse(String(row.document)) as T);
  }

  #run(sql: string, ...values: Value[]): void {
    this.#prepared(sql).run(...values);
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
