import OpenAI, { AzureOpenAI, toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Comparison, type Pointing, startComparison } from './sdk-comparison.ts';

let comparison: Comparison;
beforeAll(async () => {
  comparison = await startComparison();
});
afterAll(() => comparison.close());

const client = ({ root, headers }: Pointing, path = '/openai'): OpenAI =>
  new OpenAI({
    apiKey: 'test-key-openai',
    baseURL: root + path,
    maxRetries: 0,
    defaultHeaders: { ...headers },
  });

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
} as const;

describe('the openai SDK through the gateway gets what it gets directly', () => {
  // OpenAI's own base URL ends in /v1: clients write it, or leave it to the gateway.
  for (const path of ['/openai', '/openai/v1']) {
    it(`chat completions, base URL …${path}`, async () => {
      const { result, records } = await comparison.same((pointing) =>
        client(pointing, pointing.isGateway ? path : '/openai/v1').chat.completions.create({
          model: 'gpt-4o-mini',
          messages: [{ role: 'user', content: 'Hello there' }],
        }),
      );
      expect(comparison.test.provider.requests[0]!.url).toBe('/openai/v1/chat/completions');
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({
        provider: 'openai',
        model: result.model,
        model_requested: 'gpt-4o-mini',
        path: path === '/openai' ? 'chat/completions' : 'v1/chat/completions',
        status_code: 200,
        success: true,
        streamed: false,
        outcome: 'complete',
        finish_reason: 'stop',
        tokens_in: result.usage!.prompt_tokens,
        tokens_out: result.usage!.completion_tokens,
        attempts: [{ step: 0, attempt: 1, provider: 'openai', status_code: 200, error: null }],
      });
      // gpt-4o-mini: $0.15 and $0.60 per million.
      const { prompt_tokens, completion_tokens } = result.usage!;
      expect(records[0]!.cost).toBeCloseTo((prompt_tokens * 0.15 + completion_tokens * 0.6) / 1e6, 9);
    });
  }

  it('chat completions, streamed, with an image and usage', async () => {
    const { result, records } = await comparison.same(
      async (pointing) =>
        Array.fromAsync(
          await client(pointing, '/openai/v1').chat.completions.create({
            model: 'gpt-4o',
            messages: [
              {
                role: 'user',
                content: [
                  { type: 'text', text: 'What is this?' },
                  { type: 'image_url', image_url: { url: PIXEL } },
                ],
              },
            ],
            stream: true,
            stream_options: { include_usage: true },
          }),
        ),
      {},
    );
    const usage = result.at(-1)!.usage!;
    expect(records[0]).toMatchObject({
      streamed: true,
      success: true,
      outcome: 'complete',
      finish_reason: 'stop',
      tokens_in: usage.prompt_tokens,
      tokens_out: usage.completion_tokens,
      usage_metadata: { estimated: false },
      response_content_type: 'text/event-stream; charset=utf-8',
    });
    expect(records[0]!.cost).toBeGreaterThan(0);
  });

  it('tools, streamed and not', async () => {
    const messages = [{ role: 'user' as const, content: 'What is the weather in Paris and Berlin?' }];
    const whole = await comparison.same((pointing) =>
      client(pointing, '/openai/v1').chat.completions.create({ model: 'gpt-4o', messages, tools: [weather] }),
    );
    expect(whole.result.choices[0]!.message.tool_calls).toHaveLength(2);
    expect(whole.records[0]).toMatchObject({ finish_reason: 'tool_calls', success: true });
    const streamed = await comparison.same((pointing) =>
      client(pointing, '/openai/v1')
        .chat.completions.stream({ model: 'gpt-4o', messages, tools: [weather] })
        .finalChatCompletion(),
    );
    expect(streamed.result.choices[0]!.message.tool_calls).toHaveLength(2);
    expect(streamed.records[0]).toMatchObject({ finish_reason: 'tool_calls', streamed: true });
  });

  it('responses, with reasoning, streamed and not', async () => {
    const input = 'How high is the tide at noon?';
    const whole = await comparison.same((pointing) =>
      client(pointing, '/openai/v1').responses.create({ model: 'gpt-5', input }),
    );
    const { usage } = whole.result;
    expect(whole.records[0]).toMatchObject({
      path: 'v1/responses',
      finish_reason: 'completed',
      tokens_in: usage!.input_tokens,
      tokens_out: usage!.output_tokens,
      usage_metadata: { output_reasoning_tokens: usage!.output_tokens_details.reasoning_tokens },
    });
    expect(usage!.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
    const streamed = await comparison.same(async (pointing) =>
      Array.fromAsync(
        await client(pointing, '/openai/v1').responses.create({ model: 'gpt-5', input, stream: true }),
      ),
    );
    const last = streamed.result.at(-1)!;
    expect(last.type).toBe('response.completed');
    const total = last.type === 'response.completed' ? last.response.usage! : null;
    expect(streamed.records[0]).toMatchObject({ tokens_out: total!.output_tokens, streamed: true });
  });

  it('embeddings, legacy completions and models', async () => {
    const embeddings = await comparison.same((pointing) =>
      client(pointing, '/openai/v1').embeddings.create({ model: 'text-embedding-3-small', input: 'tide' }),
    );
    expect(embeddings.records[0]).toMatchObject({
      model_type: 'embeddings',
      tokens_in: embeddings.result.usage.prompt_tokens,
      success: true,
    });
    const legacy = await comparison.same((pointing) =>
      client(pointing, '/openai/v1').completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'Tide:' }),
    );
    expect(legacy.records[0]).toMatchObject({ tokens_out: legacy.result.usage!.completion_tokens });
    const models = await comparison.same(async (pointing) =>
      Array.fromAsync(await client(pointing, '/openai/v1').models.list()),
    );
    expect(models.result.length).toBeGreaterThan(1);
    expect(models.records[0]).toMatchObject({ method: 'GET', path: 'v1/models', tokens_in: null });
  });

  it('images made, speech made, and a recording uploaded as multipart', async () => {
    const image = await comparison.same((pointing) =>
      client(pointing, '/openai/v1').images.generate({ model: 'gpt-image-1', prompt: 'a harbour' }),
    );
    expect(image.records[0]).toMatchObject({
      model: 'gpt-image-1',
      model_type: 'image',
      tokens_out: image.result.usage!.output_tokens,
    });
    const speech = await comparison.same(async (pointing) => {
      const response = await client(pointing, '/openai/v1').audio.speech.create({
        model: 'gpt-4o-mini-tts',
        voice: 'alloy',
        input: 'The tide is high.',
      });
      return Buffer.from(await response.arrayBuffer());
    });
    expect(speech.result.length).toBeGreaterThan(100);
    expect(speech.records[0]).toMatchObject({ status_code: 200, response_size: speech.result.length });
    // The boundary is drawn at random for each request, and with it the scripted answer.
    const upload = await comparison.same(
      async (pointing) => {
        await client(pointing, '/openai/v1').audio.transcriptions.create({
          model: 'gpt-4o-transcribe',
          file: await toFile(speech.result, 'tide.mp3'),
        });
      },
      {
        ignoreRequestFields: ['content-type'],
        ignoreReplyFields: ['x-request-id', 'openai-processing-ms'],
        ignoreBodies: true,
      },
    );
    const received = comparison.test.provider.requests[0]!;
    const boundary = /boundary=(.+)$/.exec(received.header('content-type')!)![1]!;
    expect(received.body.includes(boundary)).toBe(true);
    expect(received.body.includes(speech.result)).toBe(true);
    expect(upload.records[0]).toMatchObject({ path: 'v1/audio/transcriptions', success: true });
  });

  it('errors of the provider, with its request id and the same error class', async () => {
    for (const status of [400, 401, 403, 404, 409, 413, 422, 429, 500, 503]) {
      const { result, records } = await comparison.same(async (pointing) => {
        const asked = client(pointing, '/openai/v1').chat.completions.create({
          model: `gpt-4o!status=${status}`,
          messages: [{ role: 'user', content: 'Hello' }],
        });
        return asked.then(
          () => null,
          (error: InstanceType<typeof OpenAI.APIError>) => ({
            kind: error.constructor.name,
            status: error.status,
            message: error.message,
            requestId: error.requestID,
          }),
        );
      });
      expect(result).toMatchObject({ status });
      expect(records[0]).toMatchObject({ status_code: status, success: false, tokens_in: null, cost: null });
      expect(records[0]!.error_message).toBeTruthy();
    }
  });

  it('an error event inside a stream', async () => {
    const run = async (pointing: Pointing): Promise<string> => {
      try {
        const stream = await client(pointing, '/openai/v1').chat.completions.create({
          model: 'gpt-4o!errorEvent=3',
          messages: [{ role: 'user', content: 'Hello' }],
          stream: true,
        });
        for await (const _ of stream);
        return 'no error';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const { result, records } = await comparison.same(run, { leavesEarly: true });
    expect(result).not.toBe('no error');
    expect(records[0]).toMatchObject({ status_code: 200, success: false });
    expect(records[0]!.error_type).toBeTruthy();
  });

  it('AzureOpenAI', async () => {
    const { records } = await comparison.same(
      (pointing) =>
        new AzureOpenAI({
          endpoint: `${pointing.root}/azure-openai${pointing.isGateway ? '/my-resource' : ''}`,
          deployment: 'gpt-4o-mini',
          apiKey: 'test-key-azure',
          apiVersion: '2024-10-21',
          maxRetries: 0,
          defaultHeaders: { ...pointing.headers },
        }).chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }),
      {},
    );
    expect(comparison.test.provider.requests[0]!.header('api-key')).toBe('test-key-azure');
    expect(records[0]).toMatchObject({ provider: 'azure-openai', success: true });
    expect(records[0]!.tokens_in).toBeGreaterThan(0);
  });
});

describe('the gateway’s own errors in the openai SDK', () => {
  it('a wrong token is an AuthenticationError with the code 2009', async () => {
    const { baseUrl } = comparison.test.gateway;
    const asked = client({
      root: `${baseUrl}/v1/local/default`,
      isGateway: true,
      headers: { 'cf-aig-authorization': 'Bearer wrong' },
    }).chat.completions.create({ model: 'gpt-4o', messages: [] });
    await expect(asked).rejects.toThrow(OpenAI.AuthenticationError);
    await expect(asked).rejects.toThrow(/2009/);
  });
});
