import type { EvaluationDesk } from '../core/evaluation-desk.ts';
import { nanosToUsd } from '../core/money.ts';
import type { Evaluation } from '../core/stores/evaluations.ts';
import type { EvaluationObject } from './contract/evaluations.ts';
import { showDataset } from './datasets.ts';
import { raiseEvaluators } from './evaluation-parameters.ts';

const STATUS = { 'in-progress': 1, completed: 2, error: 3 } as const;

/** An evaluation as the management API shows it; of one that is being made, what it has found so far. */
export function showEvaluation(evaluation: Evaluation, desk: EvaluationDesk): EvaluationObject {
  const { account, createdAt, modifiedAt, state } = evaluation;
  const processed = state === 'completed' || state === 'error';
  const created_at = new Date(createdAt).toISOString();
  const modified_at = new Date(modifiedAt).toISOString();
  return {
    id: evaluation.id,
    gateway_id: evaluation.gateway,
    name: evaluation.name,
    processed,
    total_logs: evaluation.totalLogs,
    datasets: evaluation.datasets.map((dataset) => ({
      ...showDataset(dataset),
      account_id: account,
      account_tag: account,
    })),
    results: desk.resultsOf(evaluation).map((each) => ({
      id: `${evaluation.id}:${each.typeId}`,
      evaluation_id: evaluation.id,
      evaluation_type_id: each.typeId,
      result: each.result,
      status: STATUS[each.status],
      status_description: each.description,
      total_logs: each.scoredLogs,
      cost: nanosToUsd(each.costNanos),
      created_at,
      modified_at,
    })),
    created_at,
    modified_at,
    state,
    processed_logs: desk.store.countDone(evaluation.id),
    problem: evaluation.problem,
    parameters: raiseEvaluators(evaluation.evaluators),
  };
}
