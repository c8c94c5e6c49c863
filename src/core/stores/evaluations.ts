import type { EvaluatorChoice, TypeResult } from '../evaluation.ts';
import type { LogFilter } from './logs.ts';

/** A saved selection of logs: it grows by itself as records come that match. Times are epoch milliseconds. */
export interface Dataset {
  readonly id: string;
  readonly account: string;
  readonly gateway: string;
  readonly name: string;
  readonly enable: boolean;
  /** All must match. */
  readonly filters: readonly LogFilter[];
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Collecting its records, judging them, over: with its results, or with why there are none. */
export type EvaluationState = 'collecting' | 'running' | 'completed' | 'error';

export interface Evaluation {
  readonly id: string;
  readonly account: string;
  readonly gateway: string;
  readonly name: string;
  /** Whose doing it is: calls to a judge are made in this token's name. */
  readonly tokenId: string;
  /** As they were when the evaluation was made. */
  readonly datasets: readonly Dataset[];
  readonly evaluators: readonly EvaluatorChoice[];
  readonly state: EvaluationState;
  /** Records found; 0 while they are collected. */
  readonly totalLogs: number;
  /** True when there were more than an evaluation takes. */
  readonly isCut: boolean;
  /** Why it is in error, for people. */
  readonly problem: string | null;
  /** Empty until it is over. */
  readonly results: readonly TypeResult[];
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** `skipped`: there was nothing to judge; `failed`: there was, and it could not be done. */
export type ScoreState = 'scored' | 'skipped' | 'failed';

/** What one evaluator found about one record. */
export interface Score {
  readonly typeId: string;
  readonly state: ScoreState;
  /** USD, ms, or 0 to 1, as the type has it. */
  readonly value: number | null;
  /** Null where nothing can pass or fail. */
  readonly passed: boolean | null;
  /** Why it is so, for people; hostile text as every answer is. */
  readonly explanation: string | null;
  /** Why it failed or was skipped, to be counted by. */
  readonly reason: string | null;
  /** What asking a judge cost; null when nobody was asked or it is unknown. */
  readonly costNanos: number | null;
}

export interface StoredScore extends Score {
  readonly logId: string;
}

/** The scores of one type, added up. */
export interface ScoreSummary {
  readonly typeId: string;
  readonly scored: number;
  readonly passed: number;
  /** Average over those scored; null when there are none. */
  readonly average: number | null;
  readonly skipped: Readonly<Record<string, number>>;
  readonly failed: Readonly<Record<string, number>>;
  readonly costNanos: number;
}

export interface ScorePage {
  readonly scores: readonly StoredScore[];
  readonly totalCount: number;
}

/**
 * Datasets, evaluations and what they found. Synchronous, in a file of its own; what a call wrote outlives the process
 * being killed. Everything is found only under its own account and gateway.
 */
export interface EvaluationStore {
  /** Newest first. */
  listDatasets(account: string, gateway: string): Dataset[];
  findDataset(account: string, gateway: string, id: string): Dataset | null;
  putDataset(dataset: Dataset): void;
  deleteDataset(account: string, gateway: string, id: string): void;

  /** Newest first. */
  listEvaluations(account: string, gateway: string): Evaluation[];
  findEvaluation(account: string, gateway: string, id: string): Evaluation | null;
  /** Those that are not over, oldest first, of every account. */
  unfinishedEvaluations(): Evaluation[];
  putEvaluation(evaluation: Evaluation): void;
  deleteEvaluation(account: string, gateway: string, id: string): void;
  /** Removes a chunk of what deleted evaluations left; 0 when there is nothing left. */
  sweep(): number;
  /** Datasets and evaluations of a gateway that is deleted. */
  deleteGateway(account: string, gateway: string): void;

  /** Records to be judged; one that is there already changes nothing. */
  addLogs(evaluationId: string, logIds: readonly string[]): void;
  countLogs(evaluationId: string): number;
  /** Records that nothing has been done about, in the order in which they were added. */
  waitingLogs(evaluationId: string, limit: number): string[];
  /** Records of which a judge was being asked when the process ended. */
  startedLogs(evaluationId: string): string[];
  /** Before a judge is asked: it must be known afterwards that it may have been. */
  markStarted(evaluationId: string, logId: string): void;
  /** The record is done. All or nothing. */
  putScores(evaluationId: string, logId: string, scores: readonly Score[]): void;
  countDone(evaluationId: string): number;
  /** Calls to judges that were made or may have been. */
  countStarted(evaluationId: string): number;
  summarise(evaluationId: string): ScoreSummary[];
  listScores(
    evaluationId: string,
    selection: {
      readonly typeId: string | null;
      readonly state: ScoreState | null;
      readonly passed: boolean | null;
    },
    paging: { readonly limit: number; readonly offset: number },
  ): ScorePage;
  close(): void;
}
