import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mintToken } from '../../src/config/tokens.ts';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { eventually } from '../support/scripted-provider.ts';
import { nothingOpen } from './sdk-comparison.ts';
import { startUpstream, type Upstream } from './wire-upstream.ts';

let test: TestGateway;
let upstream: Upstream;
let runToken = '';
beforeAll(async () => {
  upstream = await startUpstream();
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g' }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'cached', cache_ttl: 300 }));
  await test.manage(
    'POST',
    '/gateways',
    gatewayBody({ id: 'limited', rate_limiting_limit: 1, rate_limiting_interval: 3600 }),
  );
  await test.manage('POST', '/gateways', gatewayBody({ id: 'raw', provider_urls: { openai: upstream.url } }));
  for (const gateway of ['g', 'cached', 'limited', 'raw'])
    for (const provider_slug of ['openai', 'anthropic'])
      await test.manage('POST', `/gateways/${gateway}/provider_configs`, {
        provider_slug,
        alias: 'default',
        secret: `stored-key-of-${provider_slug}`,
      });
  const made = (await test.manage('POST', '/tokens', { name: 'runner', permissions: ['run'] })) as {
    value: string;
  };
  runToken = made.value;
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
  await upstream.close();
});
beforeEach(() => test.provider.reset());

const CHAT = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] };

interface Asked {
  readonly path?: string;
  readonly gateway?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly method?: string;
  readonly signal?: AbortSignal;
}

const run = (asked: Asked = {}): Promise<Response> =>
  fetch(
    `${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/${asked.gateway ?? 'g'}/run/${asked.path ?? 'openai/v1/chat/completions'}`,
    {
      method: asked.method ?? 'POST',
      headers: {
        authorization: `Bearer ${asked.token ?? ADMIN_TOKEN}`,
        'content-type': 'application/json',
        ...asked.headers,
      },
      ...(asked.method === 'GET' ? {} : { body: JSON.stringify(asked.body ?? CHAT) }),
      ...(asked.signal && { signal: asked.signal }),
    },
  );

describe('a request from inside', () => {
  it('is answered as a client’s is, with the stored key, and leaves a record that says where it came from', async () => {
    const response = await run({ headers: { 'cf-aig-metadata': '{"team":"search"}' } });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as { object: string };
    expect(answer.object).toBe('chat.completion');
    expect(response.headers.get('cf-aig-step')).toBe('0');
    const sent = test.provider.requests.at(-1)!;
    expect(sent.header('authorization')).toBe('Bearer stored-key-of-openai');
    expect(sent.body.toString()).toBe(JSON.stringify(CHAT));
    const tokens = (await test.manage('GET', '/tokens?per_page=100')) as { id: string }[];
    const record = await test.record(response, 'g');
    expect(record).toMatchObject({
      request_type: 'playground',
      provider: 'openai',
      model: 'gpt-4o-mini',
      metadata: { team: 'search' },
      byok: true,
      success: true,
    });
    expect(tokens.map(({ id }) => id)).toContain(record.token_id);
    expect(record.cost).toBeGreaterThan(0);
  });

  it('takes nothing of the management call to the provider', async () => {
    const response = await run({
      headers: {
        cookie: 'tidegate_session=canary-cookie',
        'x-tidegate-csrf': 'canary-csrf',
        'x-api-key': 'canary-key',
        'x-goog-api-key': 'canary-key',
        origin: 'http://canary.test',
        referer: 'http://canary.test/page',
        'cf-aig-authorization': 'Bearer canary-token',
        'openai-beta': 'assistants=v2',
      },
    });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    const sent = test.provider.requests.at(-1)!;
    expect(JSON.stringify(sent.rawHeaders)).not.toMatch(/canary/);
    expect(JSON.stringify(sent.rawHeaders)).not.toContain(ADMIN_TOKEN);
    expect(sent.header('openai-beta')).toBe('assistants=v2');
  });

  it('is refused clearly where no key is stored', async () => {
    const response = await run({ path: 'mistral/v1/chat/completions' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      internalCode: 2040,
      message: expect.stringContaining("no credential for provider 'mistral'"),
    });
    expect(test.provider.requests).toHaveLength(0);
  });

  it('keeps path and query as they were written', async () => {
    upstream.answer('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
    const response = await run({ gateway: 'raw', path: 'openai/v1/a%2Fb/c?x=1&y=%20z', method: 'DELETE' });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    expect(upstream.arrived.at(-1)).toMatchObject({ method: 'DELETE', url: '/v1/a%2Fb/c?x=1&y=%20z' });
  });

  it('lists models with GET', async () => {
    const response = await run({ path: 'openai/v1/models', method: 'GET' });
    expect(response.status).toBe(200);
    expect(((await response.json()) as { data: unknown[] }).data.length).toBeGreaterThan(0);
  });

  it('obeys cache and its headers', async () => {
    const first = await run({ gateway: 'cached' });
    const text = await first.text();
    expect(first.headers.get('cf-aig-cache-status')).toBe('MISS');
    const second = await run({ gateway: 'cached' });
    expect(await second.text()).toBe(text);
    expect(second.headers.get('cf-aig-cache-status')).toBe('HIT');
    const third = await run({ gateway: 'cached', headers: { 'cf-aig-skip-cache': 'true' } });
    await third.arrayBuffer();
    expect(third.headers.get('cf-aig-cache-status')).toBe('MISS');
    expect(test.provider.requests).toHaveLength(2);
  });

  it('counts against the rate limit', async () => {
    const first = await run({ gateway: 'limited' });
    await first.arrayBuffer();
    expect(first.status).toBe(200);
    const second = await run({ gateway: 'limited' });
    expect(second.status).toBe(429);
    expect(await second.json()).toMatchObject({ internalCode: 2003 });
  });

  it('streams event by event', async () => {
    const response = await run({ body: { ...CHAT, stream: true } });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text = await response.text();
    expect(text.match(/^data: /gm)!.length).toBeGreaterThan(3);
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await test.record(response, 'g')).toMatchObject({ streamed: true, outcome: 'complete' });
  });

  it('speaks Anthropic too', async () => {
    const response = await run({
      path: 'anthropic/v1/messages',
      headers: { 'anthropic-version': '2023-06-01' },
      body: { model: 'claude-sonnet-4-5', max_tokens: 50, messages: CHAT.messages },
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ type: 'message' });
    expect(test.provider.requests.at(-1)!.header('x-api-key')).toBe('stored-key-of-anthropic');
  });
});

