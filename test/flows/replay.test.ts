import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { nothingOpen } from './sdk-comparison.ts';

let test: TestGateway;
let runToken = '';
let readToken = '';
beforeAll(async () => {
  test = await startTestGateway({ env: { TIDEGATE_LOG_PAYLOAD_BYTES: '4096' } });
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g' }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'bare', collect_payloads: false }));
  for (const gateway of ['g', 'bare'])
    for (const provider_slug of ['openai', 'anthropic', 'google-ai-studio'])
      await test.manage('POST', `/gateways/${gateway}/provider_configs`, {
        provider_slug,
        alias: 'default',
        secret: `stored-key-of-${provider_slug}`,
      });
  const mint = async (permissions: string[]): Promise<string> =>
    ((await test.manage('POST', '/tokens', { name: 't', permissions })) as { value: string }).value;
  runToken = await mint(['run']);
  readToken = await mint(['read']);
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
});
beforeEach(() => test.provider.reset());

/** A client's request, and the id of its log. */
async function ask(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
  gateway = 'g',
): Promise<string> {
  const response = await fetch(test.base(gateway) + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      ...headers,
    },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  await response.arrayBuffer();
  await test.record(response, gateway);
  return response.headers.get('cf-aig-log-id')!;
}

const replay = (
  id: string,
  body: object = {},
  {
    gateway = 'g',
    token = ADMIN_TOKEN,
    headers = {},
  }: { gateway?: string; token?: string; headers?: Record<string, string> } = {},
): Promise<Response> =>
  fetch(`${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/${gateway}/logs/${id}/replay`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const sent = () => test.provider.requests.at(-1)!;
// Spaces, a large number and escapes: a parser that wrote it again would change them.
const CHAT =
  '{ "messages":[{"role":"user","content":"Say \\u0068i, \\"model\\""}],\n "model" : "gpt-4o-mini", "seed":12345678901234567890 }';

describe('a replay', () => {
  it('sends the stored bytes again, with the stored key, and says in its record what it repeats', async () => {
    const id = await ask('/openai/v1/chat/completions', CHAT, { authorization: 'Bearer clients-own-key' });
    const response = await replay(id, {}, { headers: { 'cf-aig-metadata': '{"why":"check"}' } });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ object: 'chat.completion' });
    expect(sent().body.toString()).toBe(CHAT);
    expect(sent().url).toBe('/openai/v1/chat/completions');
    expect(sent().header('authorization')).toBe('Bearer stored-key-of-openai');
    const record = await test.record(response, 'g');
    expect(record).toMatchObject({ request_type: 'replay', metadata: { why: 'check' } });
    expect(record.decisions).toContainEqual({ stage: 'route', outcome: 'replay', rule: null, detail: id });
  });

  it('with another model changes the model and no other byte', async () => {
    const id = await ask('/openai/v1/chat/completions', CHAT);
    const response = await replay(id, { model: 'gpt-4o' });
    await response.arrayBuffer();
    expect(sent().body.toString()).toBe(CHAT.replace('"gpt-4o-mini"', '"gpt-4o"'));
    expect(await test.record(response, 'g')).toMatchObject({ model_requested: 'gpt-4o' });
  });

  it('exchanges a model that stands in the path, and keeps the parameters of the answer’s form', async () => {
    const id = await ask(
      '/google-ai-studio/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse&key=clients-key',
      '{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}',
    );
    const response = await replay(id, { model: 'gemini-2.5-pro' });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    await response.arrayBuffer();
    expect(sent().url).toBe('/google-ai-studio/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse');
    expect(sent().header('x-goog-api-key')).toBe('stored-key-of-google-ai-studio');
  });

  it('keeps the headers that choose a version', async () => {
    const body = '{"model":"claude-sonnet-4-5","max_tokens":20,"messages":[{"role":"user","content":"Hi"}]}';
    const id = await ask('/anthropic/v1/messages', body, {
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'context-1m-2025-08-07',
      'x-secret': 'canary',
    });
    const response = await replay(id);
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    expect(sent().header('anthropic-version')).toBe('2023-06-01');
    expect(sent().header('anthropic-beta')).toBe('context-1m-2025-08-07');
    expect(sent().header('x-secret')).toBeNull();
    // And a replay of the replay.
    const again = await replay(response.headers.get('cf-aig-log-id')!, { model: 'claude-haiku-4-5' });
    expect(again.status).toBe(200);
    await again.arrayBuffer();
  });

  it('sends a compressed body as it was, and plain with another model', async () => {
    const id = await ask('/openai/v1/chat/completions', gzipSync(CHAT), { 'content-encoding': 'gzip' });
    await (await replay(id)).arrayBuffer();
    expect(sent().header('content-encoding')).toBe('gzip');
    expect(sent().body.equals(gzipSync(CHAT))).toBe(true);
    await (await replay(id, { model: 'gpt-4o' })).arrayBuffer();
    expect(sent().header('content-encoding')).toBeNull();
    expect(sent().body.toString()).toContain('"gpt-4o"');
  });

  it('of the universal endpoint sends the step that answered', async () => {
    const steps = `[{"provider":"openai","endpoint":"v1/chat/completions","query":{"model":"gpt-4o!status=500","messages":[]}},
      {"provider":"openai","endpoint":"v1/chat/completions","headers":{"authorization":"Bearer in-the-body"},"query":${CHAT}}]`;
    const id = await ask('', steps);
    const response = await replay(id);
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    expect(sent().body.toString()).toBe(CHAT);
    expect(sent().header('authorization')).toBe('Bearer stored-key-of-openai');
  });
});

describe('a replay is refused', () => {
  const codeOf = async (response: Response): Promise<[number, string]> => {
    const { errors } = (await response.json()) as { errors: { message: string }[] };
    return [response.status, errors[0]!.message];
  };

  it('when the body was not kept, or only its beginning', async () => {
    const bare = await ask('/openai/v1/chat/completions', CHAT, {}, 'bare');
    expect(await codeOf(await replay(bare, {}, { gateway: 'bare' }))).toEqual([
      409,
      expect.stringContaining('was not kept'),
    ]);
    const long = CHAT.replace('Say', 'Say '.repeat(2000));
    const cut = await ask('/openai/v1/chat/completions', long);
    expect(await codeOf(await replay(cut))).toEqual([409, expect.stringContaining('only the beginning')]);
  });

  it('when there is no model to exchange, or the name is none', async () => {
    const id = await ask('/openai/v1/chat/completions', '{"messages":[]}');
    expect((await codeOf(await replay(id, { model: 'gpt-4o' })))[0]).toBe(400);
    const good = await ask('/openai/v1/chat/completions', CHAT);
    for (const body of [{ model: '' }, { model: 'a\nb' }, { model: 7 }, { provider: 'x' }])
      expect((await replay(good, body)).status).toBe(400);
  });

  it('for an id that is none, or of another gateway', async () => {
    const id = await ask('/openai/v1/chat/completions', CHAT);
    expect((await replay('nonsense')).status).toBe(404);
    expect((await replay(id, {}, { gateway: 'bare' })).status).toBe(404);
    expect((await replay(id, {}, { gateway: 'missing' })).status).toBe(404);
  });

  it('to a token that may only run, or only read', async () => {
    const id = await ask('/openai/v1/chat/completions', CHAT);
    const before = test.provider.requests.length;
    expect((await replay(id, {}, { token: runToken })).status).toBe(403);
    expect((await replay(id, {}, { token: readToken })).status).toBe(403);
    expect(test.provider.requests.length).toBe(before);
  });
});
