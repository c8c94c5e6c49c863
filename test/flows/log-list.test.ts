import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT, type Api, startApi } from './management-api-server.ts';

const LOGS = `/accounts/${ACCOUNT}/ai-gateway/gateways/g/logs`;

let api: Api;
const ids: string[] = [];
beforeAll(async () => {
  api = await startApi();
  await api.call('POST', `/accounts/${ACCOUNT}/ai-gateway/gateways`, { id: 'g' });
  const now = Date.now();
  for (let hour = 6; hour >= 0; hour--) {
    const createdAt = now - hour * 3_600_000 - 1000;
    const metadata = { team: hour % 2 === 0 ? 'even' : 'odd', other: 'even' };
    ids.unshift(
      api.record({ createdAt, costNanos: (hour % 3) * 1000, statusCode: 200 + hour * 60, metadata }).id,
    );
  }
});
afterAll(async () => {
  await api.close();
});

const list = async (query: Record<string, string>) => {
  const { status, json } = await api.call('GET', `${LOGS}?${new URLSearchParams(query)}`);
  return {
    status,
    ids: (json.result as { id: string }[] | null)?.map((row) => row.id),
    info: json.result_info,
    errors: json.errors,
  };
};

test.each(['created_at', 'cost', 'provider', 'feedback'])(
  'the cursor of each page leads to the next until there is none, ordered by %s',
  async (order_by) => {
    const whole = await list({ order_by });
    expect(whole.info).toMatchObject({ total_count: 7, cursor: null });
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await list({ order_by, per_page: '3', ...(cursor !== null && { cursor }) });
      expect(page.info.total_count).toBe(7);
      found.push(...page.ids!);
      cursor = page.info.cursor as string | null;
    } while (cursor !== null);
    expect(found).toEqual(whole.ids);
  },
);

test('a cursor that is none, or of another order, is refused with a reason', async () => {
  const { info } = await list({ per_page: '3' });
  for (const query of [
    { cursor: 'nonsense' },
    { cursor: '' },
    { cursor: info.cursor, order_by: 'cost' },
    { cursor: info.cursor, order_by_direction: 'asc' },
  ]) {
    const refused = await list(query);
    expect(refused.status).toBe(400);
    expect(refused.errors[0]).toMatchObject({ code: 7001, path: ['query', 'cursor'] });
  }
});

test('from and to take times as people mean them, and say what they do not understand', async () => {
  expect((await list({ from: '-150m' })).ids).toEqual(ids.slice(0, 3));
  expect((await list({ from: '-150m', to: '-90m' })).ids).toEqual(ids.slice(2, 3));
  expect((await list({ to: 'now' })).info.total_count).toBe(7);
  const refused = await list({ from: 'yesterday' });
  expect(refused.status).toBe(400);
  expect(refused.errors[0]).toMatchObject({ code: 7001, path: ['query', 'from'] });
});

test('a class of status codes and the value of one key of the metadata select logs', async () => {
  const filtered = (key: string, value: string) =>
    list({ 'filters.key': key, 'filters.operator': 'eq', 'filters.value': value });
  expect((await filtered('status_class', '5xx')).ids).toEqual(ids.slice(5, 7));
  expect((await filtered('status_class', '2')).ids).toEqual(ids.slice(0, 2));
  expect((await filtered('metadata:team', 'even')).info.total_count).toBe(4);
  const refused = await filtered('metadata:', 'even');
  expect(refused.errors[0]).toMatchObject({ code: 7001 });
});