describe('an answer from inside', () => {
  it('cannot act on the page that asked for it', async () => {
    upstream.answer(
      'HTTP/1.1 307 Temporary Redirect\r\nlocation: /client/v4/session\r\nset-cookie: a=b\r\nrefresh: 0\r\n' +
        'content-type: text/html\r\ncontent-security-policy: default-src *\r\naccess-control-allow-origin: *\r\n' +
        'content-length: 29\r\n\r\n<script>alert("here")</script',
    );
    const response = await run({ gateway: 'raw' });
    expect(response.status).toBe(307);
    expect(await response.text()).toContain('<script>');
    for (const name of ['location', 'set-cookie', 'refresh', 'access-control-allow-origin'])
      expect([name, response.headers.get(name)]).toEqual([name, null]);
    expect(response.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('without a body ends, and is recorded', async () => {
    upstream.answer('HTTP/1.1 204 No Content\r\n\r\n');
    const response = await run({ gateway: 'raw' });
    expect(response.status).toBe(204);
    expect(await test.record(response, 'raw')).toMatchObject({ status_code: 204, outcome: 'complete' });
  });

  it('that the provider breaks off does not end as if it were whole', async () => {
    upstream.answer(
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n6\r\ndata: \r\n',
    );
    const response = await run({ gateway: 'raw' });
    await expect(response.text()).rejects.toThrow();
    expect(await test.record(response, 'raw')).toMatchObject({ outcome: 'failed', success: false });
  });

  it('is given up at the provider when the caller leaves, before and while it comes', async () => {
    let arrived = 0;
    let closed = 0;
    upstream.handle = (request, response) => {
      arrived++;
      request.resume();
      request.socket.once('close', () => closed++);
      if (request.url === '/early') return;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"a":1}\n\n');
    };
    const early = new AbortController();
    const waiting = run({ gateway: 'raw', path: 'openai/early', signal: early.signal });
    const left = expect(waiting).rejects.toThrow();
    await eventually(() => arrived === 1, 'nothing came to the provider', 5000);
    early.abort();
    await left;
    await eventually(() => closed === 1, 'the provider still serves the one that left early', 5000);

    const late = new AbortController();
    const response = await run({ gateway: 'raw', path: 'openai/late', signal: late.signal });
    const reader = response.body!.getReader();
    await reader.read();
    late.abort();
    await eventually(() => closed === 2, 'the provider still serves the one that left late', 5000);
    expect(await test.record(response, 'raw')).toMatchObject({ outcome: 'left' });
  });

  it('is not read ahead of a slow caller', async () => {
    let written = 0;
    let ended = false;
    upstream.handle = (request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      const chunk = Buffer.alloc(64 * 1024, 1);
      const write = (): void => {
        while (!ended) {
          written += chunk.length;
          if (written >= 64 * 1024 * 1024) {
            ended = true;
            response.end();
            return;
          }
          if (!response.write(chunk)) {
            response.once('drain', write);
            return;
          }
        }
      };
      write();
    };
    const response = await run({ gateway: 'raw' });
    let before = -1;
    // Until nothing moves any more.
    while (before !== written) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(ended).toBe(false);
    expect((await response.arrayBuffer()).byteLength).toBe(written - 64 * 1024);
  });
});

describe('who may call from inside', () => {
  it('a token with run, with its own name in the record', async () => {
    const response = await run({ token: runToken });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    expect(await test.record(response, 'g')).toMatchObject({ request_type: 'playground' });
  });

  it('no token without run, none of another account, and no stranger', async () => {
    const reader = (await test.manage('POST', '/tokens', { name: 'r', permissions: ['read'] })) as {
      value: string;
    };
    expect((await run({ token: reader.value })).status).toBe(403);
    expect((await run({ token: mintToken().value.reveal() })).status).toBe(401);
    expect((await run({ gateway: 'nope' })).status).toBe(404);
    expect(test.provider.requests).toHaveLength(0);
  });
});
