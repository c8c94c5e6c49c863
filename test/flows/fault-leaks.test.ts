import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, chat, until } from './fault-client.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway({ provider: { recordLimit: 4 } });
});
afterAll(() => test.close());

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const FAULTS = [
  'status=503;retryAfter=0',
  'cut',
  'cut=0',
  'cut=3',
  'reset',
  'reset=3',
  'errorEvent=0',
  'errorEvent=3',
  'garbage',
  'headerBytes=100000',
  'lengthError=50',
  'lengthError=-50',
  'earlyClose',
  'hugeLineBytes=100000',
  'hang',
  'hang=0',
  'hang=3',
  'endless',
  'bombBytes=300000',
  '',
];

/** Every fault, whole and streamed, alone, with retry, with a fallback, and with a client that leaves. */
async function onceOver(): Promise<void> {
  const calls: Promise<unknown>[] = [];
  for (const fault of FAULTS) {
    const headers = {
      'x-scripted-fault': fault,
      'cf-aig-request-timeout': '60',
      'cf-aig-metadata': '{"team":"blue"}',
    };
    const leaving = /hang|endless/.test(fault);
    const patience = leaving ? { leaveAfterMs: 100 } : {};
    for (const stream of [false, true]) {
      const body = chat({ stream });
      const url = `${test.base()}/openai/chat/completions`;
      const step = { provider: 'openai', endpoint: 'chat/completions', query: body };
      calls.push(
        ask(url, { body, headers, ...patience }),
        ask(url, {
          body,
          headers: { ...headers, 'cf-aig-max-attempts': '3', 'cf-aig-retry-delay': '1' },
          ...patience,
        }),
        ask(test.base(), { body: [step, step], headers, ...patience }),
        ask(url, { body, headers, leaveAfterMs: 5 }),
        ask(url, { body, headers, leaveWhen: () => true, leaveAfterMs: 100 }),
      );
    }
  }
  await Promise.allSettled(calls);
  await until(() => test.provider.openStreams === 0, 'the provider still has open streams');
}

function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

async function settledHeapBytes(): Promise<number> {
  await until(async () => {
    const { spool, openRequests } = (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as {
      spool: { backlogRecords: number };
      openRequests: number;
    };
    return openRequests === 0 && spool.backlogRecords === 0;
  }, 'the gateway does not come to rest');
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it('two hundred faults and again two hundred leave no socket, no timer and no memory behind', async () => {
  await onceOver();
  await onceOver();
  const heapBefore = await settledHeapBytes();
  const before = resources();
  for (let round = 0; round < 3; round++) await onceOver();
  const heapAfter = await settledHeapBytes();
  const after = resources();

  const health = (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as object;
  expect(health).toMatchObject({
    status: 'ok',
    counters: {},
    openRequests: 0,
    openUpstream: 0,
    heldRequestBytes: 0,
  });
  // What 600 requests keep, if each kept anything worth naming, would be far more than this.
  expect(heapAfter - heapBefore).toBeLessThan(3_000_000);
  // Idle connections to the provider are kept: as many as were needed at once, and no more with every round.
  expect(after.TCPSocketWrap ?? 0).toBeLessThanOrEqual((before.TCPSocketWrap ?? 0) + 40);
  expect(after.Timeout ?? 0).toBeLessThanOrEqual((before.Timeout ?? 0) + 5);
});
