import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalyticsObject, AnalyticsRowObject } from '../../src/api/contract/analytics.ts';
import type { LogObject } from '../../src/api/contract.ts';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

let test: TestGateway;
let from: string;
let to: string;

async function send(gateway: string, model: string, change: RequestInit['headers'] = {}, question = 'Hello') {
  const response = await fetch(`${test.base(gateway)}/openai/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer test-key',
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      ...change,
    },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: question }] }),
  });
  await response.text();
  return response;
}

const metadata = (team: string) => ({
  'cf-aig-metadata': JSON.stringify({ team, user_id: `user of ${team}` }),
});

beforeAll(async () => {
  test = await startTestGateway();
  from = new Date().toISOString();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'one', cache_ttl: 600 }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'two' }));
  for (let index = 0; index < 3; index++)
    await send('one', 'gpt-4o-mini', metadata('search'), `question ${index}`);
  for (let index = 0; index < 2; index++) await send('one', 'gpt-4o-mini', metadata('search'), 'question 0');
  await send('one', 'gpt-4o', metadata('ads, "other"'));
  await send('two', 'gpt-4o', { 'user-agent': 'agent-x/1.0' });
  await send('one', 'no-such-model');
  to = new Date(Date.now() + 1).toISOString();
});
afterAll(() => test.close());

async function call(path: string): Promise<{ status: number; json: Record<string, unknown> }> {
  const response = await fetch(`${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway${path}`, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

const figures = (query: Record<string, string>): Promise<AnalyticsObject> =>
  test.manage('GET', `/analytics?${new URLSearchParams({ from, to, ...query })}`) as Promise<AnalyticsObject>;

async function logs(gateway: string): Promise<LogObject[]> {
  const query = new URLSearchParams({ per_page: '50', start_date: from, end_date: to });
  return (await test.manage('GET', `/gateways/${gateway}/logs?${query}`)) as LogObject[];
}

/** What the list of logs adds up to. */
function sumsOf(rows: readonly LogObject[]): Partial<AnalyticsRowObject> {
  const sum = (read: (row: LogObject) => number | null): number =>
    rows.reduce((total, row) => total + (read(row) ?? 0), 0);
  return {
    requests: rows.length,
    errors: sum((row) => (row.success ? 0 : 1)),
    cached_requests: sum((row) => (row.cached ? 1 : 0)),
    tokens_in: sum((row) => row.tokens_in),
    tokens_out: sum((row) => row.tokens_out),
  };
}

describe('figures', () => {
  it('are the sums of the list of logs of the same time, by model', async () => {
    const rows = [...(await logs('one')), ...(await logs('two'))];
    const { rows: shown, scanned } = await figures({ group_by: 'model' });
    expect(scanned).toBe(false);
    const models = [...new Set(rows.map((row) => row.model))];
    expect(shown.map((row) => row.group?.[0]).sort()).toEqual(models.sort());
    for (const row of shown) {
      const own = rows.filter(({ model }) => model === row.group?.[0]);
      expect(row).toMatchObject(sumsOf(own));
      expect(row.cost).toBeCloseTo(
        own.reduce((total, { cost }) => total + (cost ?? 0), 0),
        9,
      );
    }
    expect(shown[0]).toMatchObject({ group: ['gpt-4o-mini'], requests: 5, cached_requests: 2 });
    expect(shown[0]!.saved).toBeGreaterThan(0);
  });

  it('are cut by gateway, filter and top, and shown by the minute', async () => {
    const one = await figures({ gateway: 'one', interval: 'minute' });
    expect(one.rows.reduce((sum, row) => sum + row.requests, 0)).toBe(7);
    expect(one.rows[0]!.duration.p50).toBeGreaterThan(0);
    const bare = await figures({ gateway: 'one', quantiles: 'false' });
    expect(bare.rows).toMatchObject([{ requests: 7, duration: { p50: null, p95: null, p99: null } }]);
    expect(one.rows[0]!.bucket).toMatch(/:00\.000Z$/);
    const failed = await figures({ filters: '[{"key":"success","operator":"eq","value":[false]}]' });
    expect(failed.rows).toMatchObject([{ group: [], requests: 1, errors: 1 }]);
    const top = await figures({ group_by: 'model', top_limit: '1', top_by: 'requests' });
    expect(top.rows.map(({ group, requests }) => [group, requests])).toEqual([
      [['gpt-4o-mini'], 5],
      [null, 3],
    ]);
  });

  it('are told apart by metadata, user, token and agent; what no roll-up combines is read from the records', async () => {
    const teams = await figures({ group_by: 'metadata:team' });
    const byTeam = Object.fromEntries(teams.rows.map((row) => [row.group?.[0], row.requests]));
    expect(byTeam).toEqual({ search: 5, 'ads, "other"': 1, '': 2 });
    const users = await figures({ group_by: 'user_id', gateway: 'one' });
    expect(users.rows[0]).toMatchObject({ group: ['user of search'], requests: 5 });
    const agents = await figures({ group_by: 'user_agent', gateway: 'two' });
    expect(agents.rows).toMatchObject([{ group: ['agent-x/1.0'], requests: 1 }]);
    const both = await figures({ group_by: 'user_id,model' });
    expect(both.scanned).toBe(true);
    expect(both.rows[0]).toMatchObject({ group: ['user of search', 'gpt-4o-mini'], requests: 5 });
  });

  it.each([
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from: must be before'],
    ['from=yesterday', 'from: must be a time such as'],
    ['from=-99999999999999h', 'from: must be a time'],
    ['from=-30d&interval=minute', 'interval: would make'],
    ['interval=week', 'interval:'],
    ['group_by=modle', 'group_by: unknown dimension: did you mean model?'],
    ['group_by=constructor', 'group_by: unknown dimension'],
    ['group_by=model,provider,path,gateway', 'group_by: must be at most 3'],
    ['group_by=model,model', 'group_by: names a dimension twice'],
    ['group_by=metadata:', 'group_by: a metadata key has 1 to 256'],
    ['group_by=%25zz', 'group_by: has a percent sign'],
    ['top_limit=0', 'top_limit: must be 1 to 1000'],
    ['top_by=model', 'top_by:'],
    ['filters=[{"key":"sql","operator":"eq","value":[1]}]', 'unknown filter key'],
    ['limit=5', 'limit: unknown parameter'],
  ])('refuse %s', async (query, message) => {
    const { status, json } = await call(`/analytics?${query}`);
    expect(status).toBe(400);
    expect(JSON.stringify(json.errors)).toContain(message);
  });

  it('of a gateway that is not there are not found', async () => {
    expect((await call('/analytics?gateway=one,nine')).status).toBe(404);
    expect((await call('/analytics?gateway=')).status).toBe(404);
  });
});

describe('attention', () => {
  it('is drawn to a provider that fails, to errors and to limits, and to nothing on a good day', async () => {
    const good = (await test.manage('GET', '/attention')) as unknown[];
    expect(good).toEqual([]);
    await test.manage('POST', '/gateways', gatewayBody({ id: 'bad' }));
    test.provider.always({ status: 503 });
    for (let index = 0; index < 10; index++) {
      await send('bad', 'gpt-4o-mini', { 'cf-aig-max-attempts': '1' }, `again ${index}`);
    }
    test.provider.reset();
    await test.manage(
      'POST',
      '/gateways',
      gatewayBody({ id: 'tight', rate_limiting_limit: 1, rate_limiting_interval: 3600 }),
    );
    for (let index = 0; index < 3; index++) await send('tight', 'gpt-4o-mini');
    const shown = (await test.manage('GET', '/attention')) as {
      kind: string;
      gateway: string;
      subject: string;
      message: string;
    }[];
    const lines = shown.map(({ kind, gateway, subject }) => [kind, gateway, subject]);
    expect(lines).toContainEqual(['provider-down', 'bad', 'openai']);
    expect(lines).toContainEqual(['error-spike', 'bad', null]);
    expect(lines).toContainEqual(['limit-reached', 'tight', null]);
    expect(lines).toHaveLength(3);
    expect(shown.find(({ kind }) => kind === 'limit-reached')?.message).toContain('2 requests');
  });
});

describe('sessions', () => {
  it('show who does what, in which state, and only to whom they belong', async () => {
    await test.manage('POST', '/gateways', gatewayBody({ id: 'agents' }));
    const session = (id: string) => ({ 'cf-aig-session-id': id, 'user-agent': 'agent-y/2' });
    const odd = 'täsk/1 % "quoted"?#';
    await send('agents', 'gpt-4o-mini', session('loop'), 'What now?');
    await send('agents', 'gpt-4o-mini', session('loop'), 'What now?');
    await send('agents', 'gpt-4o', session('loop'), 'What now?');
    for (let index = 0; index < 3; index++) await send('agents', 'gpt-4o-mini', session('loop'), 'What now?');
    await send('agents', 'gpt-4o', session(encodeURIComponent(odd)), 'Hello');
    const list = (await test.manage('GET', '/gateways/agents/sessions?order_by=requests')) as unknown[];
    expect(list).toMatchObject([
      {
        id: 'loop',
        requests: 6,
        state: 'looping',
        repeats: 3,
        user_agent: 'agent-y/2',
        model: 'gpt-4o-mini',
      },
      { id: encodeURIComponent(odd), requests: 1, state: 'running', errors: 0 },
    ]);
    const path = `/gateways/agents/sessions/${encodeURIComponent(encodeURIComponent(odd))}`;
    expect(await test.manage('GET', path)).toMatchObject({ id: encodeURIComponent(odd), requests: 1 });
    expect((await call('/gateways/one/sessions/loop')).status).toBe(404);
    expect((await call('/gateways/agents/sessions/no-such')).status).toBe(404);
    expect(await test.manage('GET', '/gateways/agents/sessions?search=loop&per_page=1')).toHaveLength(1);
    expect((await call('/gateways/agents/sessions?order_by=id')).status).toBe(400);
  });

  it('have the first line of their first prompt as title', async () => {
    const end = performance.now() + 10_000;
    // The index of texts follows the records.
    for (;;) {
      const { title } = (await test.manage('GET', '/gateways/agents/sessions/loop')) as {
        title: string | null;
      };
      if (title === 'What now?') break;
      if (performance.now() > end) throw new Error(`the title is ${title}`);
      await sleep(50);
    }
  });

  it('go with their requests', async () => {
    await test.manage('DELETE', '/gateways/agents/logs');
    expect(await test.manage('GET', '/gateways/agents/sessions')).toEqual([]);
  });
});
