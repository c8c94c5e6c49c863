import { z } from 'zod';
import { gatewayObjectSchema } from '../config/gateway-schema.ts';

/**
 * What the management API answers: one schema each, from which the OpenAPI document is made, and its type, which the
 * dashboard shares. Null is 'unknown' or 'does not apply', never 0.
 */
export type { GatewayObject } from '../config/gateway-schema.ts';
export { gatewayObjectSchema };

const dateTime = z.iso.datetime();
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const milliseconds = z.number().nullable();

export const permissionSchema = z.enum(['run', 'read', 'metadata-read', 'edit', 'admin']);

export const roleSchema = z.enum(['admin', 'editor', 'viewer', 'metadata-viewer', 'run']);
export type RoleName = z.infer<typeof roleSchema>;

export const tokenObjectSchema = z.object({
  id: z.string(),
  name: z.string(),
  preview: z.string().meta({ description: 'First characters of the token, for people to recognise it.' }),
  role: roleSchema.nullable().meta({ description: 'Null when the permissions are those of no role.' }),
  permissions: z.array(permissionSchema),
  status: z.enum(['active', 'expired', 'revoked']),
  created_at: dateTime,
  expires_at: dateTime.nullable(),
  revoked_at: dateTime.nullable(),
  last_used_at: dateTime.nullable().meta({ description: 'To some seconds; null when it was never used.' }),
  last_used_address: z.string().nullable(),
});
export type TokenObject = z.infer<typeof tokenObjectSchema>;

export const createdTokenSchema = tokenObjectSchema.extend({
  value: z.string().meta({ description: 'The token itself: shown this once and kept nowhere.' }),
});
export type CreatedToken = z.infer<typeof createdTokenSchema>;

export const providerConfigObjectSchema = z.object({
  id: z.string(),
  gateway_id: z.string(),
  provider_slug: z.string(),
  alias: z.string(),
  default_config: z.boolean(),
  secret_id: z.string(),
  secret_preview: z
    .string()
    .meta({ description: 'Last characters of the key; empty for short keys and JSON.' }),
  created_at: dateTime,
  modified_at: dateTime,
});
export type ProviderConfigObject = z.infer<typeof providerConfigObjectSchema>;

export const customProviderObjectSchema = z.object({
  id: z.string(),
  name: z.string(),
  slug: z.string().meta({ description: 'Used as `custom-{slug}` in the path of a request.' }),
  base_url: z.string(),
  description: z.string().nullable(),
  link: z.string().nullable(),
  enable: z.boolean(),
  beta: z.boolean(),
  curl_example: z.string().nullable(),
  js_example: z.string().nullable(),
  headers: z.string().nullable().meta({ description: 'JSON object of extra request headers, as text.' }),
  position: z.number().nullable(),
  created_at: dateTime,
  modified_at: dateTime,
});
export type CustomProviderObject = z.infer<typeof customProviderObjectSchema>;

const attemptSchema = z.object({
  step: z.number(),
  attempt: z.number(),
  provider: z.string(),
  model: z.string().nullable(),
  started: z.number().meta({ description: 'Ms after the request arrived.' }),
  first_byte: milliseconds,
  duration: z.number(),
  status_code: z.number().nullable(),
  error: z.string().nullable(),
  message: z.string().nullable(),
  waited: milliseconds,
});

const decisionSchema = z.object({
  stage: z.string(),
  outcome: z.string(),
  rule: z.string().nullable(),
  detail: z.string().nullable(),
});

const usageSchema = z.object({
  input_tokens: z.number().nullable(),
  output_tokens: z.number().nullable(),
  total_tokens: z.number().nullable(),
  input_cached_tokens: z.number().nullable(),
  input_cache_write_tokens: z.number().nullable(),
  input_cache_write_1h_tokens: z.number().nullable(),
  input_audio_tokens: z.number().nullable(),
  input_image_tokens: z.number().nullable(),
  output_reasoning_tokens: z.number().nullable(),
  output_audio_tokens: z.number().nullable(),
  output_image_tokens: z.number().nullable(),
  units: z.record(z.string(), z.number()).nullable(),
  estimated: z.boolean(),
});

