import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { nothingOpen } from './sdk-comparison.ts';
import { sendRaw } from './wire-raw.ts';
import { replyBytes, startUpstream, type Upstream } from './wire-upstream.ts';

/** The forms in which agents in use were seen to speak (their paths, headers and credentials; not their texts). */
let test: TestGateway;
let upstream: Upstream;
beforeAll(async () => {
  test = await startTestGateway();
  upstream = await startUpstream();
  await test.manage(
    'POST',
    '/gateways',
    gatewayBody({
      id: 'agents',
      provider_urls: { 'workers-ai': `${upstream.url}/client/v4/accounts/0123abcd/ai/run` },
    }),
  );
  for (const provider_slug of ['openai', 'anthropic', 'google-ai-studio', 'workers-ai']) {
    await test.manage('POST', '/gateways/agents/provider_configs', {
      provider_slug,
      secret: `stored-key-${provider_slug}`,
    });
  }
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
  await upstream.close();
});
beforeEach(() => test.provider.reset());

type Fields = Readonly<Record<string, string>>;
const TOKEN = { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}` } as const;

async function post(
  path: string,
  headers: Fields,
  body: unknown,
): Promise<{ response: Response; text: string }> {
  const response = await fetch(`${test.base('agents')}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { response, text: await response.text() };
}

const message = (text: string): object => ({ role: 'user', content: text });
const claude = { model: 'claude-haiku-4-5', max_tokens: 200, stream: true, messages: [message('Hello')] };

describe('Claude Code', () => {
  it('asks with HEAD first, and is answered at once, with and without a token', async () => {
    for (const [headers, status] of [
      [['cf-aig-authorization', ADMIN_TOKEN, 'x-api-key', 'client-key'], 200],
      [['user-agent', 'Bun/1.3'], 401],
    ] as const) {
      const startedAt = performance.now();
      const reply = await sendRaw(test.gateway.port, {
        method: 'HEAD',
        path: '/v1/local/agents/anthropic',
        headers,
      });
      expect(reply.status).toBe(status);
      expect(reply.body).toHaveLength(0);
      expect(performance.now() - startedAt).toBeLessThan(1000);
    }
    expect(test.provider.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['HEAD /anthropic']);
  });

  it('streams messages with ?beta=true, its betas, session and tools', async () => {
    const { response, text } = await post(
      '/anthropic/v1/messages?beta=true',
      {
        ...TOKEN,
        'x-api-key': 'client-key',
        'anthropic-version': '2023-06-01',
        'anthropic-beta': 'claude-code-20250219,interleaved-thinking-2025-05-14',
        'anthropic-dangerous-direct-browser-access': 'true',
        'x-app': 'cli',
        'x-claude-code-session-id': 'session-1',
        'user-agent': 'claude-cli/2.1.197 (external, cli)',
      },
      {
        ...claude,
        system: [
          { type: 'text', text: 'You are a tool. '.repeat(4000), cache_control: { type: 'ephemeral' } },
        ],
        metadata: { user_id: 'user_x_account__session_y' },
      },
    );
    expect(response.status).toBe(200);
    const [request] = test.provider.requests;
    expect(request!.url).toBe('/anthropic/v1/messages?beta=true');
    expect(request!.header('x-api-key')).toBe('client-key');
    expect(request!.header('anthropic-beta')).toContain('claude-code-20250219');
    expect(request!.header('anthropic-dangerous-direct-browser-access')).toBe('true');
    expect(text).toBe(request!.sent.toString());
    const record = await test.record(response, 'agents');
    expect(record).toMatchObject({
      path: 'v1/messages',
      session_id: 'session-1',
      user_agent: 'claude-cli/2.1.197 (external, cli)',
      streamed: true,
      finish_reason: 'end_turn',
      byok: false,
    });
    expect(Number((record.usage_metadata as Fields).input_cache_write_tokens)).toBeGreaterThan(1000);
  });

  it('with the gateway’s token as its API key uses the stored one', async () => {
    for (const headers of [
      { 'x-api-key': ADMIN_TOKEN },
      { authorization: `Bearer ${ADMIN_TOKEN}` },
    ] as Fields[]) {
      await post(
        '/anthropic/v1/messages?beta=true',
        { ...headers, 'anthropic-version': '2023-06-01' },
        claude,
      );
      const request = test.provider.requests.at(-1)!;
      expect(request.header('x-api-key')).toBe('stored-key-anthropic');
      expect(request.header('authorization')).toBeNull();
    }
  });
});

