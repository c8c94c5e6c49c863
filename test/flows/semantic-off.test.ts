import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, type RawReply, until } from './fault-client.ts';

const REQUESTS = 30;
const WAIT_MS = 30_000;

let test: TestGateway;
let threads = 0;
const count = (): void => void threads++;
beforeAll(async () => {
  process.on('worker', count);
  test = await startTestGateway();
});
afterAll(async () => {
  await test.close();
  process.off('worker', count);
  vi.restoreAllMocks();
});

async function chat(gateway: string, question: string): Promise<RawReply['fields']> {
  const reply = await ask(`${test.base(gateway)}/openai/chat/completions`, {
    body: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: question }] },
    // Callers cannot switch on what the gateway has off.
    headers: { 'tidegate-semantic-cache': 'on' },
  });
  expect(reply.status).toBe(200);
  return reply.fields;
}

const files = (): string[] =>
  readdirSync(test.dataFolder, { recursive: true })
    .map(String)
    .filter((name) => name.includes('semantic'));

it('a gateway without a semantic cache has no thread, no file and no timer of it', async () => {
  const ids = ['default', 'set-to-off'];
  await test.manage('POST', '/gateways', gatewayBody({ id: 'set-to-off', semantic_cache: { mode: 'off' } }));
  const intervals = vi.spyOn(globalThis, 'setInterval');
  const run = async (gateways: readonly string[]): Promise<{ threads: number; intervals: number }> => {
    const before = { threads, intervals: intervals.mock.calls.length };
    for (const id of gateways) {
      let last: RawReply['fields'] | null = null;
      for (let n = 0; n < REQUESTS; n++) last = await chat(id, `How long does tortoise ${n} live?`);
      // What follows a request, such as its record, has come about as well.
      await test.record(last!, id);
    }
    return { threads: threads - before.threads, intervals: intervals.mock.calls.length - before.intervals };
  };
  // What other parts open at their first use.
  await run(ids);
  expect(await run(ids)).toEqual({ threads: 0, intervals: 0 });
  expect(files()).toEqual([]);

  await test.manage('POST', '/gateways', gatewayBody({ id: 'watches', semantic_cache: { mode: 'shadow' } }));
  const before = { threads, intervals: intervals.mock.calls.length };
  await run(['watches']);
  await until(() => files().includes('semantic.db'), 'no file was made', WAIT_MS);
  expect(threads - before.threads).toBeGreaterThanOrEqual(3);
  expect(intervals.mock.calls.length).toBeGreaterThan(before.intervals);
}, 120_000);