export const logObjectSchema = z.object({
  id: z.string(),
  created_at: dateTime,
  provider: z.string(),
  model: z.string().meta({ description: 'Empty when it is unknown.' }),
  model_requested: z.string().nullable(),
  model_type: z.string().nullable(),
  method: z.string(),
  path: z.string(),
  request_type: z.string(),
  request_content_type: z.string().nullable(),
  response_content_type: z.string().nullable(),
  request_size: z.number(),
  response_size: z.number(),
  status_code: z.number(),
  success: z.boolean(),
  cached: z.boolean(),
  cache_status: z.enum(['HIT', 'MISS']).nullable(),
  cache_kind: z.enum(['exact', 'shared', 'semantic']).nullable(),
  cache_reason: z.string().nullable().meta({
    description: 'Why no similar answer was given: a code. Null when none was looked for, or for a hit.',
  }),
  rate_limited: z.boolean(),
  streamed: z.boolean(),
  outcome: z.enum(['complete', 'failed', 'left']),
  duration: z.number().meta({ description: 'Ms.' }),
  timings: z.object({ total: z.number(), latency: milliseconds }),
  ttfb: milliseconds,
  overhead: milliseconds,
  tokens_per_second: z.number().nullable(),
  tokens_in: z.number().nullable(),
  tokens_out: z.number().nullable(),
  usage_metadata: usageSchema.nullable(),
  cost: z.number().nullable().meta({ description: 'USD.' }),
  custom_cost: z.boolean(),
  saved: z.number().nullable().meta({ description: 'USD that a cache hit saved.' }),
  saved_ms: z.number().nullable().meta({
    description: 'Ms by which a cache hit was faster than the request that paid for its answer.',
  }),
  metadata: z.record(z.string(), scalar).nullable(),
  step: z.number(),
  attempts: z.array(attemptSchema),
  decisions: z.array(decisionSchema),
  event_id: z.string(),
  session_id: z.string().nullable(),
  user_agent: z.string().nullable(),
  finish_reason: z.string().nullable(),
  error_type: z.string().nullable(),
  error_message: z.string().nullable(),
  authentication: z.boolean(),
  byok: z.boolean(),
  wholesale: z.boolean(),
  token_id: z.string().nullable(),
  user_id: z.string().nullable().meta({ description: 'Who asked, by the metadata.' }),
  feedback: z.number().nullable(),
  score: z.number().nullable(),
  prompt_preview: z.string().nullable().meta({
    description: 'First line of what the user said last. Null when it is not known, or not yet.',
  }),
});
export type LogObject = z.infer<typeof logObjectSchema>;

export const logDetailSchema = logObjectSchema.extend({
  request_head: z.string().nullable().meta({
    description: 'First 64 KiB of the decoded body as text; null when it was not kept or is no text.',
  }),
  request_head_complete: z.boolean(),
  response_head: z.string().nullable(),
  response_head_complete: z.boolean(),
});
export type LogDetail = z.infer<typeof logDetailSchema>;

export const resultInfoSchema = z.object({
  page: z.number(),
  per_page: z.number(),
  count: z.number(),
  total_count: z.number(),
  cursor: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'Of lists that take a cursor: what asks for the next page; null at the end.' }),
});
/** With `meta_info`, a list of logs adds `min_` and `max_` of cost (USD), duration and tokens over the whole match. */
export type ResultInfo = z.infer<typeof resultInfoSchema> & Partial<Record<RangeName, number | null>>;
type RangeName = `${'min' | 'max'}_${'cost' | 'duration' | 'tokens_in' | 'tokens_out' | 'total_tokens'}`;

export const errorEnvelopeSchema = z.object({
  success: z.literal(false),
  errors: z.array(z.object({ code: z.number(), message: z.string(), path: z.array(z.string()).optional() })),
  messages: z.array(z.unknown()),
  result: z.null(),
});
export type ErrorEnvelope = z.infer<typeof errorEnvelopeSchema>;

export interface Envelope<Result> {
  readonly success: true;
  readonly errors: [];
  readonly messages: [];
  readonly result: Result;
}

export interface ListEnvelope<Row> extends Envelope<Row[]> {
  readonly result_info: ResultInfo;
}
