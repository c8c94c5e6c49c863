import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newGateway } from '../../src/config/gateway-defaults.ts';
import { hashToken } from '../../src/config/tokens.ts';
import { openConfigStore } from '../../src/stores/sqlite/config.ts';
import { askGraphql, rowsOf } from '../flows/graphql-client.ts';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

const OTHER_TOKEN = 'test-token-of-the-other-account';
const OTHER_MODEL = 'gpt-4o';
let harness: TestGateway;

beforeAll(async () => {
  harness = await startTestGateway();
  await harness.manage('POST', '/gateways', gatewayBody({ id: 'shared', authentication: false }));
  const now = Date.now();
  const config = openConfigStore(join(harness.dataFolder, 'config.db'));
  config.putAccount('other');
  config.putGateway({ ...newGateway('other', 'shared', now), authentication: false });
  config.putToken({
    id: 'tok_other',
    account: 'other',
    name: 'other',
    hash: hashToken(OTHER_TOKEN),
    preview: '',
    permissions: ['admin'],
    createdAt: now,
    expiresAt: null,
    revokedAt: null,
  });
  config.close();
  // The running gateway looks for changes of others once a second.
  while ((await chat('other', OTHER_MODEL)) !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await chat('local', 'gpt-4o-mini')).toBe(200);
});
afterAll(() => harness.close());

