import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestGateway } from '../support/gateway.ts';
import { askGraphql, rowsOf } from './graphql-client.ts';
import { startGraphqlTraffic } from './graphql-traffic.ts';

let harness: TestGateway;
let from: string;
beforeAll(async () => {
  ({ harness, from } = await startGraphqlTraffic());
});
afterAll(() => harness.close());

test.each<[string, number]>([
  ['gateway: "one"', 3],
  ['gateway_in: ["one", "none"]', 3],
  ['gateway_neq: "one"', 2],
  ['gateway_like: "t%"', 2],
  ['statusCode: 404', 1],
  ['statusCode_geq: 400', 1],
  ['statusCode_gt: 404', 0],
  ['statusCode_in: [200, 404]', 5],
  ['statusCode_notin: [200]', 1],
  ['cached: 1', 1],
  ['cached: false', 4],
  ['cached_neq: 1', 4],
  ['error: 1', 1],
  ['error_in: [0, 1]', 5],
  ['rateLimited: 1', 0],
  ['wholesale: 0', 5],
  ['wholesale: 1', 0],
  ['model: "gpt-4o"', 2],
  ['model_neq: "gpt-4o"', 3],
  ['model_in: ["gpt-4o", "gpt-4o-mini"]', 4],
  ['model_notin: ["gpt-4o", "gpt-4o-mini"]', 1],
  ['model_like: "gpt-%"', 4],
  ['model_notlike: "%mini"', 3],
  ['model_like: "%4O%"', 0],
  ['model_gt: "gpt-4o"', 3],
  ['provider: "openai"', 5],
  ['userAgent: "probe/1"', 1],
  ['model: "\' OR 1=1 --"', 0],
  ['OR: [{ model: "gpt-4o" }, { model: "gpt-4o-mini" }]', 4],
  ['OR: [{ model: "gpt-4o-mini" }, { statusCode_geq: 400 }]', 3],
  ['OR: [{ gateway: "two", model: "gpt-4o" }, { cached: 1 }]', 2],
  ['OR: [{ error: 1 }, { model: "gpt-4o-mini" }]', 3],
  ['OR: []', 0],
  ['metadataKeys_has: "team"', 2],
  ['metadataKeys_hasany: ["none", "user_id"]', 2],
  ['metadataKeys_hasall: ["none", "user_id"]', 0],
  ['metadataValues_has: "search"', 2],
  ['metadataRaw_like: "%u_7%"', 2],
  ['metadataRaw_like: "%uX7%"', 0],
  ['metadataRaw: "{\\"team\\":\\"search\\",\\"user_id\\":\\"u_7\\"}"', 2],
  ['OR: [{ metadataKeys_has: "team" }, { statusCode: 404 }]', 3],
  ['OR: [{ metadataRaw_like: "{%u_7%}" }, { gateway: "two" }]', 4],
  ['durationMs_gt: 0', 5],
  ['durationMs_lt: 0', 0],
  ['cost_gt: 0', 3],
  ['tokensIn_geq: 1, tokensOut_gt: 0', 3],
  ['OR: [{ tokensIn_gt: 0, cost_gt: 0 }, { statusCode: 404 }]', 4],
  ['AND: [{ gateway: "one" }, { gateway: "two" }]', 0],
  ['AND: [{ gateway_in: ["one", "two"] }, { AND: [{ gateway: "two" }] }], model_neq: "gpt-4o"', 1],
])('the filter { %s } selects %i', async (filter, expected) => {
  const { rows } = await rowsOf(
    harness,
    `{ viewer { accounts(filter: { accountTag: "local" }) {
      rows: aiGatewayRequestsAdaptiveGroups(limit: 10, filter: { datetime_geq: "${from}", ${filter} }) { count }
    } } }`,
  );
  expect(rows!.reduce((sum, row) => sum + row.count, 0)).toBe(expected);
});

test('the settings node tells the limits, and the page size is one of them', async () => {
  const { settings } = await rowsOf(
    harness,
    `{ viewer { accounts(filter: { accountTag: "local" }) { settings {
      aiGatewayRequestsAdaptiveGroups { enabled notOlderThan maxDuration maxPageSize maxNumberOfFields availableFields }
    } } } }`,
  );
  const limits = (settings as unknown as Record<string, { maxPageSize: number; availableFields: string[] }>)
    .aiGatewayRequestsAdaptiveGroups!;
  expect(limits).toMatchObject({ enabled: true, maxPageSize: 10_000 });
  expect(limits.availableFields).toEqual(
    expect.arrayContaining(['count', 'sum_cost', 'dimensions_gateway', 'dimensions_datetimeHour']),
  );
  const { errors } = await askGraphql(
    harness,
    '{ viewer { accounts { aiGatewayRequestsAdaptiveGroups(limit: 10001) { count } } } }',
  );
  expect(errors).toMatchObject([
    {
      message: 'limit must be positive number and not greater than 10000',
      path: ['viewer', 'accounts', '0', 'aiGatewayRequestsAdaptiveGroups'],
    },
  ]);
});

