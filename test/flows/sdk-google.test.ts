import { type ApiError, GoogleGenAI, Type } from '@google/genai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Comparison, type Pointing, startComparison } from './sdk-comparison.ts';

let comparison: Comparison;
beforeAll(async () => {
  comparison = await startComparison();
});
afterAll(() => comparison.close());

const client = ({ root, headers }: Pointing): GoogleGenAI =>
  new GoogleGenAI({
    apiKey: 'test-key-google',
    httpOptions: { baseUrl: `${root}/google-ai-studio`, headers: { ...headers } },
  });

const MODEL = 'gemini-2.5-flash';
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const tools = [
  {
    functionDeclarations: [
      {
        name: 'get_weather',
        parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] },
      },
    ],
  },
];

/** What an answer says, without the SDK's own record of the transport. */
function said(response: object): unknown {
  const { sdkHttpResponse, ...rest } = { sdkHttpResponse: null, ...response };
  return JSON.parse(JSON.stringify(rest));
}

describe('the @google/genai SDK through the gateway gets what it gets directly', () => {
  it('generateContent: the colon in the path survives, the model comes from the path', async () => {
    const { result, records } = await comparison.same(async (pointing) =>
      client(pointing).models.generateContent({ model: MODEL, contents: 'Hello' }).then(said),
    );
    const [request] = comparison.test.provider.requests;
    expect(request!.url).toBe(`/google-ai-studio/v1beta/models/${MODEL}:generateContent`);
    expect(request!.header('x-goog-api-key')).toBe('test-key-google');
    const usage = (result as { usageMetadata: Record<string, number> }).usageMetadata;
    expect(records[0]).toMatchObject({
      provider: 'google-ai-studio',
      model: MODEL,
      model_requested: MODEL,
      model_type: 'generate',
      finish_reason: 'STOP',
      tokens_in: usage.promptTokenCount,
      tokens_out: usage.candidatesTokenCount! + (usage.thoughtsTokenCount ?? 0),
      usage_metadata: { output_reasoning_tokens: usage.thoughtsTokenCount },
      success: true,
    });
    expect(records[0]!.cost).toBeGreaterThan(0);
  });

  it('streamGenerateContent, with an image', async () => {
    const { result, records } = await comparison.same(async (pointing) => {
      const stream = await client(pointing).models.generateContentStream({
        model: MODEL,
        contents: [{ inlineData: { mimeType: 'image/png', data: PIXEL } }, 'What is this?'],
      });
      const chunks: unknown[] = [];
      for await (const chunk of stream) chunks.push(said(chunk));
      return chunks;
    });
    expect(comparison.test.provider.requests[0]!.url).toMatch(/:streamGenerateContent\?alt=sse$/);
    const usage = (result.at(-1) as { usageMetadata: Record<string, number> }).usageMetadata;
    expect(records[0]).toMatchObject({
      streamed: true,
      tokens_in: usage.promptTokenCount,
      tokens_out: usage.candidatesTokenCount! + (usage.thoughtsTokenCount ?? 0),
      finish_reason: 'STOP',
    });
  });

  it('tools, streamed and not', async () => {
    const contents = 'What is the weather in Paris and Rome?';
    const whole = await comparison.same(async (pointing) => {
      const response = await client(pointing).models.generateContent({
        model: MODEL,
        contents,
        config: { tools },
      });
      return response.functionCalls;
    });
    expect(whole.result).toHaveLength(2);
    const streamed = await comparison.same(async (pointing) => {
      const stream = await client(pointing).models.generateContentStream({
        model: MODEL,
        contents,
        config: { tools },
      });
      const calls: unknown[] = [];
      for await (const chunk of stream) calls.push(...(chunk.functionCalls ?? []));
      return calls;
    });
    expect(streamed.result).toHaveLength(2);
    expect(streamed.records[0]).toMatchObject({ success: true });
  });

  it('token counting, embeddings, models', async () => {
    const counted = await comparison.same(async (pointing) =>
      client(pointing).models.countTokens({ model: MODEL, contents: 'Hello' }).then(said),
    );
    expect(counted.result).toMatchObject({ totalTokens: expect.any(Number) });
    const embedded = await comparison.same(async (pointing) =>
      client(pointing)
        .models.embedContent({ model: 'gemini-embedding-001', contents: ['tide', 'harbour'] })
        .then(said),
    );
    expect(comparison.test.provider.requests[0]!.url).toMatch(/:batchEmbedContents$/);
    expect(embedded.records[0]).toMatchObject({ model: 'gemini-embedding-001', model_type: 'embeddings' });
    await comparison.same(async (pointing) => {
      const names: (string | undefined)[] = [];
      for await (const model of await client(pointing).models.list()) names.push(model.name);
      return names;
    });
  });

  it('errors', async () => {
    for (const status of [400, 403, 404, 429, 500, 503]) {
      const { result, records } = await comparison.same((pointing) =>
        client(pointing)
          .models.generateContent({ model: `${MODEL}!status=${status}`, contents: 'Hello' })
          .then(
            () => null,
            (error: ApiError) => ({ status: error.status, message: error.message }),
          ),
      );
      expect(result).toMatchObject({ status });
      expect(records.at(-1)).toMatchObject({ status_code: status, success: false });
    }
  });
});
