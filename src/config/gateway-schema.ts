import { z } from 'zod';
import type { Gateway } from '../core/stores/config.ts';
import { GATEWAY_DEFAULTS as defaults } from './gateway-defaults.ts';
import {
  lowerSemantic,
  raiseSemantic,
  semanticObjectSchema,
  semanticSettingsSchema,
} from './semantic-schema.ts';
import { shownUnavailable, unavailableShape } from './unavailable-fields.ts';

const MAX_SECONDS = 2_592_000; // a month, the longest cache TTL and rate window
const DAY_MS = 86_400_000;

export const gatewayIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, `-` or `_`' });

const cacheTtl = z
  .number()
  .int()
  .nullable()
  .refine((value) => value === null || value === 0 || (value >= 60 && value <= MAX_SECONDS), {
    error: `must be 0 or null (off), or 60 to ${MAX_SECONDS} seconds`,
  })
  .meta({ description: 'Seconds, 60 to 2592000. 0 and null are off; off is shown as 0.' });

const rateLimit = z
  .number()
  .int()
  .min(0)
  .max(1_000_000_000)
  .nullable()
  .meta({ description: 'Requests per interval. 0 and null are off; off is shown as 0.' });

const rateInterval = z
  .number()
  .int()
  .min(0)
  .max(MAX_SECONDS)
  .nullable()
  .meta({ description: 'Seconds. 0 and null are off; off is shown as 0.' });

/** An upstream base. Whether plain http and private hosts are let through is decided when it is dialled. */
export const upstreamUrlSchema = z
  .string()
  .max(2048)
  .superRefine((text, context) => {
    const problem = upstreamUrlProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

function upstreamUrlProblem(text: string): string | null {
  const url = URL.parse(text);
  if (url === null) return 'must be a URL such as https://host/path';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https:// or http://';
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or a password';
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text))
    return 'must not carry a query or a fragment';
  return null;
}

const providerUrls = z
  .record(
    z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: 'must be a provider slug' }),
    upstreamUrlSchema,
  )
  .meta({ description: 'Upstream base URL by provider slug, in place of the usual one.' });

/** The five that the hosted API requires: on PUT a forgotten one would silently be switched back. */
const requiredShape = {
  cache_invalidate_on_update: z.boolean(),
  cache_ttl: cacheTtl,
  collect_logs: z.boolean(),
  rate_limiting_interval: rateInterval,
  rate_limiting_limit: rateLimit,
};

const optionalShape = {
  rate_limiting_technique: z.enum(['fixed', 'sliding']).nullable().optional(),
  authentication: z
    .boolean()
    .optional()
    .meta({ description: 'Default true. False lets anyone who reaches the port use the gateway.' }),
  byok_only: z.boolean().optional(),
  zdr: z.boolean().optional(),
  log_management: z.number().int().min(10_000).max(10_000_000).nullable().optional(),
  log_management_strategy: z.enum(['STOP_INSERTING', 'DELETE_OLDEST']).nullable().optional(),
  retry_max_attempts: z.number().int().min(1).max(5).nullable().optional(),
  retry_delay: z.number().int().min(0).max(60_000).nullable().optional(),
  retry_backoff: z.enum(['constant', 'linear', 'exponential']).nullable().optional(),
  collect_payloads: z
    .boolean()
    .optional()
    .meta({ description: 'Tidegate: false keeps records without bodies.' }),
  log_retention_days: z
    .number()
    .int()
    .min(1)
    .max(36_500)
    .nullable()
    .optional()
    .meta({ description: 'Tidegate: days that records are kept; null is no limit.' }),
  request_timeout: z
    .number()
    .int()
    .min(1)
    .max(DAY_MS)
    .nullable()
    .optional()
    .meta({ description: 'Tidegate: ms to the first byte, when the request says nothing.' }),
  provider_urls: providerUrls.optional(),
  heartbeat_interval: z
    .number()
    .int()
    .min(1)
    .max(3600)
    .nullable()
    .optional()
    .meta({ description: 'Tidegate: seconds of silence in a stream after which a comment is sent.' }),
  share_in_flight: z.boolean().optional().meta({
    description:
      'Tidegate: default true. Equal requests for the cache that are under way at the same time share one call.',
  }),
  semantic_cache: semanticSettingsSchema.nullable().optional(),
};

