import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/gateway.ts';
import { type Comparison, type ComparisonOptions, type Pointing, startComparison } from './sdk-comparison.ts';

const SECRET = 'test-aws-secret-key';
let comparison: Comparison;
beforeAll(async () => {
  comparison = await startComparison({ awsSecretKey: SECRET });
  await comparison.test.manage('POST', '/gateways/default/provider_configs', {
    provider_slug: 'aws-bedrock',
    alias: 'default',
    secret: JSON.stringify({
      accessKeyId: 'test-access-key-id',
      secretAccessKey: SECRET,
      region: 'us-east-1',
    }),
  });
});
afterAll(() => comparison.close());

// Drawn at random, or of the signature that the gateway replaces.
const CHANGING = [
  'amz-sdk-invocation-id',
  'authorization',
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-user-agent',
  'amz-sdk-request',
];
const SIGNED: ComparisonOptions = { ignoreRequestFields: CHANGING };

function withHeaders(client: BedrockRuntimeClient, headers: Readonly<Record<string, string>>): void {
  client.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: Record<string, string> }).headers, headers);
      return next(args);
    },
    // After the signature, so that the token of the gateway is no part of it.
    { step: 'finalizeRequest', priority: 'low', name: 'gatewayToken' },
  );
}

const endpoint = ({ root, isGateway }: Pointing): string =>
  `${root}/aws-bedrock${isGateway ? '/bedrock-runtime/us-east-1' : ''}`;

/** Directly with the true secret; at the gateway with one that is worth nothing, since the gateway signs. */
function signing(pointing: Pointing): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: endpoint(pointing),
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
    credentials: { accessKeyId: 'test-access-key-id', secretAccessKey: pointing.isGateway ? 'none' : SECRET },
  });
  withHeaders(client, pointing.headers);
  return client;
}

function bearing(pointing: Pointing): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: endpoint(pointing),
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
    token: { token: 'test-bedrock-key' },
    authSchemePreference: ['httpBearerAuth'],
  });
  withHeaders(client, pointing.headers);
  return client;
}

const ask: ConverseCommandInput = {
  modelId: 'anthropic.claude-3-haiku-20240307-v1:0',
  messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
};
const tools: ConverseCommandInput = {
  ...ask,
  messages: [
    {
      role: 'user',
      content: [
        { image: { format: 'png', source: { bytes: Buffer.from('not a picture') } } },
        { text: 'What is the weather in Tokyo?' },
      ],
    },
  ],
  toolConfig: {
    tools: [
      {
        toolSpec: {
          name: 'get_weather',
          inputSchema: {
            json: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          },
        },
      },
    ],
  },
};

for (const [how, client, options] of [
  ['with its own signature made anew from the stored credentials', signing, SIGNED],
  ['with a bearer token, forwarded unchanged', bearing, { ignoreRequestFields: ['amz-sdk-invocation-id'] }],
] as const) {
  describe(`the Bedrock SDK through the gateway, ${how}, gets what it gets directly`, () => {
    it('converse', async () => {
      const { result, records } = await comparison.same(async (pointing) => {
        const { $metadata, ...said } = await client(pointing).send(new ConverseCommand(ask));
        expect($metadata.httpStatusCode).toBe(200);
        return said;
      }, options);
      const [request] = comparison.test.provider.requests;
      expect(request!.url).toBe('/aws-bedrock/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse');
      expect(JSON.stringify(request!.rawHeaders)).not.toContain(ADMIN_TOKEN);
      if (client === bearing) expect(request!.header('authorization')).toBe('Bearer test-bedrock-key');
      else
        expect(request!.header('authorization')).toMatch(/^AWS4-HMAC-SHA256 Credential=test-access-key-id/);
      expect(records[0]).toMatchObject({
        provider: 'aws-bedrock',
        model: 'anthropic.claude-3-haiku-20240307-v1:0',
        finish_reason: 'end_turn',
        tokens_in: result.usage!.inputTokens,
        tokens_out: result.usage!.outputTokens,
        byok: client === signing,
        success: true,
      });
      expect(records[0]!.cost).toBeGreaterThan(0);
    });

    it('converse as an event stream, with an image and tools', async () => {
      const { result, records } = await comparison.same(async (pointing) => {
        const { stream } = await client(pointing).send(new ConverseStreamCommand(tools));
        return Array.fromAsync(stream!);
      }, options);
      const usage = result.find((event) => event.metadata)!.metadata!.usage!;
      expect(records[0]).toMatchObject({
        streamed: true,
        response_content_type: 'application/vnd.amazon.eventstream',
        finish_reason: 'tool_use',
        tokens_in: usage.inputTokens,
        tokens_out: usage.outputTokens,
      });
    });

    it('invoke, whole and as an event stream', async () => {
      const body = JSON.stringify({
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 100,
        messages: [{ role: 'user', content: 'Hello' }],
      });
      const input = {
        modelId: 'anthropic.claude-3-haiku-20240307-v1:0',
        contentType: 'application/json',
        body,
      };
      const whole = await comparison.same(async (pointing) => {
        const answer = await client(pointing).send(new InvokeModelCommand(input));
        return JSON.parse(Buffer.from(answer.body).toString()) as { usage: Record<string, number> };
      }, options);
      expect(whole.records[0]).toMatchObject({
        tokens_in: whole.result.usage.input_tokens,
        tokens_out: whole.result.usage.output_tokens,
      });
      const streamed = await comparison.same(async (pointing) => {
        const answer = await client(pointing).send(new InvokeModelWithResponseStreamCommand(input));
        return (await Array.fromAsync(answer.body!)).map((event) =>
          Buffer.from(event.chunk!.bytes!).toString(),
        );
      }, options);
      expect(streamed.records[0]).toMatchObject({ streamed: true, finish_reason: 'end_turn' });
      expect(streamed.records[0]!.tokens_out).toBeGreaterThan(0);
    });

    it('errors, with their AWS type', async () => {
      for (const [status, name] of [
        [400, 'ValidationException'],
        [403, 'AccessDeniedException'],
        [429, 'ThrottlingException'],
        [503, 'ServiceUnavailableException'],
      ] as const) {
        const { result } = await comparison.same(
          (pointing) =>
            client(pointing)
              .send(new ConverseCommand({ ...ask, modelId: `amazon.nova-lite-v1:0!status=${status}` }))
              .then(
                () => null,
                (error: Error) => ({ name: error.name, message: error.message }),
              ),
          options,
        );
        expect(result).toMatchObject({ name });
      }
    });
  });
}

describe('an AWS signature over the gateway’s address', () => {
  it('is refused by the provider when no credentials are stored, and its answer passes through', async () => {
    await comparison.test.manage('POST', '/gateways', {
      id: 'bare',
      cache_invalidate_on_update: false,
      cache_ttl: 0,
      collect_logs: true,
      rate_limiting_interval: 0,
      rate_limiting_limit: 0,
    });
    const asked = signing({
      root: `${comparison.test.gateway.baseUrl}/v1/local/bare`,
      isGateway: true,
      headers: { 'cf-aig-authorization': ADMIN_TOKEN },
    }).send(new ConverseCommand(ask));
    await expect(asked).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });
});
