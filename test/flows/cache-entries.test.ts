import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

interface Entry {
  readonly key: string;
  readonly provider: string;
  readonly model: string;
  readonly bytes: number;
  readonly created_at: string;
  readonly expires_at: string;
  readonly hits: number;
  readonly cost: number | null;
  readonly log_id: string;
}

let harness: TestGateway;

async function chat(gateway: string, model: string, content = 'hello'): Promise<Response> {
  const response = await fetch(`${harness.base(gateway)}/openai/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key-of-nobody', 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content }] }),
  });
  await response.arrayBuffer();
  return response;
}

async function list(gateway: string, query = ''): Promise<{ rows: Entry[]; total: number; status: number }> {
  const path = `/client/v4/accounts/local/ai-gateway/gateways/${gateway}/cache/entries${query}`;
  const response = await fetch(harness.gateway.baseUrl + path, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  const { result, result_info } = (await response.json()) as {
    result: Entry[];
    result_info?: { total_count: number };
  };
  return { rows: result, total: result_info?.total_count ?? 0, status: response.status };
}

beforeAll(async () => {
  harness = await startTestGateway();
  for (const id of ['a', 'b'])
    await harness.manage('POST', '/gateways', gatewayBody({ id, authentication: false, cache_ttl: 600 }));
});
afterAll(() => harness.close());

test('what was stored is listed with who said it, what it cost and how often it was of use', async () => {
  expect(await list('a')).toEqual({ rows: [], total: 0, status: 200 });
  const first = await chat('a', 'gpt-4o-mini');
  await chat('a', 'gpt-4o-mini');
  await chat('a', 'gpt-4o-mini');
  await chat('a', 'gpt-4o', 'hello again');
  await chat('b', 'gpt-4o');
  const record = await harness.record(first, 'a');
  const { rows, total } = await list('a', '?order_by=hits');
  expect(total).toBe(2);
  expect(rows.map(({ model, hits }) => [model, hits])).toEqual([
    ['gpt-4o-mini', 2],
    ['gpt-4o', 0],
  ]);
  expect(rows[0]).toMatchObject({
    key: expect.stringMatching(/^[0-9a-f]{64}$/),
    provider: 'openai',
    bytes: record.response_size,
    cost: record.cost,
    log_id: record.id,
  });
  expect(Date.parse(rows[0]!.expires_at) - Date.parse(rows[0]!.created_at)).toBe(600_000);
  expect((await list('b')).rows.map(({ model }) => model)).toEqual(['gpt-4o']);
});

test('pages end with an empty one; what is no order and no gateway is refused', async () => {
  const page = async (number: number): Promise<string[]> =>
    (await list('a', `?order_by=created_at&order_by_direction=asc&per_page=1&page=${number}`)).rows.map(
      ({ model }) => model,
    );
  expect([await page(1), await page(2), await page(3)]).toEqual([['gpt-4o-mini'], ['gpt-4o'], []]);
  expect((await list('a', '?order_by=head')).status).toBe(400);
  expect((await list('a', '?per_page=51')).status).toBe(400);
  expect((await list('none')).status).toBe(404);
});

test('a purge with conditions removes what meets all of them, from memory too', async () => {
  expect(await harness.manage('DELETE', '/gateways/a/cache?model=gpt-4o&older_than_seconds=3600')).toEqual({
    id: 'a',
    deleted: 0,
  });
  expect(await harness.manage('DELETE', '/gateways/a/cache?provider=openai&model=gpt-4o')).toEqual({
    id: 'a',
    deleted: 1,
  });
  expect((await list('a')).rows.map(({ model }) => model)).toEqual(['gpt-4o-mini']);
  expect((await chat('a', 'gpt-4o', 'hello again')).headers.get('cf-aig-cache-status')).toBe('MISS');
  expect((await chat('a', 'gpt-4o-mini')).headers.get('cf-aig-cache-status')).toBe('HIT');
  expect((await list('b')).total).toBe(1);
  await expect(harness.manage('DELETE', '/gateways/a/cache?modle=gpt-4o')).rejects.toThrow(
    'unknown parameter',
  );
  expect((await list('a')).total).toBe(2);
});

test('a purge without conditions empties the list', async () => {
  expect(await harness.manage('DELETE', '/gateways/a/cache')).toEqual({ id: 'a' });
  expect((await list('a')).total).toBe(0);
  expect((await list('b')).total).toBe(1);
});

test('entries and their hits outlive a restart', async () => {
  await chat('b', 'gpt-4o');
  await harness.restart();
  expect((await list('b')).rows.map(({ model, hits }) => [model, hits])).toEqual([['gpt-4o', 1]]);
});
