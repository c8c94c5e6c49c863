import type { Conversation } from '../core/conversation.ts';
import type { EvaluationTypeId, EvaluatorChoice, ExactMatchParameters } from '../core/evaluation.ts';
import type { Score } from '../core/stores/evaluations.ts';
import type { LogRow } from '../core/stores/logs.ts';
import { type AnswerText, answerText } from './conversation-text.ts';
import type { Reason } from './results.ts';
import type { TextChecker } from './text-checker.ts';

export const scored = (
  typeId: EvaluationTypeId,
  value: number,
  passed: boolean | null,
  explanation: string | null = null,
  costNanos: number | null = null,
): Score => ({ typeId, state: 'scored', value, passed, explanation, reason: null, costNanos });

export const unscored = (
  typeId: EvaluationTypeId,
  state: 'skipped' | 'failed',
  reason: Reason,
  explanation: string | null = null,
  costNanos: number | null = null,
): Score => ({ typeId, state, value: null, passed: null, explanation, reason, costNanos });

/** True for what is found in the row alone. */
export function needsAnswer({ typeId }: EvaluatorChoice): boolean {
  return typeId !== 'cost' && typeId !== 'speed' && typeId !== 'human_feedback';
}

/** What every evaluator but the judge finds about a record. */
export async function scoreRecord(
  choice: Exclude<EvaluatorChoice, { typeId: 'model_judge' }>,
  row: LogRow,
  conversation: Conversation | null,
  checker: TextChecker,
): Promise<Score> {
  const { typeId } = choice;
  switch (choice.typeId) {
    case 'cost':
      if (row.costNanos === null) return unscored(typeId, 'skipped', 'no-value');
      return scored(typeId, row.costNanos / 1e9, null);
    case 'speed':
      return scored(typeId, row.durationMs, null);
    case 'human_feedback':
      if (row.feedback === null || row.feedback === 0) return unscored(typeId, 'skipped', 'no-value');
      return scored(typeId, row.feedback, row.feedback > 0);
  }
  const answer = conversation === null ? null : answerText(conversation);
  if (answer === null) return unscored(typeId, 'skipped', 'no-answer');
  if (choice.typeId === 'exact_match') return matchExactly(choice.parameters, row, answer);
  if (answer.isCut) return unscored(typeId, 'skipped', 'cut');
  const outcome = await checker.check(
    choice.typeId === 'regex_match'
      ? { kind: 'regex', ...choice.parameters }
      : { kind: 'json-schema', schema: choice.parameters.schema },
    answer.text,
  );
  if (outcome.kind !== 'verdict') return unscored(typeId, 'failed', outcome.kind, outcome.message);
  const { passed, explanation } = outcome.verdict;
  return scored(typeId, passed ? 1 : 0, passed, explanation);
}

/** White space around either text does not count. */
function matchExactly(parameters: ExactMatchParameters, row: LogRow, answer: AnswerText): Score {
  const { expected, metadataKey, ignoreCase } = parameters;
  const wanted =
    expected ?? (metadataKey === null ? undefined : row.metadata?.[metadataKey])?.toString() ?? null;
  if (wanted === null) return unscored('exact_match', 'skipped', 'no-value');
  const plain = (text: string): string => (ignoreCase ? text.trim().toLowerCase() : text.trim());
  const passed = plain(wanted) === plain(answer.text);
  // A text of which the end is missing is another text, whatever the end is, only if the beginnings differ.
  if (!passed && answer.isCut && plain(wanted).startsWith(plain(answer.text)))
    return unscored('exact_match', 'skipped', 'cut');
  return scored('exact_match', passed ? 1 : 0, passed);
}
