import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedProvider, startScriptedProvider } from './server.ts';
import { countTokens } from './tokens.ts';

let provider: ScriptedProvider;
let client: OpenAI;

beforeAll(async () => {
  provider = await startScriptedProvider();
  client = new OpenAI({ apiKey: 'test-key-openai', baseURL: `${provider.url}/v1`, maxRetries: 0 });
});
afterAll(() => provider.close());
beforeEach(() => provider.reset());

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
} as const;

const long = 'The harbour master keeps a book of every tide since the gate was built. '.repeat(6);

describe('OpenAI chat completions', () => {
  it('answers with text and a usage that the tokenizer predicts', async () => {
    const reply = await client.chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hello there, how are you?' }],
    });
    const text = reply.choices[0]!.message.content!;
    expect(text.length).toBeGreaterThan(10);
    expect(reply.choices[0]!.finish_reason).toBe('stop');
    expect(reply.usage).toMatchObject({
      prompt_tokens: 3 + 3 + countTokens('Hello there, how are you?'),
      completion_tokens: countTokens(text),
    });
    expect(reply._request_id).toMatch(/^req_/);
  });

  it('says the same to the same question, under another id', async () => {
    const ask = () =>
      client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Tide?' }] });
    const [first, second] = [await ask(), await ask()];
    expect(second.choices[0]!.message.content).toBe(first.choices[0]!.message.content);
    expect(second.id).not.toBe(first.id);
  });

  it('streams the role first, then tokens, the finish reason, the usage when asked for, and DONE', async () => {
    const stream = await client.chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks[0]!.choices[0]!.delta).toMatchObject({ role: 'assistant', content: '' });
    expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe('stop');
    expect(chunks.at(-1)!.choices).toEqual([]);
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(chunks.at(-1)!.usage!.completion_tokens).toBe(countTokens(text));
    expect(provider.requests[0]!.sent.toString()).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('leaves the usage out of a stream that did not ask for it', async () => {
    const stream = await client.chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
    });
    for await (const chunk of stream) expect(chunk).not.toHaveProperty('usage');
  });

  it('calls a tool for each city, in pieces when streamed, and reads the results', async () => {
    const messages = [{ role: 'user' as const, content: 'What is the weather in Paris and Berlin?' }];
    const whole = await client.chat.completions.create({ model: 'gpt-4o', messages, tools: [weather] });
    expect(whole.choices[0]!.finish_reason).toBe('tool_calls');
    const calls = whole.choices[0]!.message.tool_calls!.filter((call) => call.type === 'function');
    expect(calls.map((call) => JSON.parse(call.function.arguments))).toEqual([
      { city: 'Paris' },
      { city: 'Berlin' },
    ]);

    const streamed = client.chat.completions.stream({ model: 'gpt-4o', messages, tools: [weather] });
    const final = await streamed.finalMessage();
    expect(final.tool_calls!.map((call) => call.type === 'function' && call.function.arguments)).toEqual([
      '{"city":"Paris"}',
      '{"city":"Berlin"}',
    ]);

    const after = await client.chat.completions.create({
      model: 'gpt-4o',
      tools: [weather],
      messages: [
        ...messages,
        whole.choices[0]!.message,
        ...calls.map((call) => ({ role: 'tool' as const, tool_call_id: call.id, content: '18 degrees' })),
      ],
    });
    expect(after.choices[0]!.message.content).toContain('18 degrees; 18 degrees');
  });

  it('reports cached tokens when a prefix was seen before, from the same key only', async () => {
    const ask = (key: string, question: string) =>
      client.chat.completions.create(
        {
          model: 'gpt-4o',
          messages: [
            { role: 'system', content: long },
            { role: 'user', content: question },
          ],
        },
        { headers: { authorization: `Bearer ${key}` } },
      );
    expect((await ask('test-key-a', 'One?')).usage!.prompt_tokens_details!.cached_tokens).toBe(0);
    expect((await ask('test-key-a', 'Two?')).usage!.prompt_tokens_details!.cached_tokens).toBe(
      3 + countTokens(long),
    );
    expect((await ask('test-key-b', 'Two?')).usage!.prompt_tokens_details!.cached_tokens).toBe(0);
  });

  it('counts reasoning, sees images, follows a schema, and stops at the token limit', async () => {
    const reasoned = await client.chat.completions.create({
      model: 'o4-mini',
      messages: [{ role: 'user', content: 'Why?' }],
      reasoning_effort: 'high',
    });
    expect(reasoned.usage!.completion_tokens_details!.reasoning_tokens).toBe(64);
    const seen = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          ],
        },
      ],
    });
    expect(seen.choices[0]!.message.content).toContain('one image');
    const shaped = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Name a city' }],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'place', schema: { type: 'object', properties: { city: { type: 'string' } } } },
      },
    });
    expect(JSON.parse(shaped.choices[0]!.message.content!)).toEqual({ city: 'Paris' });
    const short = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Talk' }],
      max_completion_tokens: 4,
    });
    expect(short.choices[0]!.finish_reason).toBe('length');
    expect(short.usage!.completion_tokens).toBe(4);
  });
});

