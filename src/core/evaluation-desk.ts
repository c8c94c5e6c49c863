import type { EvaluatorChoice, TypeResult } from './evaluation.ts';
import type { Evaluation, EvaluationStore } from './stores/evaluations.ts';

/** What can be done with evaluations from outside their room. */
export interface EvaluationDesk {
  readonly store: EvaluationStore;
  /** Begins one that is in the store. */
  start(evaluation: Evaluation): void;
  /** To be called when evaluations were deleted: what is still done for them ends. */
  dropDeleted(): void;
  /** One for each type; of an evaluation that is being made, what it has found so far. */
  resultsOf(evaluation: Evaluation): readonly TypeResult[];
  /** Why an evaluator cannot work with its parameters, for people; null when it can. */
  problemOf(choice: EvaluatorChoice): Promise<string | null>;
}
