import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyTestObject } from '../../src/api/contract/providers.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const KEY = 'test-key-right-0123456789-abcdef';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway({ provider: { keys: [KEY] } });
  await test.manage('POST', '/gateways', { id: 'g' });
});
afterAll(() => test.close());

describe('a test of a stored key', () => {
  const store = async (provider_slug: string, secret: string, alias = `k${Math.random()}`.slice(0, 12)) =>
    (
      (await test.manage('POST', '/gateways/g/provider_configs', { provider_slug, secret, alias })) as {
        id: string;
      }
    ).id;
  const run = async (id: string): Promise<KeyTestObject> =>
    (await test.manage('POST', `/gateways/g/provider_configs/${id}/test`)) as KeyTestObject;

  it.each(['openai', 'anthropic', 'google-ai-studio', 'cohere'])(
    '%s: a right key is accepted',
    async (provider) => {
      const answer = await run(await store(provider, KEY));
      expect(answer).toMatchObject({ outcome: 'accepted', status_code: 200 });
      expect(answer.duration).toBeGreaterThanOrEqual(0);
    },
  );

  it.each(['openai', 'anthropic', 'google-ai-studio'])(
    '%s: a wrong key is refused, in the provider’s words and without the key',
    async (provider) => {
      const wrong = 'test-key-wrong-zyxwvutsrq-9876';
      const answer = await run(await store(provider, wrong));
      expect(answer.outcome).toBe('refused');
      expect(answer.message.length).toBeGreaterThan(5);
      expect(answer.message).not.toMatch(/zyxwvutsrq|-9876/);
    },
  );

  it('has a record, as the kind of request that it is', async () => {
    const { id } = (await test.manage('POST', '/gateways', { id: 'tested' })) as { id: string };
    const path = `/gateways/${id}/provider_configs`;
    const key = (await test.manage('POST', path, { provider_slug: 'openai', secret: KEY })) as { id: string };
    await test.manage('POST', `${path}/${key.id}/test`);
    const end = performance.now() + 10_000;
    for (;;) {
      const rows = (await test.manage('GET', `/gateways/${id}/logs`)) as Record<string, unknown>[];
      if (rows.length > 0) {
        expect(rows).toMatchObject([
          { request_type: 'key-test', provider: 'openai', status_code: 200, byok: true },
        ]);
        break;
      }
      if (performance.now() > end) throw new Error('the test of the key has no record');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  it('uses the key that it is asked about, whichever is the default', async () => {
    await store('groq', KEY, 'right');
    const wrong = await store('groq', 'test-key-wrong-zyxwvutsrq-9876', 'wrong');
    expect((await run(wrong)).outcome).toBe('refused');
  });

  it('hides a key that the provider repeats', async () => {
    const wrong = 'test-key-echoed-abcdefghijklmnop';
    const echo = createServer((request, response) => {
      const shown = request.headers.authorization ?? '';
      const message = `Incorrect API key: ${shown.slice(7)}, or ${shown.slice(7, 27)}…`;
      response
        .writeHead(401, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { message } }));
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    try {
      const base_url = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
      await test.manage('POST', '/custom-providers', { name: 'Echo', slug: 'echo', base_url, enable: true });
      const answer = await run(await store('custom-echo', wrong));
      expect(answer).toMatchObject({ outcome: 'refused', message: 'Incorrect API key: …, or ……' });
    } finally {
      echo.closeAllConnections();
      await new Promise((resolve) => echo.close(resolve));
    }
  });

  it('says so when nothing can be asked, or the provider does not answer', async () => {
    expect(await run(await store('fal', KEY))).toMatchObject({ outcome: 'not_tested', status_code: null });
    test.provider.script(['status=503']);
    expect(await run(await store('deepseek', KEY))).toMatchObject({ outcome: 'unclear', status_code: 503 });
  });

  it('finds no key of another gateway', async () => {
    await test.manage('POST', '/gateways', { id: 'h' });
    const id = await store('cerebras', KEY);
    await expect(test.manage('POST', `/gateways/h/provider_configs/${id}/test`)).rejects.toThrow(/404/);
    await expect(test.manage('POST', '/gateways/g/provider_configs/missing/test')).rejects.toThrow(/404/);
  });
});
