import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

export interface HostileTest {
  readonly test: TestGateway;
  /** What the provider of gateway `h` does with a connection once a request has come: bytes are its own. */
  misbehave: (socket: Socket) => void;
  /** Connections to that provider that are open. */
  readonly sockets: ReadonlySet<Socket>;
  /** A question of its own, to gateway `h`, or to `g`, whose provider is the scripted one. */
  ask(gateway: 'h' | 'g', more?: Record<string, unknown>, signal?: AbortSignal): Promise<Response>;
  health(): Promise<Record<string, unknown>>;
  /** Waits until no request and no call is open; fails when some are after three seconds. */
  nothingOpen(): Promise<void>;
  close(): Promise<void>;
}

export async function startHostileTest(): Promise<HostileTest> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', () => hostile.misbehave(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const test = await startTestGateway({
    env: { TIDEGATE_UPSTREAM_IDLE_MS: '1500', TIDEGATE_LOG_PAYLOAD_BYTES: '1000000' },
  });
  const provider_urls = { openai: `http://127.0.0.1:${port}` };
  await test.manage('POST', '/gateways', gatewayBody({ id: 'h', cache_ttl: 60, provider_urls }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g', cache_ttl: 60 }));
  let serial = 0;
  const health = async (): Promise<Record<string, unknown>> =>
    (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as Record<string, unknown>;
  const hostile: HostileTest = {
    test,
    misbehave: (socket) => socket.destroy(),
    sockets,
    ask: (gateway, more = {}, signal) =>
      fetch(`${test.base(gateway)}/openai/chat/completions`, {
        method: 'POST',
        headers: {
          'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
          authorization: 'Bearer test-key',
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          model: 'gpt-4o-mini',
          messages: [{ role: 'user', content: `q${++serial}` }],
          ...more,
        }),
        ...(signal ? { signal } : {}),
      }),
    health,
    async nothingOpen() {
      const end = performance.now() + 3000;
      for (;;) {
        const now = await health();
        if (now.openRequests === 0 && now.openUpstream === 0) return;
        if (performance.now() > end) expect(now).toMatchObject({ openRequests: 0, openUpstream: 0 });
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close() {
      await test.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hostile;
}

/** Reads to the end or the break. */
export const drain = async (response: Response): Promise<{ bytes: number; broken: boolean }> => {
  let bytes = 0;
  try {
    for await (const chunk of response.body!) bytes += (chunk as Uint8Array).length;
    return { bytes, broken: false };
  } catch {
    return { bytes, broken: true };
  }
};

export const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';
export const EVENT =
  'data: {"id":"x","model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';
