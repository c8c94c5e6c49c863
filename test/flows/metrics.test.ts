import { afterEach, expect, test } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type ParsedFamily, parseMetrics } from '../support/metrics-parser.ts';

let harness: TestGateway;
afterEach(() => harness.close());

async function start(metrics?: string): Promise<void> {
  harness = await startTestGateway(metrics === undefined ? {} : { env: { TIDEGATE_METRICS: metrics } });
}

const chat = (gateway: string, model: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${harness.base(gateway)}/openai/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key-of-nobody', 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] }),
  });

const scrape = (
  token: string | null = ADMIN_TOKEN,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${harness.gateway.baseUrl}/metrics`, {
    headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
  });

const sum = (family: ParsedFamily | undefined, labels: Record<string, string> = {}): number =>
  (family?.samples ?? [])
    .filter((sample) => Object.entries(labels).every(([name, value]) => sample.labels[name] === value))
    .reduce((total, { value }) => total + value, 0);

test('what went through is counted once, in both formats, whether it is logged or not', async () => {
  await start();
  await harness.manage('POST', '/gateways', gatewayBody({ id: 'g', authentication: false, cache_ttl: 60 }));
  await harness.manage(
    'POST',
    '/gateways',
    gatewayBody({ id: 'quiet', authentication: false, collect_logs: false }),
  );
  const first = await chat('g', 'gpt-4o-mini');
  const { usage } = (await first.json()) as { usage: { prompt_tokens: number; completion_tokens: number } };
  const rest = [
    await chat('g', 'gpt-4o-mini'),
    await chat('g', 'no-such-model'),
    await chat('quiet', 'gpt-4o', { 'cf-aig-metadata': '{"a":1}' }),
  ];
  for (const response of rest) await response.arrayBuffer();
  const record = await harness.record(first, 'g');

  for (const [format, accept] of [
    ['prometheus', 'text/plain'],
    ['openmetrics', 'application/openmetrics-text; version=1.0.0'],
  ] as const) {
    const response = await scrape(ADMIN_TOKEN, { accept });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(accept.split(';')[0]);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const families = parseMetrics(await response.text(), format);
    const counter = (name: string): ParsedFamily | undefined =>
      families.get(format === 'openmetrics' ? name : `${name}_total`);
    expect(sum(counter('tidegate_requests'))).toBe(4);
    expect(sum(counter('tidegate_requests'), { gateway: 'g', model: 'gpt-4o-mini', cache: 'hit' })).toBe(1);
    expect(sum(counter('tidegate_requests'), { gateway: 'g', model: 'gpt-4o-mini', cache: 'miss' })).toBe(1);
    expect(sum(counter('tidegate_requests'), { gateway: 'g', model: 'other', status: '4xx' })).toBe(1);
    expect(sum(counter('tidegate_requests'), { gateway: 'quiet', model: 'gpt-4o', cache: 'none' })).toBe(1);
    expect(sum(counter('tidegate_errors'))).toBe(1);
    const tokens = { gateway: 'g', model: 'gpt-4o-mini' };
    expect(sum(counter('tidegate_tokens'), { ...tokens, type: 'input' })).toBe(usage.prompt_tokens);
    expect(sum(counter('tidegate_tokens'), { ...tokens, type: 'output' })).toBe(usage.completion_tokens);
    expect(sum(counter('tidegate_cost_usd'), { gateway: 'g' })).toBeCloseTo(record.cost as number, 12);
    expect(sum(counter('tidegate_saved_usd'), { gateway: 'g' })).toBeCloseTo(record.cost as number, 12);
    const durations = families.get('tidegate_request_duration_seconds')!.samples;
    const counts = durations.filter(({ name }) => name.endsWith('_count'));
    expect(counts.reduce((total, { value }) => total + value, 0)).toBe(4);
    expect(sum(families.get('tidegate_cache_entries'), { tier: 'memory' })).toBe(1);
    expect(sum(families.get('tidegate_open_requests'))).toBe(0);
    expect(sum(families.get('process_resident_memory_bytes'))).toBeGreaterThan(1e7);
    expect(families.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
  }
});

test('the log store catches up, and the figures say so', async () => {
  await start();
  await harness.manage('POST', '/gateways', gatewayBody({ id: 'g', authentication: false }));
  await (await chat('g', 'gpt-4o')).arrayBuffer();
  const read = async (name: string): Promise<number> =>
    sum(parseMetrics(await (await scrape()).text(), 'prometheus').get(name));
  await expect.poll(() => read('tidegate_log_rows'), { timeout: 20_000, interval: 100 }).toBe(1);
  expect(await read('tidegate_spool_backlog_records')).toBe(0);
});

test('hostile names of models do not break a line', async () => {
  await start('loopback');
  await harness.manage('POST', '/gateways', gatewayBody({ id: 'g', authentication: false }));
  const names = ['a"} 1\nevil_total 7', 'b\\', 'c\nd'];
  for (const name of names) await (await chat('g', name)).arrayBuffer();
  const families = parseMetrics(await (await scrape(null)).text(), 'prometheus');
  const models = families.get('tidegate_requests_total')!.samples.map(({ labels }) => labels.model);
  expect(models.sort()).toEqual(names.sort());
});
