import type {
  Evaluation,
  EvaluationResult,
  EvaluationType,
  Parameters,
  Score,
} from '../../api/evaluations.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatMoney } from '../../format/money.ts';
import { UNKNOWN } from '../../format/numbers.ts';
import { evaluationsWords as words } from '../../words/evaluations.ts';

type Unit = EvaluationType['unit'];

export const isRunning = ({ state }: Pick<Evaluation, 'state'>): boolean =>
  state === 'collecting' || state === 'running';

/** A number in the unit of its type: money, a duration, a share. */
export function formatResult(unit: Unit | undefined, value: number | null): string {
  if (value === null || Number.isNaN(value)) return UNKNOWN;
  switch (unit) {
    case 'usd':
      return formatMoney(value);
    case 'ms':
      return formatDuration(value);
    case 'percent':
      return `${Number(value.toFixed(1))} %`;
    default:
      return String(Number(value.toFixed(2)));
  }
}

export const resultNumber = ({ result }: Pick<EvaluationResult, 'result'>): number | null =>
  result === '' ? null : Number(result);

/** Share of what is done; null while it is not known how much there is. */
export function progressOf({ state, processed_logs: done, total_logs: all }: Evaluation): number | null {
  if (state === 'completed') return 1;
  return state === 'collecting' || all === 0 ? null : Math.min(1, done / all);
}

/** What is typed about evaluators, of all of them. */
export interface Typed {
  readonly expected: string;
  readonly expectedMetadata: string;
  readonly ignoreCase: boolean;
  readonly pattern: string;
  readonly negate: boolean;
  readonly schema: string;
  readonly judgeProvider: string;
  readonly judgeModel: string;
  readonly judgeInstructions: string;
  readonly judgeCost: string;
}

export const NOTHING_TYPED: Typed = {
  expected: '',
  expectedMetadata: '',
  ignoreCase: false,
  pattern: '',
  negate: false,
  schema: '{"type": "object"}',
  judgeProvider: 'openai',
  judgeModel: '',
  judgeInstructions: words.judgeDefault,
  judgeCost: '1',
};

/** What the chosen types need to know; null while something that one of them needs is missing or wrong. */
export function parametersOf(types: readonly string[], typed: Typed): Parameters | null {
  const parameters: Parameters = {};
  if (types.includes('exact_match')) {
    const { expected, expectedMetadata: key, ignoreCase: ignore_case } = typed;
    if (expected === '' && key.trim() === '') return null;
    parameters.exact_match =
      key.trim() === '' ? { expected, ignore_case } : { expected_metadata: key.trim(), ignore_case };
  }
  if (types.includes('regex_match')) {
    if (typed.pattern === '') return null;
    parameters.regex_match = { pattern: typed.pattern, negate: typed.negate };
  }
  if (types.includes('json_schema')) {
    const schema = readSchema(typed.schema);
    if (schema === null) return null;
    parameters.json_schema = { schema };
  }
  if (types.includes('model_judge')) {
    const max_cost = Number(typed.judgeCost);
    const [provider, model, instructions] = [
      typed.judgeProvider,
      typed.judgeModel,
      typed.judgeInstructions,
    ].map((text) => text.trim());
    if (!provider || !model || !instructions || !(max_cost > 0)) return null;
    parameters.model_judge = { provider, model, instructions, max_cost };
  }
  return parameters;
}

/** An object or a boolean; null for anything else. */
export function readSchema(text: string): Record<string, unknown> | boolean | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'boolean') return value;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

export function outcomeText({ state, passed }: Score): string {
  if (state === 'skipped') return words.outcomes.skipped;
  if (state === 'failed') return words.outcomes.error;
  return passed === null ? words.scored : passed ? words.outcomes.passed : words.outcomes.failed;
}

/** What is asked of the list of scores, by the outcome that is chosen. */
export function outcomeInput(outcome: string | undefined) {
  switch (outcome) {
    case 'passed':
      return { passed: true };
    case 'failed':
      return { passed: false };
    case 'skipped':
      return { state: 'skipped' };
    case 'error':
      return { state: 'failed' };
    default:
      return {};
  }
}
