import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestGateway } from '../support/gateway.ts';
import { askGraphql, rowsOf } from './graphql-client.ts';
import { startGraphqlTraffic } from './graphql-traffic.ts';

let harness: TestGateway;
let from: string;
let to: string;
beforeAll(async () => {
  ({ harness, from, to } = await startGraphqlTraffic());
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
