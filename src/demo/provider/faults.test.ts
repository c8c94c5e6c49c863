import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FaultSyntaxError, parseFault } from './fault.ts';
import { type ScriptedProvider, startScriptedProvider } from './server.ts';

let provider: ScriptedProvider;

beforeAll(async () => {
  provider = await startScriptedProvider();
});
afterAll(() => provider.close());
beforeEach(() => provider.reset());

const chat = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] };

function ask(
  fault: string,
  more: { stream?: boolean; signal?: AbortSignal; headers?: Record<string, string> } = {},
) {
  return fetch(`${provider.url}/v1/chat/completions`, {
    method: 'POST',
    redirect: 'manual',
    headers: { authorization: 'Bearer test-key', 'x-scripted-fault': fault, ...more.headers },
    body: JSON.stringify({ ...chat, stream: more.stream ?? false }),
    ...(more.signal ? { signal: more.signal } : {}),
  });
}

/** The reply before anything is made of it, over a connection that may be looked at. */
function askRaw(
  fault: string,
  agent?: Agent,
): Promise<{ reply: IncomingMessage; body: Buffer; error: Error | null }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer test-key', 'x-scripted-fault': fault };
    const options = { method: 'POST', headers, ...(agent ? { agent } : {}), maxHeaderSize: 1 << 20 };
    const request = httpRequest(`${provider.url}/v1/chat/completions`, options, (reply) => {
      const chunks: Buffer[] = [];
      let error: Error | null = null;
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', (raised) => {
        error = raised;
      });
      reply.on('close', () => resolve({ reply, body: Buffer.concat(chunks), error }));
    });
    request.on('error', reject);
    request.end(JSON.stringify(chat));
  });
}

describe('how a fault is written', () => {
  it('reads JSON and pairs alike', () => {
    expect(parseFault('status=429; times=2;key=a;hang')).toEqual({
      status: 429,
      times: 2,
      key: 'a',
      hang: true,
    });
    expect(parseFault('{"cut":3,"garbage":true}')).toEqual({ cut: 3, garbage: true });
  });

  it('refuses what it does not know, naming it', () => {
    expect(() => parseFault('stats=429')).toThrow(FaultSyntaxError);
    expect(() => parseFault('status=high')).toThrow(/'status' needs a number/);
    expect(() => parseFault('{"cut"')).toThrow(FaultSyntaxError);
  });

  it('comes by header, by model name, by queue and as the standing fault, in that order', async () => {
    provider.always({ status: 500 });
    provider.script(['status=503']);
    const client = new OpenAI({ apiKey: 'test-key', baseURL: provider.url, maxRetries: 0 });
    const by = (model: string) =>
      client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] });
    expect((await ask('status=418')).status).toBe(418);
    await expect(by('gpt-4o!status=429;retryAfter=7')).rejects.toMatchObject({ status: 429 });
    await expect(by('gpt-4o')).rejects.toMatchObject({ status: 503 });
    await expect(by('gpt-4o')).rejects.toMatchObject({ status: 500 });
    provider.always({});
    expect((await by('gpt-4o!tokens=3')).model).toBe('gpt-4o');
    expect((await ask('nonsense')).status).toBe(400);
  });
});

describe('faults before the body', () => {
  it('fails so many times, counted by key, and then serves', async () => {
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await ask('status=500;times=2;key=one')).status);
    expect(statuses).toEqual([500, 500, 200, 200]);
    expect((await ask('status=500;times=2;key=two')).status).toBe(500);
  });

  it.each([400, 401, 403, 404, 413, 429, 500, 503, 529])('answers %i in the native shape', async (status) => {
    const reply = await ask(`status=${status};retryAfter=9`);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('retry-after')).toBe('9');
    expect(await reply.json()).toMatchObject({
      error: { message: expect.any(String), type: expect.any(String) },
    });
  });

  it('delays the status line', async () => {
    const start = performance.now();
    await ask('delayMs=80');
    expect(performance.now() - start).toBeGreaterThanOrEqual(75);
  });

  it('hangs without an answer, and sees the client go', async () => {
    await expect(ask('hang', { signal: AbortSignal.timeout(60) })).rejects.toThrow();
    await vi.waitUntil(() => provider.openStreams === 0, { interval: 5 });
    expect(provider.requests[0]).toMatchObject({ aborted: true, status: null });
    expect(provider.requests[0]!.abortedAt).toBeGreaterThanOrEqual(provider.requests[0]!.arrivedAt);
  });

  it('cuts before the status line, resets, and speaks something else than HTTP', async () => {
    await expect(askRaw('cut')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(askRaw('reset')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(askRaw('garbage')).rejects.toMatchObject({ code: expect.stringMatching(/^HPE_/) });
    expect(provider.requests.map((request) => request.aborted)).toEqual([false, false, false]);
  });

  it('redirects, sends another content type, and a bomb of headers', async () => {
    const moved = await ask('redirect=http://127.0.0.1:9/elsewhere;redirectStatus=302');
    expect([moved.status, moved.headers.get('location')]).toEqual([302, 'http://127.0.0.1:9/elsewhere']);
    expect((await ask('contentType=text/html')).headers.get('content-type')).toBe('text/html');
    const { reply } = await askRaw('headerBytes=100000');
    expect(reply.rawHeaders.join('').length).toBeGreaterThan(98_000);
  });
});