test('errors, cache and size are datasets of their own', async () => {
  const filter = `datetimeMinute_geq: "${from}", datetimeMinute_leq: "${new Date().toISOString()}"`;
  const rows = await rowsOf(
    harness,
    `{ viewer { accounts(filter: { accountTag: "local" }) {
      aiGatewayErrorsAdaptiveGroups(limit: 5, filter: { ${filter} }) { count dimensions { gateway model errorType } }
      aiGatewayCacheAdaptiveGroups(limit: 5, filter: { ${filter} }) { count dimensions { gateway cacheStatus } }
      aiGatewaySizeAdaptiveGroups(limit: 5, filter: { ${filter} }, orderBy: [max_rows_DESC]) {
        max { rows }
        dimensions { gateway logManagement datetimeMinute }
      }
      largest: aiGatewaySizeAdaptiveGroups(filter: { gateway_neq: "one" }) { max { rows } }
    } } }`,
  );
  expect(rows.aiGatewayErrorsAdaptiveGroups).toMatchObject([
    { count: 1, dimensions: { gateway: 'two', model: 'no-such-model' } },
  ]);
  expect(rows.aiGatewayCacheAdaptiveGroups).toEqual([
    { count: 1, dimensions: { gateway: 'one', cacheStatus: 'hit' } },
  ]);
  const sizes = rows.aiGatewaySizeAdaptiveGroups!.map(({ max, dimensions }) => [
    dimensions.gateway,
    max.rows,
    dimensions.logManagement,
  ]);
  expect(sizes.slice(0, 2)).toEqual([
    ['one', 3, 10_000_000],
    ['two', 2, 10_000_000],
  ]);
  expect(rows.largest).toEqual([{ max: { rows: 2 } }]);
});

test('values of one metadata key are a dimension', async () => {
  const { rows } = await rowsOf(
    harness,
    `{ viewer { accounts { rows: aiGatewayRequestsAdaptiveGroups(filter: { datetime_geq: "${from}" }, orderBy: [count_ASC]) {
      count
      dimensions { team: metadata(key: "team") none: metadata(key: "constructor") }
    } } } }`,
  );
  expect(rows).toEqual([
    { count: 2, dimensions: { team: 'search', none: '' } },
    { count: 3, dimensions: { team: '', none: '' } },
  ]);
});

test('what nearly each request has for itself is a dimension, too', async () => {
  const { rows } = await rowsOf(
    harness,
    `{ viewer { accounts { rows: aiGatewayRequestsAdaptiveGroups(filter: { datetime_geq: "${from}", cached: 0 }, orderBy: [tokensIn_ASC]) {
      count
      sum { cost tokensIn tokensOut }
      dimensions { durationMs cost tokensIn tokensOut metadataRaw metadataKeys metadataValues }
    } } } }`,
  );
  expect(rows!.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  for (const { count, sum, dimensions } of rows!) {
    expect(dimensions.durationMs).toBeGreaterThan(0);
    expect(sum.tokensIn).toBe(count * ((dimensions.tokensIn as number | null) ?? 0));
    expect(sum.cost).toBeCloseTo(count * ((dimensions.cost as number | null) ?? 0), 12);
  }
  const [tagged] = rows!.filter(({ dimensions }) => dimensions.metadataRaw !== '');
  expect(tagged!.dimensions).toMatchObject({
    metadataRaw: '{"team":"search","user_id":"u_7"}',
    metadataKeys: ['team', 'user_id'],
    metadataValues: ['search', 'u_7'],
  });
});

test('quantiles are those of the figures of the API', async () => {
  const { rows } = await rowsOf(
    harness,
    `{ viewer { accounts { rows: aiGatewayRequestsAdaptiveGroups(filter: { datetime_geq: "${from}" }) {
      quantiles { durationMsP50 durationMsP99 firstByteMsP95 overheadMsP99 tokensPerSecondP50 }
    } } } }`,
  );
  const { quantiles } = rows![0]!;
  expect(quantiles.durationMsP50).toBeGreaterThan(0);
  expect(quantiles.durationMsP99).toBeGreaterThanOrEqual(quantiles.durationMsP50!);
  const { errors } = await askGraphql(
    harness,
    `{ viewer { accounts { aiGatewayRequestsAdaptiveGroups(filter: { OR: [{ model: "a" }, { statusCode: 200 }] }) {
      quantiles { durationMsP50 }
    } } } }`,
  );
  expect(errors![0]!.message).toContain('quantiles cannot be combined with this filter');
});
