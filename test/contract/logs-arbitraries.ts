import fc from 'fast-check';
import type { LogQuery, LogRecord } from '../../src/core/stores/logs.ts';
import { emptyUsage } from '../../src/core/usage.ts';

/** Records, changes and questions for stores of logs: few values, so that they meet, and awkward ones. */
export const START = Date.UTC(2026, 9, 1);

const word = fc.constantFrom(
  '',
  'a',
  'ab',
  'b',
  'B',
  'gpt-4o',
  'GPT-4o mini',
  '100%_sure',
  'é',
  'É',
  '\u{1F600}',
  '\uFFFD',
  '"',
  '\\n',
  'a,"b":',
  '3',
  'true',
  "o'neil",
);
/** Ends of some words and beginnings of others, and parts of ids. */
const piece = fc.constantFrom(
  'bb',
  'aa',
  '4oG',
  'e"',
  '0',
  'f-',
  '-4',
  'c3',
  '7',
  '8g',
  'a!',
  'a ',
  '80000000-0',
);
const wordOrNull = fc.option(word, { nil: null });
const scalar = fc.oneof(word, fc.boolean(), fc.constantFrom(0, 3, 3.5, -1, 1e21, 12345678901234, 0.1));
const metadata = fc.option(
  fc.dictionary(fc.constantFrom('user', 'team', 'a"b', '1', 'É', ''), scalar, { maxKeys: 3 }),
  {
    nil: null,
  },
);
const tokens = fc.option(fc.constantFrom(0, 1, 5, 250, 70_000, 5_000_000_000), { nil: null });

export const record: fc.Arbitrary<Partial<LogRecord>> = fc.record({
  id: fc.oneof({ weight: 30, arbitrary: fc.uuid() }, { weight: 1, arbitrary: fc.ulid() }),
  createdAt: fc.integer({ min: 0, max: 40 }).map((offset) => START + offset),
  gateway: fc.constantFrom('main', 'main', 'other'),
  provider: word,
  model: wordOrNull,
  path: word,
  userAgent: wordOrNull,
  sessionId: wordOrNull,
  cacheReason: wordOrNull,
  errorMessage: wordOrNull,
  eventId: fc.oneof({ weight: 1, arbitrary: word }, { weight: 4, arbitrary: fc.uuid() }),
  metadata,
  success: fc.boolean(),
  cached: fc.boolean(),
  streamed: fc.boolean(),
  statusCode: fc.constantFrom(200, 299, 404, 429, 500),
  durationMs: fc.constantFrom(0, 0.001, 2, 523.25, 1 / 3, 90_000.5),
  firstByteMs: fc.option(fc.constantFrom(1.5, 20, Math.PI), { nil: null }),
  costNanos: fc.option(fc.constantFrom(0, 10, 48_300, 9_000_000_000), { nil: null }),
  usage: fc
    .tuple(tokens, tokens)
    .map(([inputTokens, outputTokens]) => ({ ...emptyUsage(), inputTokens, outputTokens })),
});

export type Step =
  | { readonly kind: 'append'; readonly records: readonly Partial<LogRecord>[] }
  | { readonly kind: 'patch'; readonly at: number; readonly change: object }
  | {
      readonly kind: 'delete';
      readonly at: number;
      readonly limit: number;
      readonly filters: LogQuery['filters'];
    }
  | { readonly kind: 'arrange' };

const TEXT_KEYS = [
  'provider',
  'model',
  'path',
  'user_agent',
  'session_id',
  'cache_reason',
  'event_id',
  'id',
  'metadata.key',
  'metadata.value',
  'metadata:user',
  'metadata:a"b',
  'dlp_action',
];
const NUMBER_KEYS = [
  'created_at',
  'success',
  'cached',
  'streamed',
  'status_code',
  'status_class',
  'duration',
  'ttfb',
  'cost',
  'tokens',
  'tokens_in',
  'tokens_out',
  'feedback',
  'wholesale',
  'step',
];
const operator = fc.constantFrom('eq', 'neq', 'contains', 'lt', 'gt');
const filter = fc.oneof(
  fc.record({
    key: fc.constantFrom('metadata:user', 'metadata:a"b', 'metadata:É', 'metadata.value', 'metadata.key'),
    operator,
    value: fc.array(fc.oneof(word, piece), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    key: fc.constantFrom(...TEXT_KEYS),
    operator,
    value: fc.array(fc.option(fc.oneof(word, piece, scalar), { nil: null }), { minLength: 0, maxLength: 3 }),
  }),
  fc.record({
    key: fc.constantFrom(...NUMBER_KEYS),
    operator,
    value: fc.array(
      fc.option(
        fc.constantFrom<(string | number | boolean)[]>(
          0,
          1,
          2,
          4,
          5,
          250,
          404,
          0.001,
          1 / 3,
          523.25,
          '523.25',
          0.0000483,
          9,
          START + 20,
          '.',
          '3',
          '23.2',
          '.0',
          true,
          'no',
          70_000,
        ),
        { nil: null },
      ),
      { minLength: 0, maxLength: 3 },
    ),
  }),
) as fc.Arbitrary<LogQuery['filters'][number]>;

export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      records: fc.array(record, { maxLength: 20 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('patch' as const),
      at: fc.nat(60),
      change: fc.oneof(
        fc.record({ feedback: fc.constantFrom(-1, 0, 1, null) }),
        fc.record({ metadata }),
        fc.record({ score: fc.constantFrom(0.5, null) }),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      at: fc.nat(40),
      limit: fc.nat(12),
      filters: fc.array(filter, { maxLength: 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('arrange' as const) }) },
);

export const query = fc.record({
  filters: fc.oneof(
    { weight: 3, arbitrary: fc.array(filter, { maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(filter, { maxLength: 3 }) },
  ),
  search: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('a', 'gpt', '"user"', '},', ',"', 'É', '0', 'bb', 'f0', 'main', '3', '-'),
    },
  ),
  from: fc.option(fc.integer({ min: START, max: START + 40 }), { nil: null }),
  to: fc.option(fc.integer({ min: START, max: START + 40 }), { nil: null }),
  orderBy: fc.constantFrom(
    'created_at',
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
  ),
  direction: fc.constantFrom('asc' as const, 'desc' as const),
  limit: fc.constantFrom(1, 3, 50),
  offset: fc.constantFrom(0, 0, 0, 2, 10),
  withRanges: fc.boolean(),
});
