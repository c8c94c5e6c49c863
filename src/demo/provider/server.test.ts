import { setMaxListeners } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ScriptedProvider, startScriptedProvider } from './server.ts';

let provider: ScriptedProvider;

beforeAll(async () => {
  provider = await startScriptedProvider();
});
afterAll(() => provider.close());
beforeEach(() => provider.reset());

function ask(fault: string, signal?: AbortSignal) {
  return fetch(`${provider.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key', 'x-scripted-fault': fault },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }),
    ...(signal ? { signal } : {}),
  });
}

describe('the provider as a server', () => {
  it('answers 413 to a body over its limit, and refuses keys it was not told of', async () => {
    const strict = await startScriptedProvider({ bodyLimitBytes: 10, keys: ['test-key-known'] });
    const post = (key: string, body: string) =>
      fetch(`${strict.url}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body,
      });
    expect((await post('test-key-known', 'x'.repeat(11))).status).toBe(413);
    expect((await post('test-key-other', '{}')).status).toBe(401);
    await strict.close();
  });

  it('sees a client that leaves during its upload', async () => {
    const headers = { authorization: 'Bearer test-key', 'content-length': '1000' };
    const request = httpRequest(`${provider.url}/v1/chat/completions`, { method: 'POST', headers });
    request.on('error', () => undefined);
    request.write('{"model":');
    await vi.waitUntil(() => provider.openStreams === 1, { interval: 5 });
    request.destroy();
    await vi.waitUntil(() => provider.openStreams === 0, { interval: 5 });
    expect(provider.requests[0]!.aborted).toBe(true);
    expect(provider.requests[0]!.body.toString()).toBe('{"model":');
  });

  it('holds many streams at once without a complaint of the runtime', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    const left = new AbortController();
    setMaxListeners(0, left.signal);
    const held = Array.from({ length: 60 }, () => ask('hang', left.signal).catch(() => null));
    await vi.waitUntil(() => provider.openStreams === 60, { interval: 5 });
    left.abort();
    await Promise.all(held);
    await vi.waitUntil(() => provider.openStreams === 0, { interval: 5 });
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
    expect(provider.requests.every((request) => request.aborted)).toBe(true);
  });

  it('says the same again after a reset', async () => {
    const first = (await (await ask('')).json()) as { id: string };
    provider.reset();
    expect(await (await ask('')).json()).toMatchObject({ id: first.id });
  });

  it('serves the bench answers under any prefix, unrecorded', async () => {
    const json = await fetch(`${provider.url}/any/bench/json?bytes=2048`, { method: 'POST', body: '{}' });
    const body = Buffer.from(await json.arrayBuffer());
    expect(body.length).toBe(2048);
    expect(JSON.parse(body.toString()).usage.total_tokens).toBe(225);
    const streamed = await fetch(`${provider.url}/x`, { headers: { 'x-bench': 'stream?chunks=50' } });
    const text = await streamed.text();
    expect(text.match(/data: {/g)).toHaveLength(51);
    expect(text).toMatch(/\[DONE\]\n\n$/);
    const upload = await fetch(`${provider.url}/bench/upload`, {
      method: 'POST',
      body: Buffer.alloc(1 << 20),
    });
    expect(upload.status).toBe(200);
    const paced = performance.now();
    await (await fetch(`${provider.url}/bench/stream?chunks=5&interval=10`)).text();
    expect(performance.now() - paced).toBeGreaterThan(40);
    expect(provider.requests).toHaveLength(0);
  });
});
