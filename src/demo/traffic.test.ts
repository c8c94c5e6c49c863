import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEMO_PROVIDERS, demoProviderUrls } from './demo-providers.ts';
import { startScriptedProvider } from './provider/server.ts';
import { startDemoTraffic } from './traffic.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A relay that does the least a gateway does: finds the provider in the path, and drops what is meant for it alone. */
async function startRelay(
  providerUrl: string,
): Promise<{ url: string; seen: { url: string; headers: string }[] }> {
  const urls = demoProviderUrls(providerUrl);
  const seen: { url: string; headers: string }[] = [];
  const server = createServer((incoming, outgoing) => {
    seen.push({ url: incoming.url!, headers: JSON.stringify(incoming.headers) });
    const match = /^\/v1\/local\/demo\/([^/]+)(\/.*)$/.exec(incoming.url!);
    const base = match && urls[match[1] as keyof typeof urls];
    if (!base) {
      outgoing.writeHead(400).end();
      return;
    }
    const { host: _host, ...headers } = incoming.headers;
    const upstream = httpRequest(`${base}${match[2]}`, { method: incoming.method!, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode!, reply.headers);
      reply.pipe(outgoing);
      reply.on('error', () => outgoing.destroy());
    });
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () => void server.close(),
    () => server.closeAllConnections(),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/local/demo`, seen };
}

describe('the demo traffic', () => {
  it('shows agents, bursts, errors and clients that leave, and stops when told to', async () => {
    const provider = await startScriptedProvider();
    closers.push(() => provider.close());
    const relay = await startRelay(provider.url);
    const stop = new AbortController();
    const lines: string[] = [];
    const traffic = startDemoTraffic({
      baseUrl: relay.url,
      token: 'test-token',
      signal: stop.signal,
      log: (line) => lines.push(line),
      ratePerSecond: 60,
      burstEverySeconds: 1,
    });
    const expected = [
      'a burst of',
      'agent session',
      'a user closed',
      'a stream broke off',
      'an overloaded_error',
    ];
    const isTold = (start: string) => lines.some((line) => line.startsWith(start));
    await vi.waitUntil(() => expected.every(isTold), { timeout: 15_000, interval: 10 });
    stop.abort();
    await traffic.done;

    const providers = new Set(relay.seen.map(({ url }) => url.split('/')[4]));
    expect([...providers]).toEqual(expect.arrayContaining(['openai', 'anthropic', 'google-ai-studio']));
    for (const id of providers) if (id) expect(DEMO_PROVIDERS).toContain(id);
    expect(
      relay.seen.every(({ headers }) => headers.includes('"cf-aig-authorization":"Bearer test-token"')),
    ).toBe(true);
    expect(lines.find((line) => line.startsWith('agent session'))).toMatch(/3 turns, [1-9]\d* tokens/);
    expect(lines.join('\n')).toMatch(/a stream broke off in the middle: 200, broken/);
    expect(lines.join('\n')).not.toMatch(/scene '.*' failed/);
    expect(traffic.counts.served).toBeGreaterThan(traffic.counts.failed);
    await vi.waitUntil(() => provider.openStreams === 0, { timeout: 5000, interval: 5 });
  });

  it('says once that no gateway answers, and goes on trying', async () => {
    const stop = new AbortController();
    const lines: string[] = [];
    const options = { token: null, signal: stop.signal, ratePerSecond: 200, burstEverySeconds: 0 };
    const traffic = startDemoTraffic({
      ...options,
      baseUrl: 'http://127.0.0.1:1/v1/local/demo',
      log: (line) => lines.push(line),
    });
    await vi.waitUntil(() => traffic.counts.failed > 8, { timeout: 4000, interval: 5 });
    stop.abort();
    await traffic.done;
    expect(lines.filter((line) => line.startsWith('no gateway answers'))).toHaveLength(1);
  });
});
