import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type GraphqlRow, rowsOf } from './graphql-client.ts';

/** A log row of the management API, as far as it is added up here. */
interface Log {
  readonly gateway: string;
  readonly created_at: string;
  readonly provider: string;
  readonly model: string;
  readonly status_code: number;
  readonly success: boolean;
  readonly cached: boolean;
  readonly rate_limited: boolean;
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly cost: number | null;
  readonly saved: number | null;
}

const GATEWAYS = ['plain', 'cached', 'limited'];
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', 'no-such-model'];
const REQUESTS = 120;

let harness: TestGateway;
let from: string;
let to: string;
const logs: Log[] = [];

// Any seed will do; this one is written down so that a failure can be repeated.
let seed = 20_261_122;
const dice = (sides: number): number => {
  seed = (seed + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
};

async function send(): Promise<void> {
  const gateway = GATEWAYS[dice(GATEWAYS.length)]!;
  const model = MODELS[dice(MODELS.length)]!;
  const isAnthropic = model.startsWith('claude');
  const path = isAnthropic ? 'anthropic/v1/messages' : 'openai/chat/completions';
  const content = `question ${'word '.repeat(20 * dice(3))}`;
  const response = await fetch(`${harness.base(gateway)}/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(isAnthropic
        ? { 'x-api-key': 'test-key-of-nobody', 'anthropic-version': '2023-06-01' }
        : { authorization: 'Bearer test-key-of-nobody' }),
    },
    body: JSON.stringify({
      model,
      // An answer that is cut short is not cached.
      max_tokens: 4000,
      stream: dice(3) === 0,
      messages: [{ role: 'user', content }],
    }),
  });
  await response.arrayBuffer();
}

beforeAll(async () => {
  harness = await startTestGateway();
  const gateways = {
    plain: {},
    cached: { cache_ttl: 600 },
    limited: { rate_limiting_limit: 10, rate_limiting_interval: 3600, rate_limiting_technique: 'fixed' },
  };
  for (const [id, fields] of Object.entries(gateways))
    await harness.manage('POST', '/gateways', gatewayBody({ id, authentication: false, ...fields }));
  // The gateway's clock may be a millisecond behind this one.
  from = new Date(Date.now() - 10).toISOString();
  for (let sent = 0; sent < REQUESTS; sent += 8) await Promise.all(Array.from({ length: 8 }, send));
  to = new Date(Date.now() + 1).toISOString();
  while ((await readLogs()) < REQUESTS) await new Promise((resolve) => setTimeout(resolve, 50));
  // Requests after the window are not to be counted.
  await Promise.all(Array.from({ length: 8 }, send));
});
afterAll(() => harness.close());

async function readLogs(): Promise<number> {
  logs.length = 0;
  for (const gateway of GATEWAYS) {
    for (let page = 1; ; page++) {
      const path = `/gateways/${gateway}/logs?per_page=50&page=${page}&order_by_direction=asc`;
      const rows = (await harness.manage('GET', path)) as Omit<Log, 'gateway'>[];
      logs.push(...rows.map((row) => ({ ...row, gateway })));
      if (rows.length < 50) break;
    }
  }
  return logs.length;
}

const SUMS: Readonly<Record<string, (log: Log) => number>> = {
  cachedRequests: (log) => Number(log.cached),
  erroredRequests: (log) => Number(!log.success),
  rateLimitedRequests: (log) => Number(log.rate_limited),
  cachedTokensIn: (log) => (log.cached ? (log.tokens_in ?? 0) : 0),
  cachedTokensOut: (log) => (log.cached ? (log.tokens_out ?? 0) : 0),
  uncachedTokensIn: (log) => (log.cached ? 0 : (log.tokens_in ?? 0)),
  uncachedTokensOut: (log) => (log.cached ? 0 : (log.tokens_out ?? 0)),
  tokensIn: (log) => log.tokens_in ?? 0,
  tokensOut: (log) => log.tokens_out ?? 0,
  cost: (log) => log.cost ?? 0,
  savedCost: (log) => log.saved ?? 0,
};

const minuteOf = (log: Log): string => `${log.created_at.slice(0, 16)}:00Z`;
const VALUES: Readonly<Record<string, (log: Log) => unknown>> = {
  gateway: (log) => log.gateway,
  provider: (log) => log.provider,
  model: (log) => log.model,
  statusCode: (log) => log.status_code,
  cached: (log) => Number(log.cached),
  error: (log) => Number(!log.success),
  rateLimited: (log) => Number(log.rate_limited),
  datetimeMinute: minuteOf,
  datetimeHour: (log) => `${log.created_at.slice(0, 13)}:00:00Z`,
  date: (log) => log.created_at.slice(0, 10),
};

/** Sums by group, with money in whole nano-dollars so that the order of adding makes no difference. */
function addUp(selected: readonly Log[], dimensions: readonly string[]): Map<string, Record<string, number>> {
  const groups = new Map<string, Record<string, number>>();
  for (const log of selected) {
    const key = JSON.stringify(dimensions.map((name) => VALUES[name]!(log)));
    const group = groups.get(key) ?? {
      count: 0,
      ...Object.fromEntries(Object.keys(SUMS).map((name) => [name, 0])),
    };
    group.count! += 1;
    for (const [name, read] of Object.entries(SUMS)) group[name]! += nanos(name, read(log));
    groups.set(key, group);
  }
  return groups;
}

const nanos = (name: string, value: number): number =>
  name === 'cost' || name === 'savedCost' ? Math.round(value * 1e9) : value;

function figures({ count, sum }: GraphqlRow): Record<string, number> {
  return { count, ...Object.fromEntries(Object.keys(SUMS).map((name) => [name, nanos(name, sum[name]!)])) };
}

async function ask(filter: string, dimensions: readonly string[]): Promise<readonly GraphqlRow[]> {
  const { rows } = await rowsOf(
    harness,
    `{ viewer { accounts(filter: { accountTag: "local" }) {
      rows: aiGatewayRequestsAdaptiveGroups(limit: 10000, filter: { datetime_geq: "${from}", datetime_lt: "${to}"${filter} }) {
        count
        sum { ${Object.keys(SUMS).join(' ')} }
        ${dimensions.length === 0 ? '' : `dimensions { ${dimensions.join(' ')} }`}
      }
    } } }`,
  );
  return rows!;
}

const inWindow = (): Log[] => logs.filter(({ created_at }) => created_at >= from && created_at < to);

test('the traffic has some of everything', () => {
  expect(inWindow().length).toBe(REQUESTS);
  const some = {
    cached: inWindow().some((log) => log.cached),
    failed: inWindow().some((log) => !log.success),
    limited: inWindow().some((log) => log.rate_limited),
    priced: inWindow().some((log) => (log.cost ?? 0) > 0),
    saved: inWindow().some((log) => (log.saved ?? 0) > 0),
  };
  expect(some).toEqual({ cached: true, failed: true, limited: true, priced: true, saved: true });
});

test.each<[readonly string[]]>([
  [[]],
  [['gateway']],
  [['model', 'provider']],
  [['statusCode']],
  [['cached', 'rateLimited']],
  [['error']],
  [['gateway', 'model', 'statusCode', 'cached', 'error']],
  [['datetimeMinute']],
  [['datetimeHour', 'gateway']],
  [['date', 'datetimeMinute', 'error', 'model']],
])('by %j the sums are those of the log rows', async (dimensions) => {
  const rows = await ask('', dimensions);
  const found = rows.map((row) => [
    JSON.stringify(dimensions.map((name) => row.dimensions[name])),
    figures(row),
  ]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(addUp(inWindow(), dimensions)));
});

test.each<[string, (log: Log) => boolean]>([
  ['gateway: "cached"', (log) => log.gateway === 'cached'],
  ['statusCode_geq: 400', (log) => log.status_code >= 400],
  ['statusCode_lt: 400, cached: 0', (log) => log.status_code < 400 && !log.cached],
  ['model_like: "%4o%"', (log) => log.model.includes('4o')],
  [
    'OR: [{ rateLimited: 1 }, { model: "gpt-4o", error: 0 }]',
    (log) => log.rate_limited || (log.model === 'gpt-4o' && log.success),
  ],
  [
    'AND: [{ OR: [{ provider: "anthropic" }, { gateway: "plain" }] }, { statusCode_neq: 404 }]',
    (log) => (log.provider === 'anthropic' || log.gateway === 'plain') && log.status_code !== 404,
  ],
])('with the filter { %s } the sums are those of the log rows', async (filter, matches) => {
  for (const dimensions of [[], ['gateway'], ['model', 'error']]) {
    const rows = await ask(`, ${filter}`, dimensions);
    const found = rows.map((row) => [
      JSON.stringify(dimensions.map((name) => row.dimensions[name])),
      figures(row),
    ]);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(addUp(inWindow().filter(matches), dimensions)),
    );
  }
});

test('two halves of the window add up to the whole, to the millisecond', async () => {
  const sorted = inWindow().sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
  const middle = sorted[Math.floor(sorted.length / 2)]!.created_at;
  const count = async (range: string): Promise<number> => {
    const { rows } = await rowsOf(
      harness,
      `{ viewer { accounts { rows: aiGatewayRequestsAdaptiveGroups(filter: { ${range} }) { count } } } }`,
    );
    return rows![0]?.count ?? 0;
  };
  const before = sorted.filter(({ created_at }) => created_at < middle).length;
  // A whole second stands for all of itself, so the middle is told with its milliseconds.
  if (!middle.endsWith('.000Z')) {
    expect(await count(`datetime_geq: "${from}", datetime_lt: "${middle}"`)).toBe(before);
    expect(await count(`datetime_geq: "${middle}", datetime_lt: "${to}"`)).toBe(REQUESTS - before);
  }
});
