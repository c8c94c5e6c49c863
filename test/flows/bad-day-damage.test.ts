import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, chat, type RawReply, until } from './fault-client.ts';

let test: TestGateway;
const before: RawReply[] = [];

beforeEach(async () => {
  before.length = 0;
  test = await startTestGateway();
  await test.manage('POST', '/gateways', {
    id: 'caching',
    cache_ttl: 3600,
    rate_limiting_limit: 50,
    rate_limiting_interval: 3600,
  });
  for (let i = 0; i < 5; i++) before.push(await send(`Earlier question ${i}`));
  await test.record(before[4]!.fields, 'caching');
});
afterEach(() => test.close());

const send = (question: string): Promise<RawReply> =>
  ask(`${test.base('caching')}/openai/chat/completions`, { body: chat({}, question) });

const data = (...names: string[]): string => join(test.dataFolder, ...names);

function spoil(path: string, from: number, to?: number): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0x5a, from, to));
}

/** Stops the gateway, lets something happen to its data, and starts it again. */
async function restartAfter(damage: () => void): Promise<void> {
  await test.gateway.close();
  damage();
  await test.restart();
}

interface Health {
  readonly status: string;
  readonly degraded: readonly { component: string; message: string; since: string }[];
  readonly counters: Readonly<Record<string, number>>;
}
const health = async (): Promise<Health> =>
  (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as Health;

/** Requests are served and recorded as if nothing had been. */
async function goesOn(): Promise<void> {
  const reply = await send('A question of today');
  expect(reply.status).toBe(200);
  expect(await test.record(reply.fields, 'caching')).toMatchObject({ status_code: 200, success: true });
  expect((await send('A question of today')).headers['cf-aig-cache-status']).toBe('HIT');
}

const damagedFiles = (...folder: string[]): string[] =>
  readdirSync(data(...folder)).filter((name) => name.includes('damaged'));

it.each([
  ['that is none', 0],
  ['with spoilt pages', 4096],
])('a log database %s is set aside and named; requests and records go on', async (_, from) => {
  await restartAfter(() => spoil(data('logs', 'logs.db'), from));
  await goesOn();
  // What is spoilt inside is met when it is read.
  await test.manage('GET', '/gateways/caching/logs?search=Earlier').catch(() => null);
  await until(
    async () => (await health()).status === 'degraded',
    'nobody says that the database was damaged',
  );
  const { degraded } = await health();
  expect(degraded).toMatchObject([{ component: 'log-database' }]);
  const [name] = damagedFiles('logs');
  expect(name).toMatch(/^logs\.db\.damaged-/);
  expect(degraded[0]!.message).toContain(name);
  await goesOn();
});

it.each([
  ['that is none', 0],
  ['with spoilt pages', 4096],
])('a cache file %s is set aside and named; answers are fetched and cached anew', async (_, from) => {
  await restartAfter(() => spoil(data('cache.db'), from));
  expect((await send('Earlier question 1')).headers['cf-aig-cache-status']).toBe('MISS');
  await goesOn();
  const { status, degraded } = await health();
  expect(status).toBe('degraded');
  expect(degraded).toMatchObject([{ component: 'cache-database' }]);
  const [name] = damagedFiles();
  expect(degraded[0]!.message).toContain(name);
  // The new file is as good as the old one was.
  await test.restart();
  expect((await health()).status).toBe('ok');
  expect((await send('Earlier question 1')).headers['cf-aig-cache-status']).toBe('HIT');
});

it('a damaged spool segment costs the damaged record, is set aside and named, and the others are kept', async () => {
  const ids = before.map(({ headers }) => String(headers['cf-aig-log-id']));
  // Read now: a segment that is full or closed may be packed, and is then no longer there.
  const [segment] = readdirSync(data('spool')).filter((name) => name.endsWith('.spool'));
  const bytes = readFileSync(data('spool', segment!));
  const third = bytes.indexOf(ids[2]!);
  expect(third).toBeGreaterThan(0);
  await restartAfter(() => {
    // A spool that nobody has taken over yet: the store is empty, and knows of no progress.
    writeFileSync(data('spool', segment!), bytes.fill(0x5a, third, third + 20));
    for (const name of readdirSync(data('logs'))) writeFileSync(data('logs', name), '');
  });
  await goesOn();
  const rows = (await test.manage('GET', '/gateways/caching/logs')) as { id: string }[];
  const kept = ids.filter((id) => rows.some((row) => row.id === id));
  expect(kept).toEqual(ids.filter((_, i) => i !== 2));
  const { degraded } = await health();
  expect(degraded).toMatchObject([{ component: 'spool-segment' }]);
  await until(() => damagedFiles('spool').length === 1, 'the segment was not set aside');
});

it('bodies that are gone leave their record readable, and are said to be missing', async () => {
  await restartAfter(() => {
    for (const folder of ['spool', 'bodies']) {
      for (const name of readdirSync(data(folder))) rmSync(data(folder, name));
    }
  });
  const row = await test.record(before[0]!.fields, 'caching');
  expect(row).toMatchObject({ status_code: 200, success: true });
  await expect(
    test.manage('GET', `/gateways/caching/logs/${before[0]!.headers['cf-aig-log-id']}/response`),
  ).rejects.toThrow(/404/);
  await goesOn();
});

it('a spoilt journal of rate counts costs the counts, and nothing else', async () => {
  await restartAfter(() => spoil(data('counters.journal'), 0));
  const reply = await send('Counted from here');
  expect([reply.status, reply.headers['ratelimit-remaining']]).toEqual([200, '49']);
  await goesOn();
  await test.restart();
  expect((await send('After that')).headers['ratelimit-remaining']).toBe('47');
});

it('a spoilt price list of one’s own is named, and the bundled one is used', async () => {
  await restartAfter(() => writeFileSync(data('prices.json'), '{"prices": nope'));
  const reply = await send('What does it cost?');
  expect((await test.record(reply.fields, 'caching')).cost).toBeGreaterThan(0);
  expect((await health()).degraded).toMatchObject([
    { component: 'prices', message: expect.stringContaining('prices.json') },
  ]);
});
