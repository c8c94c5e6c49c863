import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { askGraphql, rowsOf } from './graphql-client.ts';

let harness: TestGateway;
let from: string;
let to: string;

const chat = (gateway: string, model: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${harness.base(gateway)}/openai/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key-of-nobody', 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: `hello ${model}` }] }),
  });

beforeAll(async () => {
  harness = await startTestGateway();
  from = new Date(Date.now() - 3_600_000).toISOString();
  for (const id of ['one', 'two'])
    await harness.manage('POST', '/gateways', gatewayBody({ id, authentication: false, cache_ttl: 60 }));
  const metadata = { 'cf-aig-metadata': JSON.stringify({ team: 'search', user_id: 'u_7' }) };
  const answers = [
    await chat('one', 'gpt-4o-mini', metadata),
    await chat('one', 'gpt-4o-mini', metadata),
    await chat('one', 'gpt-4o'),
    await chat('two', 'gpt-4o', { 'user-agent': 'probe/1' }),
    await chat('two', 'no-such-model'),
  ];
  for (const answer of answers) await answer.arrayBuffer();
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 404]);
  await harness.record(answers[4]!, 'two');
  to = new Date(Date.now() + 3_600_000).toISOString();
});
afterAll(() => harness.close());

test('the example of the documentation is answered', async () => {
  const { requests } = await rowsOf(
    harness,
    `query {
      viewer {
        accounts(filter: { accountTag: "local" }) {
          requests: aiGatewayRequestsAdaptiveGroups(
            limit: 100
            filter: { datetimeHour_geq: "${from.slice(0, 13)}:00:00Z", datetimeHour_leq: "${to}" }
            orderBy: [datetimeMinute_ASC]
          ) {
            count
            dimensions { model provider gateway ts: datetimeMinute }
          }
        }
      }
    }`,
  );
  expect(requests!.reduce((sum, row) => sum + row.count, 0)).toBe(5);
  const times = requests!.map((row) => String(row.dimensions.ts));
  expect(times).toEqual([...times].sort());
  expect(times[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/);
  expect(new Set(requests!.map((row) => row.dimensions.provider))).toEqual(new Set(['openai']));
});

test('variables may be declared with any spelling of their types', async () => {
  const query = (types: string, position: string): string => `query Timeseries(${types}) {
    viewer { accounts(filter: { accountTag: $accountTag }) {
      aiGatewayRequestsAdaptiveGroups(limit: $limit, filter: ${position}, orderBy: $order) {
        count
        sum { cachedRequests erroredRequests uncachedTokensIn uncachedTokensOut cachedTokensIn cachedTokensOut cost }
        dimensions { gateway }
      }
    } }
  }`;
  const whole = 'AccountAiGatewayRequestsAdaptiveGroupsFilter_InputObject';
  const order = '[AccountAiGatewayRequestsAdaptiveGroupsOrderBy!]';
  const expected = [
    { gateway: 'one', count: 3 },
    { gateway: 'two', count: 2 },
  ];
  for (const [text, uint, filter] of [
    ['string!', 'uint64!', whole],
    ['String!', 'Int!', `${whole}!`],
    ['string', 'Int = 10', 'filter'],
  ]) {
    const types = `$accountTag: ${text}, $limit: ${uint}, $filter: ${filter}, $order: ${order}`;
    const { aiGatewayRequestsAdaptiveGroups: rows } = await rowsOf(harness, query(types, '$filter'), {
      accountTag: 'local',
      limit: 100,
      filter: { datetime_geq: from, AND: [{ datetime_leq: to }] },
      order: ['count_DESC'],
    });
    expect(rows!.map((row) => ({ gateway: row.dimensions.gateway, count: row.count }))).toEqual(expected);
  }
  const types =
    '$accountTag: String!, $limit: Int, $from: Time!, $to: Time!, $gateway: String, $order: Anything';
  const filter = '{ datetime_geq: $from, datetime_lt: $to, gateway: $gateway }';
  // Without a value a variable narrows nothing.
  const variables = { accountTag: 'local', from, to };
  const { aiGatewayRequestsAdaptiveGroups: rows } = await rowsOf(harness, query(types, filter), variables);
  expect(rows!.map((row) => row.count)).toEqual([3, 2]);
});

test('aliases, fragments and directives are read as GraphQL has them', async () => {
  const rows = await rowsOf(
    harness,
    `query ($skip: Boolean!) { viewer { accounts(filter: { accountTag: "local" }) {
      all: aiGatewayRequestsAdaptiveGroups(limit: 10, filter: { datetime_geq: "${from}" }) { ...figures }
      byModel: aiGatewayRequestsAdaptiveGroups(filter: { datetime_geq: "${from}" }, orderBy: [model_ASC]) {
        ...figures
        ... @skip(if: $skip) { dimensions { model } }
        dimensions { name: model code: statusCode }
      }
      two: aiGatewayRequestsAdaptiveGroups(limit: 1, filter: { gateway: "two", datetime_geq: "${from}" }) {
        n: count
        __typename
      }
    } } }
    fragment figures on AccountAiGatewayRequestsAdaptiveGroups { count sum { cachedRequests } }`,
    { skip: true },
  );
  expect(rows.all).toEqual([{ count: 5, sum: { cachedRequests: 1 } }]);
  expect(rows.two).toEqual([{ n: 2, __typename: 'AccountAiGatewayRequestsAdaptiveGroups' }]);
  expect(rows.byModel!.map(({ dimensions }) => dimensions)).toEqual([
    { name: 'gpt-4o', code: 200 },
    { name: 'gpt-4o-mini', code: 200 },
    { name: 'no-such-model', code: 404 },
  ]);
});

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

test('one unknown field fails the whole query, and the answer has the error’s shape', async () => {
  const { status, data, errors } = await askGraphql(
    harness,
    `{ viewer { accounts(filter: { accountTag: "local" }) {
      aiGatewayRequestsAdaptiveGroups(limit: 1) { count sum { neurons } }
    } } }`,
  );
  expect(status).toBe(400);
  expect(data).toBeNull();
  expect(errors).toEqual([
    {
      message: expect.stringContaining('unknown field "neurons"'),
      path: null,
      locations: [{ line: 2, column: 63 }],
      extensions: { code: 'validation', timestamp: expect.stringMatching(/^\d{4}-.*Z$/) },
    },
  ]);
});

test('another account is refused with the code authz, whether it exists or not', async () => {
  const query = (filter: string): string =>
    `{ viewer { accounts(filter: ${filter}) { aiGatewayRequestsAdaptiveGroups { count } } } }`;
  for (const filter of ['{ accountTag: "other" }', '{ accountTag_in: ["local", "other"] }']) {
    const { status, data, errors } = await askGraphql(harness, query(filter));
    expect([status, data]).toEqual([403, null]);
    expect(errors).toMatchObject([
      {
        message: 'not authorized for that account',
        path: ['viewer', 'accounts'],
        extensions: { code: 'authz' },
      },
    ]);
  }
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
