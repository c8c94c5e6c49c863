import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeEventMessage } from './event-stream.ts';
import { type ScriptedProvider, startScriptedProvider } from './server.ts';
import { countTokens } from './tokens.ts';

let provider: ScriptedProvider;
let client: BedrockRuntimeClient;

function open(secretAccessKey: string): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: provider.url,
    credentials: { accessKeyId: 'test-access-key', secretAccessKey },
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
  });
}

beforeAll(async () => {
  provider = await startScriptedProvider({ awsSecretKey: 'test-secret-aws' });
  client = open('test-secret-aws');
});
afterAll(async () => {
  client.destroy();
  await provider.close();
});
beforeEach(() => provider.reset());

const modelId = 'anthropic.claude-3-5-sonnet-20240620-v1:0';
const messages = [{ role: 'user' as const, content: [{ text: 'Hello there' }] }];
const toolConfig = {
  tools: [
    {
      toolSpec: {
        name: 'get_weather',
        inputSchema: { json: { type: 'object', properties: { city: { type: 'string' } } } },
      },
    },
  ],
};

describe('Bedrock', () => {
  it('writes event-stream messages that the official codec reads', () => {
    const toText = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
    const codec = new EventStreamCodec(toText, (text) => Buffer.from(text, 'utf8'));
    const message = codec.decode(encodeEventMessage({ ':event-type': 'chünk' }, Buffer.from('payload')));
    expect(message.headers[':event-type']!.value).toBe('chünk');
    expect(toText(message.body)).toBe('payload');
  });

  it('converses, whole and streamed', async () => {
    const whole = await client.send(new ConverseCommand({ modelId, messages }));
    const text = whole.output!.message!.content![0]!.text!;
    expect(whole.usage!.outputTokens).toBe(countTokens(text));
    expect(whole.stopReason).toBe('end_turn');
    const reply = await client.send(new ConverseStreamCommand({ modelId, messages }));
    let streamed = '';
    let outputTokens: number | undefined;
    for await (const event of reply.stream!) {
      streamed += event.contentBlockDelta?.delta?.text ?? '';
      outputTokens = event.metadata?.usage?.outputTokens ?? outputTokens;
    }
    expect(outputTokens).toBe(countTokens(streamed));
  });

  it('uses tools, and reads and writes its cache at cache points', async () => {
    const ask = [{ role: 'user' as const, content: [{ text: 'Weather in Madrid?' }] }];
    const whole = await client.send(new ConverseCommand({ modelId, messages: ask, toolConfig }));
    expect(whole.stopReason).toBe('tool_use');
    expect(whole.output!.message!.content![0]!.toolUse!.input).toEqual({ city: 'Madrid' });
    const reply = await client.send(new ConverseStreamCommand({ modelId, messages: ask, toolConfig }));
    let input = '';
    for await (const event of reply.stream!) input += event.contentBlockDelta?.delta?.toolUse?.input ?? '';
    expect(input).toBe('{"city":"Madrid"}');

    const long = 'The keeper of the gate writes down every tide. '.repeat(9);
    const system = [{ text: long }, { cachePoint: { type: 'default' as const } }];
    const first = await client.send(new ConverseCommand({ modelId, messages, system }));
    const second = await client.send(new ConverseCommand({ modelId, messages, system }));
    expect(first.usage!.cacheWriteInputTokens).toBe(countTokens(long));
    expect(first.usage!.cacheDetails).toEqual([{ ttl: '5m', inputTokens: countTokens(long) }]);
    expect(second.usage!.cacheReadInputTokens).toBe(countTokens(long));
  });

  it('invokes models of several makers, whole and streamed', async () => {
    const anthropicBody = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 99,
      messages: [{ role: 'user', content: 'Hi' }],
    };
    const bodies: [string, object][] = [
      [modelId, anthropicBody],
      ['meta.llama3-8b-instruct-v1:0', { prompt: 'Hi' }],
      ['amazon.nova-lite-v1:0', { messages }],
    ];
    for (const [id, value] of bodies) {
      const command = { modelId: id, body: JSON.stringify(value) };
      const whole = await client.send(new InvokeModelCommand(command));
      expect(JSON.parse(whole.body.transformToString())).toBeTypeOf('object');
      const reply = await client.send(new InvokeModelWithResponseStreamCommand(command));
      let last = '';
      for await (const event of reply.body!) last = Buffer.from(event.chunk!.bytes!).toString();
      expect(JSON.parse(last)['amazon-bedrock-invocationMetrics'].outputTokenCount).toBeGreaterThan(5);
    }
    const embedded = await client.send(
      new InvokeModelCommand({ modelId: 'amazon.titan-embed-text-v2:0', body: '{"inputText":"tide"}' }),
    );
    expect(JSON.parse(embedded.body.transformToString()).embedding).toHaveLength(1024);
  });

  it('refuses a wrong signature and words its errors as AWS does', async () => {
    const stranger = open('another-secret');
    await expect(stranger.send(new ConverseCommand({ modelId, messages }))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    stranger.destroy();
    provider.script(['status=429', 'errorEvent=1;errorStatus=429']);
    await expect(client.send(new ConverseCommand({ modelId, messages }))).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    const reply = await client.send(new ConverseStreamCommand({ modelId, messages }));
    const read = async () => {
      for await (const event of reply.stream!) expect(event).toBeDefined();
    };
    await expect(read()).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});
