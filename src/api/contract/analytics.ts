import { z } from 'zod';
import { INTERVALS, type Interval } from '../../core/stores/analytics.ts';

export const intervalSchema = z.enum(Object.keys(INTERVALS) as [Interval, ...Interval[]]);

const quantilesSchema = z.object({
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});

/** The figures of one group in one bucket of time. Money is USD, times are ms; quantiles are within 10 %. */
export const analyticsRowSchema = z.object({
  bucket: z.iso.datetime().nullable().meta({ description: 'Begin of the bucket; null without an interval.' }),
  group: z.array(z.string()).nullable().meta({
    description:
      'One value per `group_by`; an empty one is unknown or none. Null is the row of all groups that have none of their own.',
  }),
  requests: z.number(),
  errors: z.number(),
  rate_limited: z.number(),
  cached_requests: z.number(),
  tokens_in: z.number(),
  tokens_out: z.number(),
  cached_tokens_in: z.number(),
  cached_tokens_out: z.number(),
  cache_read_tokens: z.number(),
  cache_write_tokens: z.number(),
  reasoning_tokens: z.number(),
  cost: z.number(),
  saved: z.number(),
  saved_ms: z.number(),
  unpriced_requests: z
    .number()
    .meta({ description: 'Their tokens are known but not their price: `cost` is without them.' }),
  duration: quantilesSchema,
  ttfb: quantilesSchema,
  overhead: quantilesSchema,
  tokens_per_second: quantilesSchema,
});
export type AnalyticsRowObject = z.infer<typeof analyticsRowSchema>;

export const analyticsObjectSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  interval: intervalSchema.nullable(),
  scanned: z.boolean().meta({
    description: 'The records themselves were read: requests whose records were deleted are not counted.',
  }),
  rows: z.array(analyticsRowSchema),
});
export type AnalyticsObject = z.infer<typeof analyticsObjectSchema>;

export const agentSessionSchema = z.object({
  id: z.string(),
  gateway: z.string(),
  title: z.string().nullable().meta({
    description:
      'First line of the first prompt. Null for those who may not read bodies, and when there is none.',
  }),
  state: z.enum(['running', 'done', 'looping']).meta({
    description:
      'Looping: the last three requests or more are near the same. Running: it went on a short time ago.',
  }),
  started_at: z.iso.datetime(),
  last_at: z.iso.datetime().meta({ description: 'When the last request came.' }),
  ended_at: z.iso.datetime().meta({ description: 'When the last reply ended.' }),
  requests: z.number(),
  errors: z.number(),
  cached_requests: z.number(),
  tokens_in: z.number(),
  tokens_out: z.number(),
  cost: z.number(),
  saved: z.number(),
  user_agent: z.string().nullable(),
  user_id: z.string().nullable(),
  model: z.string().nullable().meta({ description: 'Of the last request.' }),
  first_record: z.string().meta({ description: 'Id of the first log.' }),
  repeats: z.number().meta({ description: 'Requests in a row, up to the last, that are near the same.' }),
  most_repeats: z.number().meta({ description: 'The longest such row.' }),
});
export type AgentSessionObject = z.infer<typeof agentSessionSchema>;

export const attentionObjectSchema = z.object({
  kind: z.enum([
    'error-spike',
    'limit-reached',
    'unknown-price',
    'spool-backlog',
    'provider-down',
    'semantic-cache-paused',
    'degraded',
  ]),
  gateway: z.string().nullable(),
  subject: z.string().nullable().meta({ description: 'The provider, model or component that it is about.' }),
  message: z.string(),
  since: z.iso.datetime().nullable(),
  filters: z
    .array(
      z.object({
        key: z.string(),
        operator: z.enum(['eq', 'neq', 'contains', 'lt', 'gt']),
        value: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
      }),
    )
    .meta({ description: 'Filters of the list of logs that show it.' }),
});
export type AttentionObject = z.infer<typeof attentionObjectSchema>;
