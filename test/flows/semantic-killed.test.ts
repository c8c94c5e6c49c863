import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ScriptedProvider, startScriptedProvider } from '../../src/demo/provider/server.ts';
import { ADMIN_TOKEN, gatewayBody } from '../support/gateway.ts';
import { startTidegate, type TidegateProcess } from '../support/tidegate-process.ts';
import { ask, chat, type RawReply, until } from './fault-client.ts';
import { outcomeOf, WAIT_MS } from './semantic-calls.ts';

let folder = '';
let provider: ScriptedProvider;
let running: TidegateProcess;
let baseUrl = '';

async function start(): Promise<void> {
  running = startTidegate(folder, ['start', '--port', '0'], {
    TIDEGATE_ADMIN_TOKEN: ADMIN_TOKEN,
    TIDEGATE_ALLOW_PRIVATE: '127.0.0.0/8',
    TIDEGATE_LOG_LEVEL: 'error',
    TIDEGATE_DATA: join(folder, 'data'),
    TIDEGATE_PROVIDER_OPENAI_URL: `${provider.url}/openai/v1`,
    TIDEGATE_SEMANTIC_WAIT_MS: '20000',
  });
  const banner = await running.printed('Ctrl-C stops');
  baseUrl = /Base URL +(http:\/\/[^/\s]+)/.exec(banner)![1]!;
}
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-semantic-'));
  provider = await startScriptedProvider();
  await start();
}, 60_000);
afterAll(async () => {
  running.child.kill('SIGKILL');
  await running.ended;
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

const manage = async (method: string, path: string, body?: unknown): Promise<unknown> => {
  const reply = await fetch(`${baseUrl}/client/v4/accounts/local/ai-gateway${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return ((await reply.json()) as { result: unknown }).result;
};
const send = (question: string, headers: Record<string, string> = {}): Promise<RawReply> =>
  ask(`${baseUrl}/v1/local/g/openai/chat/completions`, { body: chat({}, question), headers });

it('answers that were kept outlive a kill, and nothing that is found is broken', async () => {
  await manage(
    'POST',
    '/gateways',
    gatewayBody({ id: 'g', semantic_cache: { mode: 'on', error_budget: 0.05, daily_check_budget: 0 } }),
  );
  const first = await send('Why is the sky blue?');
  const entries = async (): Promise<unknown[]> =>
    (await manage('GET', '/gateways/g/cache/semantic/entries')) as unknown[];
  await until(async () => (await entries()).length === 1, 'the answer was not kept', WAIT_MS);
  // It is listed once it is on disk. More are on their way when the process dies.
  const others = ['Why is grass green?', 'How do magnets work?', 'What makes bread rise?'].map((question) =>
    send(question).catch(() => null),
  );
  await Promise.race(others);
  running.child.kill('SIGKILL');
  await running.ended;
  await Promise.all(others);
  await start();
  await until(
    async () => {
      // Until the models are loaded the provider is asked: what it says then must not be kept.
      const again = await send('why is the sky blue', { 'x-scripted-fault': 'status=500' });
      return outcomeOf(again) === 'semantic' && again.body.equals(first.body);
    },
    'the answer was not found again',
    WAIT_MS,
  );
  for (const question of ['Why is grass green?', 'How do magnets work?']) {
    const reply = await send(question);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body.toString()).choices).toHaveLength(1);
  }
}, 120_000);