/** What a GET shows and nobody sets. A PUT may carry them back as they were; see `checkReadOnly`. */
const readOnlyShape = {
  created_at: z.string().optional(),
  modified_at: z.string().optional(),
  is_default: z.boolean().optional(),
  account_id: z.string().optional(),
  account_tag: z.string().optional(),
  internal_id: z.string().optional(),
};

export const gatewayUpdateSchema = z.strictObject({
  id: gatewayIdSchema.optional(),
  ...requiredShape,
  ...optionalShape,
  ...unavailableShape,
  ...readOnlyShape,
});

export const gatewayCreateSchema = z.strictObject({
  ...z.object(requiredShape).partial().shape,
  ...optionalShape,
  ...unavailableShape,
  ...readOnlyShape,
  id: gatewayIdSchema,
});

type RequiredSettings = z.infer<z.ZodObject<typeof requiredShape>>;
export type GatewayBody = { [Name in keyof RequiredSettings]?: RequiredSettings[Name] | undefined } & z.infer<
  z.ZodObject<typeof optionalShape>
>;
export type ReadOnlyFields = z.infer<z.ZodObject<typeof readOnlyShape>> & { id?: string | undefined };

/** The settings of a body laid over `base`, whose settings do not shine through: what is absent is the default. */
export function lowerGateway(base: Gateway, body: GatewayBody, nowMs: number): Gateway {
  return {
    ...base,
    modifiedAt: nowMs,
    authentication: body.authentication ?? defaults.authentication,
    cacheTtl: body.cache_ttl ?? defaults.cacheTtl,
    cacheInvalidateOnUpdate: body.cache_invalidate_on_update ?? defaults.cacheInvalidateOnUpdate,
    collectLogs: body.collect_logs ?? defaults.collectLogs,
    collectPayloads: body.collect_payloads ?? defaults.collectPayloads,
    logManagement: orDefault(body.log_management, defaults.logManagement),
    logManagementStrategy: orDefault(body.log_management_strategy, defaults.logManagementStrategy),
    logRetentionDays: body.log_retention_days ?? defaults.logRetentionDays,
    rateLimitingLimit: body.rate_limiting_limit ?? defaults.rateLimitingLimit,
    rateLimitingInterval: body.rate_limiting_interval ?? defaults.rateLimitingInterval,
    rateLimitingTechnique: body.rate_limiting_technique ?? defaults.rateLimitingTechnique,
    retryMaxAttempts: body.retry_max_attempts ?? defaults.retryMaxAttempts,
    retryDelayMs: body.retry_delay ?? defaults.retryDelayMs,
    retryBackoff: body.retry_backoff ?? defaults.retryBackoff,
    requestTimeoutMs: body.request_timeout ?? defaults.requestTimeoutMs,
    byokOnly: body.byok_only ?? defaults.byokOnly,
    zdr: body.zdr ?? defaults.zdr,
    providerUrls: withoutTrailingSlashes(body.provider_urls ?? defaults.providerUrls),
    heartbeatSeconds: body.heartbeat_interval ?? defaults.heartbeatSeconds,
    shareInFlight: body.share_in_flight ?? defaults.shareInFlight,
    semanticCache: body.semantic_cache ? lowerSemantic(body.semantic_cache) : defaults.semanticCache,
  };
}

