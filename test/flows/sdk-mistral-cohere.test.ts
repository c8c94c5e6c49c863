import { Mistral } from '@mistralai/mistralai';
import { CohereClientV2 } from 'cohere-ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Comparison, type Pointing, startComparison } from './sdk-comparison.ts';

let comparison: Comparison;
beforeAll(async () => {
  comparison = await startComparison();
});
afterAll(() => comparison.close());

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const weather = { type: 'function' as const, function: { name: 'get_weather', parameters } };
const hello = [{ role: 'user' as const, content: 'Hello' }];
const ask = [{ role: 'user' as const, content: 'What is the weather in Lisbon?' }];

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of stream) events.push(event);
  return JSON.parse(JSON.stringify(events)) as T[];
}

describe('the Mistral SDK through the gateway gets what it gets directly', () => {
  const client = ({ root }: Pointing): Mistral =>
    new Mistral({
      apiKey: 'test-key-mistral',
      serverURL: `${root}/mistral`,
      retryConfig: { strategy: 'none' },
    });

  it('chat, streamed and not, with tools and images', async () => {
    const whole = await comparison.same((pointing) =>
      client(pointing).chat.complete(
        { model: 'mistral-small-latest', messages: hello },
        { headers: { ...pointing.headers } },
      ),
    );
    expect(whole.records[0]).toMatchObject({
      provider: 'mistral',
      model_requested: 'mistral-small-latest',
      finish_reason: 'stop',
      tokens_in: whole.result.usage.promptTokens,
      tokens_out: whole.result.usage.completionTokens,
      success: true,
    });
    expect(whole.records[0]!.cost).toBeGreaterThan(0);
    const streamed = await comparison.same(async (pointing) =>
      collect(
        await client(pointing).chat.stream(
          {
            model: 'pixtral-12b-2409',
            messages: [
              {
                role: 'user',
                content: [
                  { type: 'text', text: 'What is this?' },
                  { type: 'image_url', imageUrl: 'data:image/png;base64,iVBORw0KGgo=' },
                ],
              },
            ],
          },
          { headers: { ...pointing.headers } },
        ),
      ),
    );
    expect(streamed.records[0]).toMatchObject({
      streamed: true,
      tokens_out: streamed.result.at(-1)!.data.usage!.completionTokens,
    });
    const tools = await comparison.same((pointing) =>
      client(pointing).chat.complete(
        { model: 'mistral-large-latest', messages: ask, tools: [weather] },
        { headers: { ...pointing.headers } },
      ),
    );
    expect(tools.result.choices[0]!.message!.toolCalls).toHaveLength(1);
    expect(tools.records[0]).toMatchObject({ finish_reason: 'tool_calls' });
  });

  it('embeddings, models and errors', async () => {
    const embeddings = await comparison.same((pointing) =>
      client(pointing).embeddings.create(
        { model: 'mistral-embed', inputs: ['tide'] },
        { headers: { ...pointing.headers } },
      ),
    );
    expect(embeddings.records[0]).toMatchObject({ tokens_in: embeddings.result.usage.promptTokens });
    await comparison.same((pointing) =>
      client(pointing).models.list({}, { headers: { ...pointing.headers } }),
    );
    for (const status of [401, 422, 429, 500]) {
      const { result } = await comparison.same((pointing) =>
        client(pointing)
          .chat.complete(
            { model: `mistral-small-latest!status=${status}`, messages: hello },
            { headers: { ...pointing.headers } },
          )
          .then(
            () => null,
            (error: { statusCode: number; body: string }) => ({ status: error.statusCode, body: error.body }),
          ),
      );
      expect(result).toMatchObject({ status });
    }
  });
});

describe('the Cohere SDK through the gateway gets what it gets directly', () => {
  const client = ({ root }: Pointing): CohereClientV2 =>
    new CohereClientV2({ token: 'test-key-cohere', environment: `${root}/cohere` });
  const options = ({ headers }: Pointing) => ({ maxRetries: 0, headers: { ...headers } });

  it('chat, streamed and not, with tools', async () => {
    const whole = await comparison.same(async (pointing) =>
      client(pointing).chat({ model: 'command-a-03-2025', messages: hello }, options(pointing)),
    );
    expect(comparison.test.provider.requests[0]!.url).toBe('/cohere/v2/chat');
    expect(whole.records[0]).toMatchObject({
      provider: 'cohere',
      model_requested: 'command-a-03-2025',
      finish_reason: 'COMPLETE',
      tokens_in: whole.result.usage!.tokens!.inputTokens,
      tokens_out: whole.result.usage!.tokens!.outputTokens,
    });
    expect(whole.records[0]!.cost).toBeGreaterThan(0);
    const streamed = await comparison.same(async (pointing) =>
      collect(
        await client(pointing).chatStream({ model: 'command-a-03-2025', messages: hello }, options(pointing)),
      ),
    );
    expect(streamed.result.at(-1)!.type).toBe('message-end');
    expect(streamed.records[0]).toMatchObject({ streamed: true, finish_reason: 'COMPLETE' });
    expect(streamed.records[0]!.tokens_out).toBeGreaterThan(0);
    const tools = await comparison.same(async (pointing) =>
      client(pointing).chat(
        { model: 'command-a-03-2025', messages: ask, tools: [weather] },
        options(pointing),
      ),
    );
    expect(tools.result.message.toolCalls).toHaveLength(1);
    expect(tools.records[0]).toMatchObject({ finish_reason: 'TOOL_CALL' });
  });

  it('embeddings and errors', async () => {
    const embeddings = await comparison.same(async (pointing) =>
      client(pointing).embed(
        { model: 'embed-v4.0', inputType: 'search_query', texts: ['tide'], embeddingTypes: ['float'] },
        options(pointing),
      ),
    );
    expect(embeddings.records[0]).toMatchObject({ model_type: 'embeddings', success: true });
    for (const status of [401, 422, 429, 500]) {
      const { result } = await comparison.same((pointing) =>
        client(pointing)
          .chat({ model: `command-a-03-2025!status=${status}`, messages: hello }, options(pointing))
          .then(
            () => null,
            (error: unknown) => {
              const { statusCode, body } = error as { statusCode: number; body: unknown };
              return { status: statusCode, body };
            },
          ),
      );
      expect(result).toMatchObject({ status });
    }
  });
});
