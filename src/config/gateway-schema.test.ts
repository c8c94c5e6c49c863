import { expect, test } from 'vitest';
import { newGateway } from './gateway-defaults.ts';
import {
  changedReadOnly,
  type GatewayBody,
  gatewayCreateSchema,
  gatewayUpdateSchema,
  lowerGateway,
  raiseGateway,
} from './gateway-schema.ts';

const REQUIRED = {
  cache_invalidate_on_update: false,
  cache_ttl: 0,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
};
const base = newGateway('local', 'g', 1000);
const put = (change: object) => gatewayUpdateSchema.safeParse({ ...REQUIRED, ...change });

test('a gateway of which only the id is known is closed, recorded, not cached and not limited', () => {
  const body = gatewayCreateSchema.parse({ id: 'g' });
  expect(lowerGateway(base, body, 1000)).toEqual(base);
  expect(base).toMatchObject({
    authentication: true,
    collectLogs: true,
    collectPayloads: true,
    cacheTtl: 0,
    rateLimitingLimit: 0,
    byokOnly: false,
  });
});

test('every setting goes down and comes up again as it was', () => {
  const settings: Required<GatewayBody> = {
    cache_invalidate_on_update: true,
    cache_ttl: 3600,
    collect_logs: false,
    rate_limiting_interval: 60,
    rate_limiting_limit: 100,
    rate_limiting_technique: 'sliding',
    authentication: false,
    byok_only: true,
    zdr: true,
    log_management: 10_000,
    log_management_strategy: 'STOP_INSERTING',
    retry_max_attempts: 5,
    retry_delay: 60_000,
    retry_backoff: 'exponential',
    collect_payloads: false,
    log_retention_days: 30,
    request_timeout: 5000,
    provider_urls: { openai: 'https://example.com/v1', 'custom-mine': 'http://127.0.0.1:9999' },
    heartbeat_interval: 15,
    share_in_flight: false,
    semantic_cache: {
      mode: 'verify',
      embedder: 'openai/text-embedding-3-small',
      embedder_dimensions: 512,
      error_budget: 0.02,
      ttl: 600,
      scope: 'gateway',
      max_temperature: 0.5,
      sample_rate: 0.1,
      daily_check_budget: 2.5,
      judge: 'openai/gpt-4o-mini',
    },
  };
  const parsed = gatewayUpdateSchema.parse(settings);
  const shown = raiseGateway(lowerGateway(base, parsed, 2000));
  expect(shown).toMatchObject(settings);
  expect(shown.modified_at).toBe(new Date(2000).toISOString());
});

test('what a GET shows can be PUT as it is, and changes nothing', () => {
  const gateway = lowerGateway(base, gatewayUpdateSchema.parse({ ...REQUIRED, cache_ttl: 60 }), 1000);
  const shown = JSON.parse(JSON.stringify(raiseGateway(gateway)));
  const parsed = gatewayUpdateSchema.parse(shown);
  expect(changedReadOnly(gateway, parsed)).toBeNull();
  expect(lowerGateway(gateway, parsed, 1000)).toEqual(gateway);
});

test('PUT replaces: a setting that is not sent goes back to its default', () => {
  const before = lowerGateway(
    base,
    gatewayUpdateSchema.parse({ ...REQUIRED, authentication: false, retry_delay: 5 }),
    1,
  );
  const after = lowerGateway(before, gatewayUpdateSchema.parse(REQUIRED), 2);
  expect(after).toMatchObject({ authentication: true, retryDelayMs: null });
});

test('null log limits mean none, absence means the default', () => {
  const unlimited = put({ log_management: null, log_management_strategy: null }).data!;
  expect(lowerGateway(base, unlimited, 1)).toMatchObject({
    logManagement: null,
    logManagementStrategy: null,
  });
  expect(lowerGateway(base, put({}).data!, 1).logManagement).toBe(10_000_000);
});

test.each([
  { id: '' },
  { id: 'a/b' },
  { id: 'a.b' },
  { id: 'x'.repeat(65) },
  { cache_ttl: 59 },
  { cache_ttl: -1 },
  { cache_ttl: 2_592_001 },
  { cache_ttl: 60.5 },
  { cache_ttl: '60' },
  { collect_logs: 'true' },
  { rate_limiting_limit: -1 },
  { rate_limiting_interval: -1 },
  { rate_limiting_technique: 'token-bucket' },
  { authentication: null },
  { retry_max_attempts: 0 },
  { retry_max_attempts: 6 },
  { retry_delay: 60_001 },
  { retry_backoff: 'random' },
  { log_management: 9_999 },
  { log_management: 10_000_001 },
  { log_management_strategy: 'OTHER' },
  { provider_urls: { openai: 'ftp://example.com' } },
  { provider_urls: { openai: 'https://user:word@example.com' } },
  { provider_urls: { openai: 'https://example.com/?x=1' } },
  { provider_urls: { 'Open AI': 'https://example.com' } },
  { heartbeat_interval: 0 },
  { request_timeout: 0 },
  { created_at: 5 },
])('%j is refused, and the place is named', (change) => {
  const result = put(change);
  expect(result.success).toBe(false);
  expect(result.error!.issues[0]!.path[0]).toBe(Object.keys(change)[0]);
});

test.each([
  { guardrails: { prompt: {}, response: {} } },
  { guardrails: null },
  { dlp: { enabled: false, action: 'BLOCK', profiles: [] } },
  { dlp: null },
  { spend_limits: { enabled: false, rules: [] } },
  { otel: [] },
  { logpush: false },
  { stripe: null },
  { workers_ai_billing_mode: 'postpaid' },
])('%j is neutral and accepted', (change) => {
  expect(put(change).success).toBe(true);
});

test.each([
  { guardrails: { prompt: { S1: 'BLOCK' }, response: {} } },
  { dlp: { enabled: true, policies: [] } },
  { dlp: { enabled: false, action: 'BLOCK', profiles: ['financial'] } },
  { dlp: { enabled: false, unheard_of: [] } },
  { spend_limits: { rules: [{ limit: 1, limitType: 'cost', window: 60 }] } },
  { spend_limits: { enabled: true } },
  { otel: [{ url: 'https://example.com', headers: {} }] },
  { logpush: true },
  { logpush_public_key: 'x'.repeat(20) },
  { stripe: { authorization: 'x', usage_events: [] } },
  { store_id: 'abc' },
  { workers_ai_billing_mode: 'unified' },
  { log_classification: true },
])('%j would switch something on that is not there: refused by name', (change) => {
  const issue = put(change).error!.issues[0]!;
  expect(issue.path).toEqual([Object.keys(change)[0]]);
  expect(issue.message).toContain('not available in this version');
});

test('unknown fields are refused; read-only ones may be sent back but not changed', () => {
  expect(put({ cacheTtl: 60 }).error!.issues[0]).toMatchObject({
    code: 'unrecognized_keys',
    keys: ['cacheTtl'],
  });
  expect(changedReadOnly(base, { is_default: true })).toBe('is_default');
  expect(changedReadOnly(base, { account_id: 'other' })).toBe('account_id');
  expect(changedReadOnly(base, { id: 'g', is_default: false, modified_at: 'whenever' })).toBeNull();
});

test.each(Object.keys(REQUIRED))('PUT without %s is refused', (name) => {
  const body: Record<string, unknown> = { ...REQUIRED };
  delete body[name];
  expect(gatewayUpdateSchema.safeParse(body).error!.issues[0]!.path).toEqual([name]);
});