/** The gateway object of the management API. Where off has two spellings (0, null), 0 is shown. */
export function raiseGateway(gateway: Gateway): GatewayObject {
  return {
    id: gateway.id,
    created_at: new Date(gateway.createdAt).toISOString(),
    modified_at: new Date(gateway.modifiedAt).toISOString(),
    is_default: gateway.isDefault,
    account_id: gateway.account,
    account_tag: gateway.account,
    internal_id: `${gateway.account}/${gateway.id}`,
    cache_invalidate_on_update: gateway.cacheInvalidateOnUpdate,
    cache_ttl: gateway.cacheTtl,
    collect_logs: gateway.collectLogs,
    rate_limiting_interval: gateway.rateLimitingInterval,
    rate_limiting_limit: gateway.rateLimitingLimit,
    rate_limiting_technique: gateway.rateLimitingTechnique,
    authentication: gateway.authentication,
    byok_only: gateway.byokOnly,
    zdr: gateway.zdr,
    log_management: gateway.logManagement,
    log_management_strategy: gateway.logManagementStrategy,
    retry_max_attempts: gateway.retryMaxAttempts,
    retry_delay: gateway.retryDelayMs,
    retry_backoff: gateway.retryBackoff,
    collect_payloads: gateway.collectPayloads,
    log_retention_days: gateway.logRetentionDays,
    request_timeout: gateway.requestTimeoutMs,
    provider_urls: { ...gateway.providerUrls },
    heartbeat_interval: gateway.heartbeatSeconds,
    share_in_flight: gateway.shareInFlight,
    semantic_cache: gateway.semanticCache === null ? null : raiseSemantic(gateway.semanticCache),
    ...shownUnavailable,
  };
}

/**
 * The first read-only field of a body that says something else than the gateway is, or null. Times are not compared:
 * a body that was read before somebody else's change is still a whole body.
 */
export function changedReadOnly(gateway: Gateway, body: ReadOnlyFields): string | null {
  const shown = raiseGateway(gateway);
  for (const name of ['id', 'is_default', 'account_id', 'account_tag', 'internal_id'] as const) {
    if (body[name] !== undefined && body[name] !== shown[name]) return name;
  }
  return null;
}

export const gatewayObjectSchema = z
  .object({
    id: gatewayIdSchema,
    created_at: z.iso.datetime(),
    modified_at: z.iso.datetime(),
    is_default: z.boolean(),
    account_id: z.string(),
    account_tag: z.string(),
    internal_id: z.string(),
    cache_invalidate_on_update: z.boolean(),
    cache_ttl: z.number(),
    collect_logs: z.boolean(),
    rate_limiting_interval: z.number(),
    rate_limiting_limit: z.number(),
    rate_limiting_technique: z.enum(['fixed', 'sliding']),
    authentication: z.boolean(),
    byok_only: z.boolean(),
    zdr: z.boolean(),
    log_management: z.number().nullable(),
    log_management_strategy: z.enum(['STOP_INSERTING', 'DELETE_OLDEST']).nullable(),
    retry_max_attempts: z.number().nullable(),
    retry_delay: z.number().nullable(),
    retry_backoff: z.enum(['constant', 'linear', 'exponential']).nullable(),
    collect_payloads: z.boolean(),
    log_retention_days: z.number().nullable(),
    request_timeout: z.number().nullable(),
    provider_urls: z.record(z.string(), z.string()),
    heartbeat_interval: z.number().nullable(),
    share_in_flight: z.boolean(),
    semantic_cache: semanticObjectSchema.nullable(),
  })
  .catchall(z.unknown())
  .meta({ description: 'A gateway. Fields of features that this version lacks show their neutral value.' });

export type GatewayObject = z.infer<typeof gatewayObjectSchema>;

/** Null is a wish (no limit), absence is none. */
function orDefault<T>(value: T | null | undefined, otherwise: T | null): T | null {
  return value === undefined ? otherwise : value;
}

function withoutTrailingSlashes(urls: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(urls).map(([slug, url]) => [slug, url.replace(/\/+$/, '')]));
}