async function chat(account: string, model: string): Promise<number> {
  const response = await fetch(`${harness.gateway.baseUrl}/v1/${account}/shared/openai/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key-of-nobody', 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

const requests = (filter: string, selection = 'count dimensions { gateway model }'): string =>
  `{ viewer { accounts { rows: aiGatewayRequestsAdaptiveGroups(limit: 100, filter: { ${filter} }) { ${selection} } } } }`;

async function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${harness.gateway.baseUrl}/client/v4/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...headers },
    body,
  });
}

describe('point 21: each account sees its own', () => {
  test('the same gateway id in two accounts is two gateways, in every dataset', async () => {
    const query = `{ viewer { accounts {
      requests: aiGatewayRequestsAdaptiveGroups(filter: { gateway: "shared" }) { count dimensions { model } }
      size: aiGatewaySizeAdaptiveGroups(filter: { gateway: "shared" }) { max { rows } dimensions { gateway } }
    } } }`;
    for (const [token, model] of [
      [ADMIN_TOKEN, 'gpt-4o-mini'],
      [OTHER_TOKEN, OTHER_MODEL],
    ] as const) {
      const { data, errors } = await askGraphql(harness, query, {}, token);
      expect(errors).toBeNull();
      const [account] = data!.viewer.accounts as unknown as [Record<string, { dimensions: object }[]>];
      expect(account.requests!.map(({ dimensions }) => dimensions)).toEqual([{ model }]);
      expect(account.size).toEqual([
        { max: { rows: expect.any(Number) }, dimensions: { gateway: 'shared' } },
      ]);
    }
  });

  test('the tag of the other account opens nothing, in whatever form it comes', async () => {
    const select = '{ aiGatewayRequestsAdaptiveGroups { count } }';
    const forms: [string, Record<string, unknown>][] = [
      [`{ viewer { accounts(filter: { accountTag: "other" }) ${select} } }`, {}],
      [`{ viewer { accounts(filter: { accountTag_in: ["other"] }) ${select} } }`, {}],
      [`query ($a: string) { viewer { accounts(filter: { accountTag: $a }) ${select} } }`, { a: 'other' }],
      [`query ($f: x) { viewer { accounts(filter: $f) ${select} } }`, { f: { accountTag: 'other' } }],
      [`{ viewer { accounts(filter: { accountTag: "local", accountTag_in: ["other"] }) ${select} } }`, {}],
    ];
    for (const [query, variables] of forms) {
      const { status, data, errors } = await askGraphql(harness, query, variables);
      expect([status, data, errors?.[0]?.extensions?.code]).toEqual([403, null, 'authz']);
    }
  });
});

describe('point 45: names are from a list, values are values', () => {
  const INJECTIONS = [
    `' OR '1'='1`,
    `'; DROP TABLE records; --`,
    `shared' UNION SELECT * FROM records --`,
    '%',
    '\\',
    '"',
    `\u0000`,
    '{{constructor}}',
    '$.metadata',
  ];

  test.each(['gateway', 'provider', 'model', 'userAgent', 'errorType', 'sessionId', 'userId', 'path'])(
    'text in %s is compared and nothing else',
    async (field) => {
      for (const value of INJECTIONS) {
        for (const operator of ['', '_gt', '_leq']) {
          const { errors } = await askGraphql(
            harness,
            `query ($v: string) ${requests(`${field}${operator}: $v`)}`,
            {
              v: value,
            },
          );
          expect(errors).toBeNull();
        }
        const { rows } = await rowsOf(harness, `query ($v: string) ${requests(`${field}_in: [$v]`)}`, {
          v: value,
        });
        expect(rows).toEqual([]);
      }
    },
  );

  test.each([
    'seq: 1',
    'gateway_ref: 1',
    'constructor: 1',
    '__proto__: 1',
    'toString_like: "%"',
    'model_regexp: "."',
    'AND: { sql: "1" }',
    'metadata_x: 1',
  ])('the filter { %s } is no filter', async (filter) => {
    const { status, errors } = await askGraphql(harness, requests(filter));
    expect([status, errors?.[0]?.extensions?.code]).toEqual([400, 'validation']);
  });

  test('the same in variables, whose names are not checked by the grammar', async () => {
    for (const name of ['seq', '1; DROP TABLE records', 'hasOwnProperty', 'model_', '', 'AND_']) {
      const { status } = await askGraphql(
        harness,
        'query ($f: f) { viewer { accounts { aiGatewayRequestsAdaptiveGroups(filter: $f) { count } } } }',
        { f: { [name]: 'x' } },
      );
      expect(status).toBe(400);
    }
    for (const order of ['seq_ASC', 'count_DESC; --', 'count', '']) {
      const { status } = await askGraphql(
        harness,
        'query ($o: o) { viewer { accounts { aiGatewayRequestsAdaptiveGroups(orderBy: $o) { count } } } }',
        { o: [order] },
      );
      expect(status).toBe(400);
    }
  });

  test('a value that looks like a node of a query is a value', async () => {
    const { status, data } = await askGraphql(
      harness,
      'query ($f: f) { viewer { accounts { aiGatewayRequestsAdaptiveGroups(filter: $f) { count } } } }',
      { f: { kind: 'ObjectValue', fields: [], loc: {} } },
    );
    expect([status, data]).toEqual([400, null]);
  });

  test('after all this the rows are still there', async () => {
    const { rows } = await rowsOf(harness, requests('gateway: "shared"'));
    expect(rows).toEqual([{ count: 1, dimensions: { gateway: 'shared', model: 'gpt-4o-mini' } }]);
  });
});

