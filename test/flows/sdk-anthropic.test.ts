import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/gateway.ts';
import { type Comparison, type Pointing, startComparison } from './sdk-comparison.ts';

let comparison: Comparison;
beforeAll(async () => {
  comparison = await startComparison();
});
afterAll(() => comparison.close());

const client = ({ root, headers }: Pointing): Anthropic =>
  new Anthropic({
    apiKey: 'test-key-anthropic',
    baseURL: `${root}/anthropic`,
    maxRetries: 0,
    defaultHeaders: { ...headers },
  });

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const MODEL = 'claude-haiku-4-5';
const hello = { model: MODEL, max_tokens: 200, messages: [{ role: 'user' as const, content: 'Hello' }] };
const weather: Anthropic.Tool = {
  name: 'get_weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const LONG = 'The harbour master keeps a book of every tide since the gate was built. '.repeat(8);

describe('the Anthropic SDK through the gateway gets what it gets directly', () => {
  it('messages: the key stays where the SDK puts it, and the record has usage and cost', async () => {
    const { result, records } = await comparison.same((pointing) => client(pointing).messages.create(hello));
    const [request] = comparison.test.provider.requests;
    expect(request!.url).toBe('/anthropic/v1/messages');
    expect(request!.header('authorization') ?? request!.header('x-api-key')).toContain('test-key-anthropic');
    const { input_tokens, output_tokens } = result.usage;
    expect(records[0]).toMatchObject({
      provider: 'anthropic',
      model: result.model,
      model_requested: MODEL,
      model_type: 'messages',
      path: 'v1/messages',
      finish_reason: 'end_turn',
      tokens_in: input_tokens,
      tokens_out: output_tokens,
      success: true,
    });
    // $1 and $5 per million.
    expect(records[0]!.cost).toBeCloseTo((input_tokens + output_tokens * 5) / 1e6, 9);
  });

  it('messages streamed, with an image, raw events and helper', async () => {
    const messages: Anthropic.MessageParam[] = [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
          { type: 'text', text: 'What is this?' },
        ],
      },
    ];
    const { result, records } = await comparison.same(async (pointing) =>
      Array.fromAsync(await client(pointing).messages.create({ ...hello, messages, stream: true })),
    );
    expect(result[0]!.type).toBe('message_start');
    const delta = result.find((event) => event.type === 'message_delta');
    expect(records[0]).toMatchObject({
      streamed: true,
      finish_reason: 'end_turn',
      tokens_out: delta!.usage.output_tokens,
      usage_metadata: { estimated: false },
    });
    const helper = await comparison.same((pointing) =>
      client(pointing)
        .messages.stream({ ...hello, messages })
        .finalMessage(),
    );
    expect(helper.records[0]).toMatchObject({ tokens_in: helper.result.usage.input_tokens });
  });

  it('tools and their results, thinking, streamed and not', async () => {
    const ask = { role: 'user' as const, content: 'What is the weather in Oslo?' };
    const called = await comparison.same((pointing) =>
      client(pointing).messages.create({ ...hello, tools: [weather], messages: [ask] }),
    );
    const use = called.result.content.find((block) => block.type === 'tool_use')!;
    expect(use.input).toEqual({ city: 'Oslo' });
    expect(called.records[0]).toMatchObject({ finish_reason: 'tool_use' });
    const answered = await comparison.same((pointing) =>
      client(pointing)
        .messages.stream({
          ...hello,
          max_tokens: 3000,
          tools: [weather],
          thinking: { type: 'enabled', budget_tokens: 1024 },
          messages: [
            ask,
            { role: 'assistant', content: [use] },
            {
              role: 'user',
              content: [{ type: 'tool_result', tool_use_id: use.id, content: 'Rain, 4 degrees' }],
            },
          ],
        })
        .finalMessage(),
    );
    expect(answered.result.content.some((block) => block.type === 'thinking')).toBe(true);
    expect(answered.records[0]).toMatchObject({
      streamed: true,
      tokens_out: answered.result.usage.output_tokens,
    });
  });

  it('prompt cache writes and reads keep their numbers and their prices', async () => {
    const ask = (pointing: Pointing): Promise<Anthropic.Message> =>
      client(pointing).messages.create({
        ...hello,
        system: [{ type: 'text', text: LONG, cache_control: { type: 'ephemeral' } }],
      });
    const { result, records } = await comparison.same(async (pointing) => {
      const first = await ask(pointing);
      return [first, await ask(pointing)] as const;
    });
    const [write, read] = result;
    expect(write.usage.cache_creation_input_tokens).toBeGreaterThan(0);
    expect(read.usage.cache_read_input_tokens).toBe(write.usage.cache_creation_input_tokens);
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({
      usage_metadata: { input_cache_write_tokens: write.usage.cache_creation_input_tokens },
    });
    expect(records[1]).toMatchObject({
      usage_metadata: { input_cached_tokens: read.usage.cache_read_input_tokens },
    });
    const price = ({ usage }: Anthropic.Message): number =>
      (usage.input_tokens +
        usage.output_tokens * 5 +
        (usage.cache_creation_input_tokens ?? 0) * 1.25 +
        (usage.cache_read_input_tokens ?? 0) * 0.1) /
      1e6;
    expect(records[0]!.cost).toBeCloseTo(price(write), 9);
    expect(records[1]!.cost).toBeCloseTo(price(read), 9);
  });

  it('token counting, the list of models, and batches of headers that agents add', async () => {
    const counted = await comparison.same((pointing) =>
      client(pointing).messages.countTokens({ model: MODEL, messages: hello.messages }),
    );
    expect(counted.records[0]).toMatchObject({ path: 'v1/messages/count_tokens', success: true });
    expect(counted.records[0]!.cost === null || counted.records[0]!.cost === 0).toBe(true);
    const models = await comparison.same(async (pointing) =>
      Array.fromAsync(await client(pointing).models.list()),
    );
    expect(models.result.length).toBeGreaterThan(0);
    await comparison.same((pointing) =>
      client(pointing).beta.messages.create(
        { ...hello, betas: ['context-1m-2025-08-07'] },
        {
          headers: { 'x-claude-code-session-id': 's-1', traceparent: '00-1-2-01', 'X-Stainless-OS': 'None' },
        },
      ),
    );
    const [request] = comparison.test.provider.requests;
    expect(request!.header('anthropic-beta')).toBe('context-1m-2025-08-07');
    expect(request!.header('x-claude-code-session-id')).toBe('s-1');
    expect(request!.header('traceparent')).toBe('00-1-2-01');
  });

  it('errors, before and inside a stream', async () => {
    for (const status of [400, 401, 403, 404, 413, 429, 500, 529]) {
      const { result, records } = await comparison.same((pointing) =>
        client(pointing)
          .messages.create({ ...hello, model: `${MODEL}!status=${status}` })
          .then(
            () => null,
            (error: InstanceType<typeof Anthropic.APIError>) => ({
              kind: error.constructor.name,
              status: error.status,
              message: error.message,
            }),
          ),
      );
      expect(result).toMatchObject({ status });
      expect(records[0]).toMatchObject({ status_code: status, success: false });
    }
    const { result, records } = await comparison.same(
      (pointing) =>
        client(pointing)
          .messages.stream({ ...hello, model: `${MODEL}!errorEvent=2` })
          .finalMessage()
          .then(
            () => 'no error',
            (error: Error) => error.message,
          ),
      { leavesEarly: true },
    );
    expect(result).toContain('verloaded');
    expect(records[0]).toMatchObject({ status_code: 200, success: false, error_type: 'overloaded_error' });
  });

  it('with the gateway’s token in place of the key, and the key stored', async () => {
    await comparison.test.manage('POST', '/gateways/default/provider_configs', {
      provider_slug: 'anthropic',
      alias: 'default',
      secret: 'test-key-anthropic',
    });
    for (const withKey of ['apiKey', 'authToken'] as const) {
      const { records } = await comparison.same(
        ({ root, isGateway }) =>
          new Anthropic({
            apiKey: null,
            [withKey]: isGateway ? ADMIN_TOKEN : 'test-key-anthropic',
            baseURL: `${root}/anthropic`,
            maxRetries: 0,
          }).messages.create(hello),
        { gatewayHeaders: {}, ignoreRequestFields: ['authorization', 'x-api-key'] },
      );
      const [request] = comparison.test.provider.requests;
      expect(request!.header('x-api-key')).toBe('test-key-anthropic');
      expect(request!.header('authorization')).toBeNull();
      expect(JSON.stringify(request!.rawHeaders)).not.toContain(ADMIN_TOKEN);
      expect(records[0]).toMatchObject({ byok: true, success: true });
    }
  });
});
