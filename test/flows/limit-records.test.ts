import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aRecord, bodiesOf, openTestLogs } from '../contract/logs-fixtures.ts';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, chat, type RawReply, until } from './fault-client.ts';

const LIMIT = 10_000;
const DAY_MS = 86_400_000;

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
  for (const id of ['full', 'aging', 'space']) await test.manage('POST', '/gateways', { id });
});
afterAll(() => test.close());

const send = (gateway: string, question = 'Hello'): Promise<RawReply> =>
  ask(`${test.base(gateway)}/openai/chat/completions`, { body: chat({}, question) });

/** Puts records of an earlier time into the data folder of the gateway, which is stopped for it. */
async function writeEarlier(gateway: string, times: readonly number[]): Promise<string[]> {
  await test.gateway.close();
  const logs = openTestLogs(test.dataFolder);
  const ids = times.map((createdAt) => {
    const record = aRecord({ gateway, createdAt });
    logs.sink.append(record, bodiesOf('a question', 'an answer'));
    return record.id;
  });
  await until(() => logs.stats().backlogRecords === 0, 'the records were not taken over', 20_000);
  await logs.close();
  await test.restart();
  return ids;
}

const total = async (gateway: string): Promise<number> => {
  const response = await fetch(
    `${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/${gateway}/logs?per_page=1`,
    { headers: { authorization: 'Bearer test-admin-token-0123456789' } },
  );
  const answer = (await response.json()) as { result_info: { total_count: number } };
  return answer.result_info.total_count;
};

const isThere = (gateway: string, id: string): Promise<boolean> =>
  test.manage('GET', `/gateways/${gateway}/logs/${id}`).then(
    () => true,
    () => false,
  );

const idOf = ({ headers }: RawReply): string => String(headers['cf-aig-log-id']);

it('a gateway whose log is full keeps serving, keeps the oldest or the newest as it is told, and counts what it drops', async () => {
  const now = Date.now();
  const earlier = await writeEarlier(
    'full',
    Array.from({ length: LIMIT }, (_, i) => now - LIMIT * 10 + i * 10),
  );
  expect(await total('full')).toBe(LIMIT);
  const put = (strategy: string): Promise<unknown> =>
    test.manage(
      'PUT',
      '/gateways/full',
      gatewayBody({ log_management: LIMIT, log_management_strategy: strategy }),
    );

  await put('STOP_INSERTING');
  const dropped = [await send('full'), await send('full')];
  expect(dropped.map(({ status }) => status)).toEqual([200, 200]);
  await until(async () => {
    const { counters } = (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as {
      counters: Record<string, number>;
    };
    return counters.records_refused_by_limit === 2;
  }, 'what was dropped is not counted');
  expect(await total('full')).toBe(LIMIT);
  for (const reply of dropped) expect(await isThere('full', idOf(reply))).toBe(false);
  expect(await isThere('full', earlier[0]!)).toBe(true);

  await put('DELETE_OLDEST');
  const kept = [await send('full'), await send('full'), await send('full')];
  for (const reply of kept) await test.record(reply.fields, 'full');
  await until(async () => (await total('full')) === LIMIT, 'the oldest were not removed');
  for (const id of earlier.slice(0, 3)) expect(await isThere('full', id)).toBe(false);
  expect(await isThere('full', earlier[3]!)).toBe(true);
});

it('records older than the gateway keeps them are removed, with their bodies', async () => {
  const now = Date.now();
  const [old, young] = await writeEarlier('aging', [now - 3 * DAY_MS, now - DAY_MS]);
  expect(await total('aging')).toBe(2);
  await test.manage('PUT', '/gateways/aging', gatewayBody({ log_retention_days: 2 }));
  await until(async () => (await total('aging')) === 1, 'the old record was not removed');
  expect(await isThere('aging', old!)).toBe(false);
  expect(await isThere('aging', young!)).toBe(true);
  await expect(test.manage('GET', `/gateways/aging/logs/${old}/response`)).rejects.toThrow(/404/);
});

it('deleting gives the space back, rows and bodies', async () => {
  const bytes = (): number =>
    ['logs', 'bodies', 'spool']
      .flatMap((folder) => readdirSync(join(test.dataFolder, folder)).map((name) => join(folder, name)))
      .reduce(
        (sum, name) => sum + (statSync(join(test.dataFolder, name), { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
  const before = bytes();
  for (let round = 0; round < 10; round++) {
    // Does not compress.
    const question = randomBytes(60_000).toString('base64');
    await Promise.all(Array.from({ length: 10 }, (_, i) => send('space', `${i}${question}`)));
  }
  await until(async () => (await total('space')) === 100, 'the records are not there');
  expect(bytes() - before).toBeGreaterThan(5_000_000);
  await test.manage('DELETE', '/gateways/space/logs');
  expect(await total('space')).toBe(0);
  // Files are cut every ten seconds; the journal of the database keeps its size.
  await until(() => bytes() - before < 1_500_000, 'the space was not given back', 20_000);
});