describe('a query costs what it may and no more', () => {
  const account = (fields: string): string => `{ viewer { accounts { ${fields} } } }`;
  const one = 'aiGatewayRequestsAdaptiveGroups { count }';

  const nested = (levels: number): string => `${'{ viewer '.repeat(levels)}{ x }${' }'.repeat(levels)}`;
  const doubling = (levels: number): string => {
    const parts = Array.from(
      { length: levels },
      (_, n) => `fragment f${n} on account { ...f${n + 1} ...f${n + 1} }`,
    );
    return `${account('...f0')} ${parts.join(' ')} fragment f${levels} on account { ${one} }`;
  };

  test.each<[string, string]>([
    ['many aliases of a dataset', account(Array.from({ length: 21 }, (_, n) => `a${n}: ${one}`).join(' '))],
    [
      'datasets behind aliases of their account',
      `{ viewer { ${Array.from({ length: 21 }, (_, n) => `a${n}: accounts { ${one} }`).join(' ')} } }`,
    ],
    ['fields without end', account(Array.from({ length: 1_100 }, (_, n) => `f${n}: __typename`).join(' '))],
    ['fragments that double', doubling(20)],
    ['depth', nested(25)],
    ['tokens', account('# \n'.repeat(10) + 'a '.repeat(12_000))],
    [
      'the schema, many times',
      `{ ${Array.from({ length: 9 }, (_, n) => `s${n}: __schema { types { name } }`).join(' ')} }`,
    ],
    ['conditions', requests(`AND: [${'{ statusCode: 200 } '.repeat(150)}]`)],
    ['values', requests(`statusCode_in: [${'200 '.repeat(300)}]`)],
    ['a page', account('aiGatewayRequestsAdaptiveGroups(limit: 4000000000) { count }')],
    ['time', requests('datetime_geq: "1971-01-01T00:00:00Z"')],
    [
      'minutes',
      requests(
        'datetime_geq: "2025-12-01T00:00:00Z", datetime_lt: "2026-03-01T00:00:00Z"',
        'dimensions { datetimeMinute }',
      ),
    ],
  ])('too much: %s', async (_name, query) => {
    const started = performance.now();
    const { status, data, errors } = await askGraphql(harness, query);
    expect([status, data]).toEqual([400, null]);
    expect(errors!.length).toBeGreaterThan(0);
    expect(errors!.every(({ message }) => message.length < 500)).toBe(true);
    // Not a measure, only a bound that no runaway keeps.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('a value is not multiplied by the places that it stands in', async () => {
    const filter = { AND: Array.from({ length: 1_000 }, () => ({ statusCode: 200 })) };
    const places = Array.from(
      { length: 20 },
      (_, n) => `a${n}: aiGatewayRequestsAdaptiveGroups(filter: $f) { count }`,
    );
    const { status } = await askGraphql(harness, `query ($f: f) ${account(places.join(' '))}`, { f: filter });
    expect(status).toBe(400);
  });

  test('a circle of fragments is named, not walked', async () => {
    const { status, errors } = await askGraphql(
      harness,
      `${account('...a')} fragment a on account { ...b } fragment b on account { ...a }`,
    );
    expect(status).toBe(400);
    expect(errors![0]!.message).toContain('Cannot spread fragment');
  });

  test.each<[string, string, number]>([
    ['no JSON', '{', 400],
    ['no query', '{}', 400],
    ['a query that is no text', '{"query":1}', 400],
    ['variables that are a list', '{"query":"{ __typename }","variables":[]}', 400],
    ['a body that reaches a prototype', '{"query":"{ __typename }","variables":{"__proto__":{}}}', 400],
    ['several queries', '[{"query":"{ __typename }"}]', 400],
    ['a mutation', '{"query":"mutation { x }"}', 400],
    ['a subscription', '{"query":"subscription { x }"}', 400],
    ['a schema', '{"query":"type A { b: Int }"}', 400],
    ['half a megabyte', JSON.stringify({ query: `{ __typename } # ${'x'.repeat(512 * 1024)}` }), 413],
  ])('%s is refused in the shape of GraphQL', async (_name, body, status) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    const answer = (await response.json()) as { data: unknown; errors: { message: string }[] };
    expect(answer.data).toBeNull();
    expect(answer.errors[0]!.message).not.toMatch(/node_modules|\.ts:|at Object/);
  });

  test('only POST is served', async () => {
    const response = await fetch(`${harness.gateway.baseUrl}/client/v4/graphql?query=%7B__typename%7D`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    expect(response.status).toBe(405);
  });
});

test('the schema is told to whoever shows a token, and not to others', async () => {
  const query =
    '{ __schema { queryType { name } types { name fields { name type { name ofType { name ofType { name } } } } } } }';
  const { data, errors } = await askGraphql(harness, query);
  expect(errors).toBeNull();
  expect(JSON.stringify(data)).toContain('AccountAiGatewayRequestsAdaptiveGroupsSum');
  const response = await post(JSON.stringify({ query }), { authorization: 'Bearer tg_wrong' });
  expect(response.status).toBe(401);
  expect(await response.text()).not.toContain('AdaptiveGroups');
});
