import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, type RawReply } from './fault-client.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
});
afterAll(() => test.close());

const messages = [{ role: 'user', content: 'Hello there' }];

/** One streamed call in each provider's own form, with the type that its overload error is recorded under. */
const PROVIDERS = [
  {
    provider: 'anthropic',
    endpoint: 'v1/messages',
    headers: { 'x-api-key': 'test-key-anthropic', 'anthropic-version': '2023-06-01' },
    query: { model: 'claude-sonnet-4-5', max_tokens: 500, stream: true, messages },
    error: /overloaded_error|api_error/,
  },
  {
    provider: 'google-ai-studio',
    endpoint: 'v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    headers: { 'x-goog-api-key': 'test-key-google' },
    query: { contents: [{ role: 'user', parts: [{ text: 'Hello there' }] }] },
    error: /UNAVAILABLE|503/,
  },
  {
    provider: 'openai',
    endpoint: 'responses',
    headers: { authorization: 'Bearer test-key-openai' },
    query: { model: 'gpt-4o-mini', stream: true, input: 'Hello there' },
    error: /error|overloaded/,
  },
  {
    provider: 'mistral',
    endpoint: 'v1/chat/completions',
    headers: { authorization: 'Bearer test-key-mistral' },
    query: { model: 'mistral-small-latest', stream: true, messages },
    error: /./,
  },
  {
    provider: 'cohere',
    endpoint: 'v2/chat',
    headers: { authorization: 'Bearer test-key-cohere' },
    query: { model: 'command-r-plus', stream: true, messages },
    error: /./,
  },
  {
    provider: 'aws-bedrock',
    endpoint: 'bedrock-runtime/us-east-1/model/amazon.nova-lite-v1:0/converse-stream',
    headers: { authorization: 'Bearer test-key-bedrock' },
    query: { messages: [{ role: 'user', content: [{ text: 'Hello there' }] }] },
    error: /./,
  },
] as const;

const AFTERWARDS = {
  provider: 'groq',
  endpoint: 'chat/completions',
  headers: { authorization: 'Bearer test-key-groq' },
  query: { model: 'llama-3.3-70b-versatile', stream: true, messages },
};

type Line = { step: number; status_code: number | null; error: string | null };

describe.each(PROVIDERS)('a stream of $provider', ({ provider, endpoint, headers, query, error }) => {
  const call = (fault: string): Promise<RawReply> =>
    ask(`${test.base()}/${provider}/${endpoint}`, {
      body: query,
      headers: { authorization: '', ...headers, 'x-scripted-fault': fault },
    });
  const withFallback = (fault: string): Promise<RawReply> =>
    ask(test.base(), {
      headers: { authorization: '' },
      body: [{ provider, endpoint, headers: { ...headers, 'x-scripted-fault': fault }, query }, AFTERWARDS],
    });

  it('that ends well is whole', async () => {
    const reply = await call('');
    expect(reply).toMatchObject({ status: 200, whole: true });
    const row = await test.record(reply.fields);
    expect(row).toMatchObject({ provider, success: true, outcome: 'complete', error_type: null });
    expect(row.finish_reason).not.toBeNull();
  });

  it('with an error before its first content is passed over for the next provider', async () => {
    const reply = await withFallback('errorEvent=0');
    expect(reply).toMatchObject({ status: 200, whole: true });
    expect(reply.headers['cf-aig-step']).toBe('1');
    const row = await test.record(reply.fields);
    expect(row).toMatchObject({ provider: 'groq', success: true, error_type: null });
    expect(
      (row.attempts as Line[]).map(({ step, status_code, error }) => [step, status_code, error]),
    ).toEqual([
      [0, 200, 'error event in the stream'],
      [1, 200, null],
    ]);
  });

  it('with an error after its first content stands, and is recorded as failed with the provider’s own words', async () => {
    const reply = await withFallback('errorEvent=2');
    expect(reply).toMatchObject({ status: 200, whole: true });
    expect(reply.headers['cf-aig-step']).toBe('0');
    const row = await test.record(reply.fields);
    expect(row).toMatchObject({ provider, status_code: 200, success: false, outcome: 'complete' });
    expect(row.error_type).toMatch(error);
    expect(row.error_message).toEqual(expect.any(String));
  });

  it('that is cut is cut for the client too, and what came is counted as an estimate', async () => {
    const reply = await call('cut=8');
    expect(reply).toMatchObject({ status: 200, whole: false });
    const row = await test.record(reply.fields);
    expect(row).toMatchObject({
      success: false,
      outcome: 'failed',
      error_type: 'upstream-failed',
      // Google states with every event what it has used so far.
      usage_metadata: { estimated: provider !== 'google-ai-studio' },
    });
    expect(row.tokens_out).toBeGreaterThan(0);
  });

  it('that is refused falls back, and alone passes through as it is', async () => {
    const fallen = await withFallback('status=429;retryAfter=0');
    expect([fallen.status, fallen.headers['cf-aig-step']]).toEqual([200, '1']);
    const alone = await call('status=503;retryAfter=7');
    expect(alone.status).toBe(503);
    expect(alone.headers['retry-after']).toBe('7');
    const row = await test.record(alone.fields);
    expect(row).toMatchObject({ status_code: 503, success: false, tokens_out: null, cost: null });
    expect(row.error_message).toEqual(expect.any(String));
  });
});
