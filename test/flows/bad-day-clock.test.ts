import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, chat, type RawReply } from './fault-client.ts';

const HOUR_MS = 3_600_000;

let test: TestGateway;
beforeEach(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', {
    id: 'main',
    cache_ttl: 600,
    rate_limiting_limit: 3,
    rate_limiting_interval: 600,
    rate_limiting_technique: 'sliding',
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await test.close();
});

const send = (question: string): Promise<RawReply> =>
  ask(`${test.base('main')}/openai/chat/completions`, { body: chat({}, question) });

/** Sets the machine's clock, and nothing else. */
const setClock = (ms: number): void => void vi.useFakeTimers({ toFake: ['Date'], now: ms });

const createdAt = async (reply: RawReply): Promise<number> =>
  Date.parse(String((await test.record(reply.fields, 'main')).created_at));

it('a clock that is set under a running gateway changes nothing: no window opens, no entry ages, no record goes back', async () => {
  const first = await send('One');
  await send('Two');
  await send('Three');
  for (const jump of [HOUR_MS, -HOUR_MS, 24 * HOUR_MS]) {
    setClock(Date.now() + jump);
    expect((await send(`At ${jump}`)).status).toBe(429);
    expect((await send('One')).headers['cf-aig-cache-status']).toBe('HIT');
    vi.useRealTimers();
  }
  const last = await send('One');
  expect(await createdAt(last)).toBeGreaterThan(await createdAt(first));
  expect((await createdAt(last)) - (await createdAt(first))).toBeLessThan(20_000);
  expect(String(last.headers['cf-aig-log-id']) > String(first.headers['cf-aig-log-id'])).toBe(true);
});

it('a gateway that starts an hour later finds its windows open and its entries expired', async () => {
  for (const question of ['One', 'Two', 'Three']) await send(question);
  setClock(Date.now() + HOUR_MS);
  await test.restart();
  const reply = await send('One');
  expect([reply.status, reply.headers['cf-aig-cache-status']]).toEqual([200, 'MISS']);
  expect(reply.headers['ratelimit-remaining']).toBe('2');
});

it('a gateway that starts with its clock set back serves, and keeps nobody waiting longer than one window', async () => {
  for (const question of ['One', 'Two', 'Three']) await send(question);
  setClock(Date.now() - HOUR_MS);
  await test.restart();
  const hit = await send('One');
  expect([hit.status, hit.headers['cf-aig-cache-status'], hit.headers.age]).toEqual([200, 'HIT', '0']);
  expect(await test.record(hit.fields, 'main')).toMatchObject({ cached: true, success: true });
  const refused = await send('Four');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(600);
  const health = (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as object;
  expect(health).toMatchObject({ status: 'ok' });
});

it('the clock of the process runs on by itself from where it started', () => {
  const clock = systemClock();
  const before = clock.now();
  setClock(before - HOUR_MS);
  expect(clock.now()).toBeGreaterThanOrEqual(before);
  expect(clock.now() - before).toBeLessThan(1000);
});