describe('OpenAI responses', () => {
  it('answers whole and streamed with the same text and usage', async () => {
    const whole = await client.responses.create({ model: 'gpt-4o', input: 'Hello' });
    const types: string[] = [];
    let text = '';
    let usage: unknown;
    for await (const event of await client.responses.create({
      model: 'gpt-4o',
      input: 'Hello',
      stream: true,
    })) {
      types.push(event.type);
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.completed') usage = event.response.usage;
    }
    expect(whole.output_text.length).toBeGreaterThan(10);
    expect(text.length).toBeGreaterThan(10);
    expect(usage).toMatchObject({
      input_tokens: whole.usage!.input_tokens,
      output_tokens: countTokens(text),
    });
    expect(types.slice(0, 4)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
    ]);
    expect(types.slice(-4)).toEqual([
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
  });

  it('streams reasoning items and function calls', async () => {
    const stream = client.responses.stream({
      model: 'gpt-5',
      input: 'Weather in Oslo?',
      reasoning: { effort: 'low', summary: 'auto' },
      tools: [
        {
          type: 'function',
          name: 'get_weather',
          strict: false,
          parameters: { type: 'object', properties: { city: { type: 'string' } } },
        },
      ],
    });
    const final = await stream.finalResponse();
    expect(final.output.map((item) => item.type)).toEqual(['reasoning', 'function_call']);
    expect(final.output[1]).toMatchObject({ name: 'get_weather', arguments: '{"city":"Oslo"}' });
    expect(final.usage!.output_tokens_details.reasoning_tokens).toBe(16);
  });
});

describe('the other OpenAI endpoints', () => {
  it('embeds the same text to the same unit vector, as numbers and as base64', async () => {
    const input = ['tide', 'gate'];
    const floats = await client.embeddings.create({
      model: 'text-embedding-3-small',
      input,
      encoding_format: 'float',
    });
    const encoded = await client.embeddings.create({ model: 'text-embedding-3-small', input });
    expect(encoded.data[1]!.embedding).toEqual(floats.data[1]!.embedding);
    expect(floats.data[0]!.embedding).toHaveLength(1536);
    expect(Math.hypot(...floats.data[0]!.embedding)).toBeCloseTo(1, 3);
    expect(floats.usage.prompt_tokens).toBe(2);
  });

  it('lists models and tells one that is not there', async () => {
    const models = await client.models.list();
    expect(models.data.map((model) => model.id)).toContain('gpt-4o-mini');
    await expect(client.models.retrieve('gpt-4o')).resolves.toMatchObject({ id: 'gpt-4o' });
    await expect(client.models.retrieve('no-such-model')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });

  it('draws, speaks, listens, moderates and completes', async () => {
    const image = await client.images.generate({ model: 'gpt-image-1', prompt: 'a gate' });
    expect(Buffer.from(image.data![0]!.b64_json!, 'base64').subarray(1, 4).toString()).toBe('PNG');
    expect(image.usage!.total_tokens).toBe(2 + 272);
    const speech = await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hello' });
    expect(speech.headers.get('content-type')).toBe('audio/mpeg');
    const audio = Buffer.from(await speech.arrayBuffer());
    const heard = await client.audio.transcriptions.create({
      model: 'whisper-1',
      file: await toFile(audio, 'a.wav'),
    });
    expect(heard.text.length).toBeGreaterThan(5);
    const verdict = await client.moderations.create({ input: 'I will attack the gate' });
    expect(verdict.results[0]!.categories.violence).toBe(true);
    const done = await client.completions.create({
      model: 'gpt-3.5-turbo-instruct',
      prompt: 'Once',
      max_tokens: 5,
    });
    expect(done.choices[0]!.finish_reason).toBe('length');
    expect(done.usage!.completion_tokens).toBe(5);
  });

  it('answers each wrong request in its own words', async () => {
    const chat = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hi' }] };
    await expect(client.chat.completions.create({ ...chat, model: 'unknown-model' })).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
    const bare = await fetch(`${provider.url}/chat/completions`, { method: 'POST', body: '{}' });
    expect(bare.status).toBe(401);
    expect(await bare.json()).toMatchObject({ error: { code: 'missing_api_key' } });
    const broken = await fetch(`${provider.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-key-openai' },
      body: '{"model": ',
    });
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });
});
