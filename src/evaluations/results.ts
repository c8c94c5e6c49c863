import { EVALUATION_TYPES, type EvaluationType, type TypeResult } from '../core/evaluation.ts';
import type { Evaluation, ScoreSummary } from '../core/stores/evaluations.ts';

/** Why a record has no score, as the results say it. */
export const REASONS = {
  'no-answer': 'without an answer to judge',
  'no-value': 'without a value',
  gone: 'deleted meanwhile',
  cut: 'too long to be judged, or not kept whole',
  'call-limit': 'over the limit of calls',
  'cost-limit': 'over the limit of cost',
  'rate-limited': 'rate-limited',
  'judge-error': 'where the call failed',
  'no-verdict': 'answered without a verdict',
  'not-allowed': 'not asked, because the token or the gateway is gone',
  'too-much': 'where the check took too long',
  unusable: 'where the check could not be made',
} as const;

export type Reason = keyof typeof REASONS;

/** One result for each type of an evaluation, from what its scores add up to. */
export function resultsOf(
  evaluation: Evaluation,
  summaries: readonly ScoreSummary[],
  done: number,
  isOver: boolean,
): TypeResult[] {
  return evaluation.evaluators.map(({ typeId }) => {
    const type = EVALUATION_TYPES.find(({ id }) => id === typeId)!;
    const summary = summaries.find((each) => each.typeId === typeId) ?? null;
    const scored = summary?.scored ?? 0;
    const failed = total(summary?.failed);
    const isError = evaluation.problem !== null || (scored === 0 && failed > 0);
    return {
      typeId,
      result: summary === null ? '' : figure(type, summary),
      status: !isOver ? 'in-progress' : isError ? 'error' : 'completed',
      description: describe(evaluation, summary, done, isOver, isError),
      scoredLogs: scored,
      costNanos: summary?.costNanos ?? 0,
    };
  });
}

function figure({ unit }: EvaluationType, { scored, passed, average }: ScoreSummary): string {
  if (average === null) return '';
  switch (unit) {
    case 'usd':
      return String(Number(average.toFixed(9)));
    case 'ms':
      return String(Number(average.toFixed(1)));
    case 'percent':
      return String(Number(((100 * passed) / scored).toFixed(1)));
    case 'score':
      return String(Number(average.toFixed(3)));
  }
}

function describe(
  { totalLogs, isCut, problem }: Evaluation,
  summary: ScoreSummary | null,
  done: number,
  isOver: boolean,
  isError: boolean,
): string {
  const parts = [
    !isOver
      ? `in progress: ${done} of ${totalLogs} logs`
      : totalLogs === 0
        ? 'completed: no logs match the datasets'
        : `${isError ? 'error' : 'completed'}: ${summary?.scored ?? 0} of ${totalLogs} logs have a score`,
    ...(problem === null ? [] : [problem]),
    ...told(summary?.failed),
    ...told(summary?.skipped),
  ];
  if (isCut) parts.push(`only the newest ${totalLogs} logs were taken`);
  return parts.join('; ');
}

function told(reasons: Readonly<Record<string, number>> | undefined): string[] {
  return Object.entries(reasons ?? {}).map(
    ([reason, count]) => `${count} ${REASONS[reason as Reason] ?? reason}`,
  );
}

const total = (reasons: Readonly<Record<string, number>> | undefined): number =>
  Object.values(reasons ?? {}).reduce((sum, count) => sum + count, 0);
