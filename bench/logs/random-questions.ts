import type { LogFilter, LogQuery } from '../../src/core/stores/logs.ts';
import { type Asked, ask, type Samples } from './questions.ts';
import { Random } from './random.ts';

type Value = LogFilter['value'][number];
type Operator = LogFilter['operator'];

const OPERATORS: readonly Operator[] = ['eq', 'neq', 'contains', 'lt', 'gt'];
const ORDERS = [
  'provider',
  'model',
  'model_type',
  'success',
  'cached',
  'cost',
  'tokens_in',
  'tokens_out',
  'duration',
  'feedback',
];

/** Keys of the list of logs with values that match much, little and nothing, and parts of them for `contains`. */
function keys({ session, id, trace }: Samples): Readonly<Record<string, readonly Value[]>> {
  const bools = [true, false];
  return {
    id: [id, id.slice(9, 18), 'cafe', 'f-a', '7'],
    event_id: [id, id.slice(0, 8), 'beef', '00', null],
    session_id: [session, session.slice(0, 13), 'abc', null],
    provider: ['openai', 'anthropic', 'groq', 'ai', 'none'],
    model: ['gpt-4o-mini', 'claude-opus-4-1', 'sonnet', '4', null],
    model_requested: ['gpt-5', 'GPT', 'kimi'],
    model_type: ['chat', 'messages', 'embed'],
    path: ['chat/completions', 'v1', 'embeddings'],
    user_agent: ['node', 'python', 'CLI', 'curl/8.14.1'],
    error_type: ['server_error', 'overload', 'rate-limited', null],
    user_id: ['u-4711', 'u-0', '471', 'u-', null],
    token_id: ['4', 'aa', 'none'],
    request_type: ['native', 'replay'],
    response_content_type: ['text/event-stream', 'json'],
    outcome: ['complete', 'failed', 'left'],
    method: ['POST', 'GET'],
    cache_kind: ['exact', null],
    cache_reason: ['gate-names', 'gate-', 'score', null],
    'metadata.key': ['feature', 'trace', 'e', 'none'],
    'metadata.value': ['staging', 'billing', 'u-47', '1'],
    'metadata:team': ['billing', 'search', 'a', null],
    'metadata:user': ['u-4711', '-47', 'u-1', null],
    'metadata:trace': [trace, 'cafe', '0', null],
    'metadata:feature': ['agent', 'rank', null],
    success: bools,
    cached: bools,
    streamed: bools,
    rate_limited: bools,
    authentication: bools,
    wholesale: bools,
    status_class: [2, 4, 5],
    status_code: [200, 429, 500, 418],
    step: [0, 1],
    feedback: [1, null],
    cost: [0, 0.001, 0.05, 7],
    tokens: [42, 1000, 5000, 100_000],
    tokens_in: [50, 900, 4000],
    tokens_out: [0, 10, 220, 2000, null],
    duration: [42, 0.5, 1000, 20_000],
    ttfb: [1, 500, 5000, null],
  };
}

const SEARCHES = [
  'claude',
  'u-47',
  'overloaded',
  'unobtainium',
  '42',
  'billing',
  'a',
  '"team":"web"',
  'request 0',
];

/** `count` first pages with any combination of filters: the same ones for the same seed. */
export function randomQuestions(samples: Samples, count: number, seed: number): readonly Asked[] {
  const random = new Random(seed);
  const known = keys(samples);
  const names = Object.keys(known);
  const filter = (): LogFilter => {
    const key = random.pick(names);
    const most = random.chance(0.2) ? 3 : 1;
    const value = Array.from({ length: most }, () => random.pick(known[key]!));
    const operator =
      typeof value[0] === 'boolean' ? random.pick(['eq', 'neq'] as const) : random.pick(OPERATORS);
    return { key, operator, value };
  };
  return Array.from({ length: count }, (_, index) => {
    const change: Partial<LogQuery> = {
      filters: Array.from({ length: 1 + random.rank(8) }, filter),
      search: random.chance(0.15) ? random.pick(SEARCHES) : null,
      orderBy: random.chance(0.3) ? random.pick(ORDERS) : 'created_at',
      direction: random.chance(0.75) ? 'desc' : 'asc',
      withRanges: random.chance(0.15),
    };
    return ask(`${index + 1}: ${describe(change)}`, change);
  });
}

function describe({ filters = [], search, orderBy, direction, withRanges }: Partial<LogQuery>): string {
  const parts = filters.map(({ key, operator, value }) => `${key} ${operator} ${JSON.stringify(value)}`);
  if (search !== null) parts.push(`search ${JSON.stringify(search)}`);
  if (orderBy !== 'created_at' || direction !== 'desc') parts.push(`by ${orderBy} ${direction}`);
  if (withRanges) parts.push('with ranges');
  return parts.join(', ');
}