describe('opencode', () => {
  it('posts the universal array, with no key of a provider', async () => {
    const entries = [
      {
        provider: 'anthropic',
        endpoint: 'v1/messages',
        headers: { 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
        query: claude,
      },
      {
        provider: 'openai',
        endpoint: 'v1/responses',
        headers: { 'Content-Type': 'application/json' },
        query: { model: 'gpt-5', input: 'Hello', stream: true },
      },
    ];
    for (const [steps, url, key] of [
      [entries, '/anthropic/v1/messages', 'stored-key-anthropic'],
      [entries.slice(1), '/openai/v1/responses', 'Bearer stored-key-openai'],
    ] as const) {
      const { response, text } = await post('', { ...TOKEN, 'x-session-affinity': 'ses_1' }, steps);
      const request = test.provider.requests.at(-1)!;
      expect(request.url).toBe(url);
      expect([request.header('x-api-key'), request.header('authorization')]).toContain(key);
      expect(request.header('x-session-affinity')).toBe('ses_1');
      expect(text).toBe(request.sent.toString());
      expect(response.headers.get('cf-aig-step')).toBe('0');
      expect(await test.record(response, 'agents')).toMatchObject({
        request_type: 'universal',
        session_id: 'ses_1',
        byok: true,
        streamed: true,
        success: true,
      });
    }
  });
});

describe('pi, Codex, Gemini CLI and OpenClaw', () => {
  it('pi shows cf-aig-authorization and nothing else, to each of its interfaces', async () => {
    const messages = await post(
      '/anthropic/v1/messages',
      { ...TOKEN, 'anthropic-version': '2023-06-01' },
      claude,
    );
    expect(messages.response.status).toBe(200);
    expect(test.provider.requests.at(-1)!.header('x-api-key')).toBe('stored-key-anthropic');
    const responses = await post('/openai/responses', TOKEN, {
      model: 'gpt-5',
      input: 'Hello',
      stream: true,
    });
    expect(responses.response.status).toBe(200);
    expect(test.provider.requests.at(-1)!.header('authorization')).toBe('Bearer stored-key-openai');
  });

  it('Codex streams /openai/responses with the token as its bearer', async () => {
    const { response, text } = await post(
      '/openai/responses',
      {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        originator: 'codex_exec',
        'x-codex-turn-metadata': '{}',
        session_id: 'codex-1',
        accept: 'text/event-stream',
      },
      { model: 'gpt-5', input: 'Hello', stream: true, store: false },
    );
    expect(text).toContain('response.completed');
    const [request] = test.provider.requests;
    expect(request!.url).toBe('/openai/v1/responses');
    expect(request!.header('originator')).toBe('codex_exec');
    expect(await test.record(response, 'agents')).toMatchObject({
      session_id: 'codex-1',
      finish_reason: 'completed',
    });
  });

  it('Gemini CLI streams with the token as its API key', async () => {
    const { text } = await post(
      '/google-ai-studio/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
      { 'x-goog-api-key': ADMIN_TOKEN },
      { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
    );
    expect(text).toContain('usageMetadata');
    expect(test.provider.requests[0]!.header('x-goog-api-key')).toBe('stored-key-google-ai-studio');
  });

  it('OpenClaw sends key, token, and a trace', async () => {
    await post(
      '/anthropic/v1/messages',
      {
        ...TOKEN,
        'x-api-key': 'client-key',
        'anthropic-version': '2023-06-01',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
      claude,
    );
    const [request] = test.provider.requests;
    expect(request!.header('x-api-key')).toBe('client-key');
    expect(request!.header('traceparent')).toBe('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  });
});

describe('Workers AI', () => {
  const RUN = '/client/v4/accounts/0123abcd/ai/run/@cf/meta/llama-3.1-8b-instruct';
  const CHAT = '/client/v4/accounts/0123abcd/ai/v1/chat/completions';
  const own = JSON.stringify({
    result: { response: 'High.', usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 } },
    success: true,
    errors: [],
    messages: [],
  });
  const chat = JSON.stringify({
    model: '@cf/meta/llama-3.1-8b-instruct',
    choices: [{ index: 0, message: { role: 'assistant', content: 'High.' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
  });
  const MODEL = '@cf/meta/llama-3.1-8b-instruct';
  for (const [path, url, answer] of [
    [`run/${MODEL}`, RUN, own],
    [MODEL, RUN, own],
    ['v1/chat/completions', CHAT, chat],
    [`${MODEL}/chat/completions`, CHAT, chat],
  ] as const) {
    it(`${path}, native and on the universal endpoint, with usage and model on the record`, async () => {
      const query = { model: MODEL, messages: [message('Tide?')] };
      for (const universal of [false, true]) {
        upstream.answer(replyBytes(200, ['content-type', 'application/json'], Buffer.from(answer)));
        const { response, text } = universal
          ? await post('', TOKEN, [{ provider: 'workers-ai', endpoint: path, headers: {}, query }])
          : await post(`/workers-ai/${path}`, TOKEN, query);
        expect(text).toBe(answer);
        const arrived = upstream.arrived.at(-1)!;
        expect(arrived.url).toBe(url);
        expect(arrived.rawHeaders).toContain('Bearer stored-key-workers-ai');
        expect(JSON.parse(arrived.body.toString())).toEqual(query);
        expect(await test.record(response, 'agents')).toMatchObject({
          provider: 'workers-ai',
          model: MODEL,
          tokens_in: 11,
          tokens_out: 3,
          success: true,
        });
      }
    });
  }

  it('its own kind of stream', async () => {
    const stream =
      'data: {"response":"Hi","p":"abc"}\n\ndata: {"response":"gh","usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}\n\ndata: [DONE]\n\n';
    upstream.answer(replyBytes(200, ['content-type', 'text/event-stream'], Buffer.from(stream)));
    const { response, text } = await post(`/workers-ai/run/${MODEL}`, TOKEN, {
      prompt: 'Tide?',
      stream: true,
    });
    expect(text).toBe(stream);
    expect(await test.record(response, 'agents')).toMatchObject({
      streamed: true,
      tokens_in: 5,
      tokens_out: 2,
      model: MODEL,
    });
  });
});
