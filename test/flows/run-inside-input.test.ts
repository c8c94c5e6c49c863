import { Agent, request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { nothingOpen } from './sdk-comparison.ts';

const MAX_BODY = 200_000;
let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway({
    env: { TIDEGATE_MAX_BODY_BYTES: String(MAX_BODY), TIDEGATE_BUFFER_BYTES: '65536' },
  });
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g' }));
  await test.manage('POST', '/gateways/g/provider_configs', {
    provider_slug: 'openai',
    alias: 'default',
    secret: 'stored-key',
  });
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
});
beforeEach(() => test.provider.reset());

const chat = (content = 'Hello'): string =>
  JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] });

interface Raw {
  readonly status: number;
  readonly text: string;
}

/** Sends exactly this path: fetch would tidy it up. */
function run(
  rest: string,
  body: string | Buffer = chat(),
  headers: Record<string, string> = {},
  method = 'POST',
  agent: Agent | null = null,
  ports: Set<number | undefined> | null = null,
): Promise<Raw> {
  const { hostname, port } = new URL(test.gateway.baseUrl);
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        hostname,
        port,
        method,
        ...(agent && { agent }),
        path: `/client/v4/accounts/local/ai-gateway/gateways/g/run/${rest}`,
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json', ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode!, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    sent.on('socket', (socket) => socket.once('ready', () => ports?.add(socket.localPort)));
    sent.on('error', reject);
    sent.end(body);
  });
}

const codeOf = ({ status, text }: Raw): [number, number] => [status, JSON.parse(text).internalCode];

describe('a request from inside', () => {
  it('is refused when the provider or the path is none, in the gateway’s own shape', async () => {
    expect(codeOf(await run('nobody/v1/chat/completions'))).toEqual([400, 2008]);
    for (const path of ['openai/v1/%2e%2e%2fadmin', 'openai/v1/..%2f..%2fadmin', 'openai/v1/%5c..%5cx'])
      expect([path, ...codeOf(await run(path))]).toEqual([path, 400, 2008]);
    expect(test.provider.requests).toHaveLength(0);
  });

  it('with dots in its path is another path of the management API, with its own rules', async () => {
    for (const path of ['openai/../../../tokens', 'openai/%2e%2e/%2e%2e/%2e%2e/nowhere'])
      expect((await run(path, '{}')).status).toBeGreaterThanOrEqual(400);
    expect(test.provider.requests).toHaveLength(0);
  });

  it('needs a provider and a path', async () => {
    for (const path of ['', 'openai', 'openai/'])
      expect([path, (await run(path)).status]).toEqual([path, 404]);
  });

  it('over the size limit is refused; a large one within it streams through', async () => {
    expect(codeOf(await run('openai/v1/chat/completions', chat('x'.repeat(MAX_BODY))))).toEqual([413, 9413]);
    expect(test.provider.requests).toHaveLength(0);
    const large = chat('word '.repeat(20_000));
    expect((await run('openai/v1/chat/completions', large)).status).toBe(200);
    expect(test.provider.requests.at(-1)!.body.toString()).toBe(large);
  });

  it('may be compressed, chunked, or no JSON at all', async () => {
    const zipped = gzipSync(chat());
    // What the provider makes of it is its business.
    await run('openai/v1/chat/completions', zipped, { 'content-encoding': 'gzip' });
    expect(test.provider.requests.at(-1)!.body.equals(zipped)).toBe(true);
    expect((await run('openai/v1/chat/completions', chat(), { 'transfer-encoding': 'chunked' })).status).toBe(
      200,
    );
    expect((await run('openai/v1/chat/completions', 'no JSON')).status).toBe(400);
    expect((await run('openai/v1/chat/completions', '')).status).toBe(400);
  });

  it('with a control header that cannot be read is refused, by its name', async () => {
    const reply = await run('openai/v1/chat/completions', chat(), { 'cf-aig-cache-ttl': 'soon' });
    expect(codeOf(reply)).toEqual([400, 7001]);
    expect(reply.text).toContain('cf-aig-cache-ttl');
  });

  it('that is refused leaves its connection in use', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    const requests: (() => Promise<Raw>)[] = [
      () => run('openai/v1/chat/completions', chat(), { 'cf-aig-cache-ttl': 'soon' }, 'POST', agent, ports),
      () => run('nobody/chat', chat('x'.repeat(100_000)), {}, 'POST', agent, ports),
      () =>
        run(
          'openai/v1/chat/completions',
          chat('x'.repeat(MAX_BODY)),
          { 'transfer-encoding': 'chunked' },
          'POST',
          agent,
          ports,
        ),
      () => run('openai/v1/chat/completions', chat(), {}, 'POST', agent, ports),
    ];
    const statuses: number[] = [];
    for (const send of requests) {
      statuses.push((await send()).status);
      // Longer than a server waits before it gives a connection up whose request it has not read.
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    expect(statuses).toEqual([400, 400, 413, 200]);
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  it('asks with HEAD for a head', async () => {
    const reply = await run('openai/v1/models', '', {}, 'HEAD');
    expect(reply).toMatchObject({ text: '' });
    expect(test.provider.requests.at(-1)?.method).toBe('HEAD');
  });

  it('many at once all end, and hold no bytes afterwards', async () => {
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, n) => run('openai/v1/chat/completions', chat(`Question ${n}`))),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const health = (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as Record<string, unknown>;
    expect(JSON.stringify(health)).toMatch(/"(heldRequestBytes|held_request_bytes)":0/);
  });
});

describe('a browser that has signed in', () => {
  it('runs requests with its session and the token against forged ones, and neither goes to the provider', async () => {
    const origin = test.gateway.baseUrl;
    const signIn = await fetch(`${origin}/client/v4/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ token: ADMIN_TOKEN }),
    });
    expect(signIn.status).toBe(200);
    const cookie = signIn.headers.get('set-cookie')!.split(';')[0]!;
    const { result } = (await signIn.json()) as { result: { csrf: string } };
    const ask = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${origin}/client/v4/accounts/local/ai-gateway/gateways/g/run/openai/chat/completions`, {
        method: 'POST',
        headers: { cookie, origin, 'content-type': 'application/json', ...headers },
        body: chat(),
      });
    expect((await ask({})).status).toBe(403);
    expect((await ask({ 'x-tidegate-csrf': result.csrf, origin: 'http://evil.test' })).status).toBe(403);
    expect(test.provider.requests).toHaveLength(0);
    expect((await ask({ 'x-tidegate-csrf': result.csrf })).status).toBe(200);
    const sent = test.provider.requests.at(-1)!.rawHeaders.join('\n');
    expect(sent).not.toContain(cookie.split('=')[1]!);
    expect(sent).not.toContain(result.csrf);
    expect(sent).not.toContain(new URL(origin).host);
  });
});