describe('faults in the body', () => {
  it('cuts a stream after so many events', async () => {
    const reply = await ask('cut=3', { stream: true });
    let text = '';
    const read = async () => {
      for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) text += chunk;
    };
    await expect(read()).rejects.toThrow();
    expect(text.match(/data: /g)).toHaveLength(3);
    expect(provider.requests[0]).toMatchObject({ framesSent: 3, aborted: false });
  });

  it('cuts a whole answer in the middle, and resets a stream', async () => {
    const { body, error, reply } = await askRaw('cut=2');
    expect(error).not.toBeNull();
    expect(body.length).toBe(Math.ceil(Number(reply.headers['content-length']) / 4) * 2);
    const streamed = await ask('reset=2', { stream: true });
    await expect(streamed.text()).rejects.toThrow();
  });

  it('goes silent after so many events', async () => {
    const reply = await ask('hang=2', { stream: true, signal: AbortSignal.timeout(120) });
    await expect(reply.text()).rejects.toThrow();
    expect(provider.requests[0]!.framesSent).toBe(2);
  });

  it('sends an error event inside a 200: before content, after some, or as the whole body', async () => {
    const early = await (await ask('errorEvent=0;errorStatus=503', { stream: true })).text();
    expect(early).not.toMatch(/"content":"[^"]/);
    expect(early).toMatch(/data: {"error":{[^\n]+}\n\n$/);
    const late = await (await ask('errorEvent=2', { stream: true })).text();
    expect(late.match(/"content":"[^"]/g)).toHaveLength(2);
    expect(late).not.toContain('[DONE]');
    const whole = await ask('okError;errorStatus=429');
    expect(whole.status).toBe(200);
    expect(await whole.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
  });

  it('streams without end until the client leaves, and notices it', async () => {
    const left = new AbortController();
    const reply = await ask('endless', { stream: true, signal: left.signal });
    let bytes = 0;
    const read = async () => {
      for await (const chunk of reply.body!) {
        bytes += chunk.length;
        if (bytes > 200_000) left.abort();
      }
    };
    await expect(read()).rejects.toThrow();
    await vi.waitUntil(() => provider.openStreams === 0, { interval: 5 });
    expect(provider.requests[0]!.aborted).toBe(true);
  });

  it('puts a huge line into a stream and before JSON', async () => {
    const text = await (await ask('hugeLineBytes=3000000', { stream: true })).text();
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeGreaterThan(3_000_000);
    const whole = await ask('hugeLineBytes=100000');
    expect(await whole.json()).toMatchObject({ object: 'chat.completion' });
  });

  it('drips byte by byte', async () => {
    const start = performance.now();
    const reply = await ask('dripMs=1;tokens=1;status=400');
    const bytes = (await reply.arrayBuffer()).byteLength;
    expect(performance.now() - start).toBeGreaterThan(bytes * 0.8);
  });

  it('states a length that is too long or too short', async () => {
    const long = await askRaw('lengthError=50');
    expect(long.error).not.toBeNull();
    expect(Number(long.reply.headers['content-length'])).toBe(long.body.length + 50);
    // What follows the stated length is read as the next reply, and is none.
    const short = await askRaw('lengthError=-50').catch((error: Error) => error);
    if (short instanceof Error) expect(short.message).toMatch(/Parse Error/);
    else expect(() => JSON.parse(short.body.toString())).toThrow();
  });

  it('compresses when asked, event by event, and packs a bomb', async () => {
    const zipped = await askRaw('gzip', undefined);
    expect(zipped.reply.headers['content-encoding']).toBeUndefined();
    const accepted = await ask('gzip', { stream: true, headers: { 'accept-encoding': 'gzip' } });
    expect(accepted.headers.get('content-encoding')).toBe('gzip');
    expect(await accepted.text()).toMatch(/\[DONE\]/);
    const bomb = await askRaw('bombBytes=5000000');
    expect(bomb.body.length).toBeLessThan(20_000);
    expect(gunzipSync(bomb.body).length).toBe(5_000_000);
  });

  it('promises keep-alive and closes', async () => {
    const agent = new Agent({ keepAlive: true });
    const idle = () => Object.values(agent.freeSockets).flat().length;
    await askRaw('', agent);
    await vi.waitUntil(() => idle() === 1, { interval: 5 });
    const { reply } = await askRaw('earlyClose', agent);
    expect(reply.headers.connection).toBe('keep-alive');
    await vi.waitUntil(() => idle() === 0, { interval: 5 });
    agent.destroy();
  });

  it('takes the time it is told to', async () => {
    const start = performance.now();
    const reply = await ask('firstTokenMs=60;tokenMs=10;tokens=8', { stream: true });
    expect(performance.now() - start).toBeGreaterThanOrEqual(55);
    await reply.text();
    expect(performance.now() - start).toBeGreaterThanOrEqual(60 + 65);
  });

  it('ends in a refusal', async () => {
    expect(await (await ask('refuse')).json()).toMatchObject({
      choices: [{ finish_reason: 'content_filter' }],
    });
  });
});
