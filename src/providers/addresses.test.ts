import { describe, expect, it } from 'vitest';
import type { Provider } from '../core/provider.ts';
import { PROVIDERS } from './registry.ts';

interface Circumstances {
  readonly baseUrl?: string;
  readonly storedSecret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function upstream(slug: string, endpoint: string, given: Circumstances = {}): string {
  const provider = PROVIDERS.get(slug) as Provider;
  const { origin, path } = provider.address({
    endpoint,
    baseUrl: given.baseUrl ?? null,
    storedSecret: given.storedSecret ?? null,
    header: (name) => given.headers?.[name] ?? null,
  });
  return origin + path;
}

const WORKERS_KEY = '{"account_id":"0123456789abcdef","api_token":"test-token"}';
const WORKERS = 'https://api.cloudflare.com/client/v4/accounts/0123456789abcdef/ai';
const VERTEX =
  'v1/projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-flash:generateContent';

/** slug, endpoint as the client writes it, upstream */
const DEFAULTS: readonly (readonly [string, string, string, Circumstances?])[] = [
  ['openai', 'chat/completions', 'https://api.openai.com/v1/chat/completions'],
  ['openai', 'v1/chat/completions', 'https://api.openai.com/v1/chat/completions'],
  ['openai', '/chat/completions', 'https://api.openai.com/v1/chat/completions'],
  ['openai', 'responses?include[]=a%20b', 'https://api.openai.com/v1/responses?include[]=a%20b'],
  ['openai', 'files/file-1/content', 'https://api.openai.com/v1/files/file-1/content'],
  ['anthropic', 'v1/messages', 'https://api.anthropic.com/v1/messages'],
  ['anthropic', 'v1/messages?beta=true', 'https://api.anthropic.com/v1/messages?beta=true'],
  ['anthropic', 'messages', 'https://api.anthropic.com/v1/messages'],
  ['anthropic', 'api/event_logging/batch', 'https://api.anthropic.com/api/event_logging/batch'],
  ['anthropic', '', 'https://api.anthropic.com/'],
  [
    'google-ai-studio',
    'v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
  ],
  [
    'google-ai-studio',
    'v1/models/gemini-2.5-flash:generateContent',
    'https://generativelanguage.googleapis.com/v1/models/gemini-2.5-flash:generateContent',
  ],
  [
    'google-ai-studio',
    'v1beta/openai/chat/completions',
    'https://generativelanguage.googleapis.com/v1beta/openai/chat/completions',
  ],
  [
    'google-ai-studio',
    'upload/v1beta/files',
    'https://generativelanguage.googleapis.com/upload/v1beta/files',
  ],
  [
    'google-ai-studio',
    'models/m:countTokens',
    'https://generativelanguage.googleapis.com/v1beta/models/m:countTokens',
  ],
  ['google-vertex-ai', VERTEX, `https://europe-west4-aiplatform.googleapis.com/${VERTEX}`],
  [
    'google-vertex-ai',
    'v1/projects/p/locations/global/publishers/google/models/m:generateContent',
    'https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/m:generateContent',
  ],
  [
    'google-vertex-ai',
    'v1/projects/p/locations/eu/publishers/google/models/m:generateContent',
    'https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/publishers/google/models/m:generateContent',
  ],
  [
    'google-vertex-ai',
    'v1/publishers/google/models/m:generateContent?key=x',
    'https://aiplatform.googleapis.com/v1/publishers/google/models/m:generateContent?key=x',
  ],
  [
    'aws-bedrock',
    'bedrock-runtime/us-east-1/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse',
    'https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse',
  ],
  [
    'aws-bedrock',
    'bedrock-runtime/eu-west-1/model/amazon.nova-lite-v1:0/invoke-with-response-stream',
    'https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1:0/invoke-with-response-stream',
  ],
  [
    'aws-bedrock',
    'bedrock-runtime/cn-north-1/model/m/invoke',
    'https://bedrock-runtime.cn-north-1.amazonaws.com.cn/model/m/invoke',
  ],
  [
    'aws-bedrock',
    'bedrock-mantle/us-gov-west-1/anthropic/v1/messages',
    'https://bedrock-mantle.us-gov-west-1.api.aws/anthropic/v1/messages',
  ],
  [
    'aws-bedrock',
    'model/m/converse',
    'https://bedrock-runtime.eu-central-1.amazonaws.com/model/m/converse',
    { storedSecret: '{"accessKeyId":"a","secretAccessKey":"b","region":"eu-central-1"}' },
  ],
  [
    'azure-openai',
    'RES/DEP/chat/completions?api-version=2024-10-21',
    'https://res.openai.azure.com/openai/deployments/DEP/chat/completions?api-version=2024-10-21',
  ],
  [
    'azure-openai',
    'RES/deployments/DEP/embeddings',
    'https://res.openai.azure.com/openai/deployments/DEP/embeddings',
  ],
  [
    'azure-openai',
    'RES/openai/deployments/DEP/chat/completions',
    'https://res.openai.azure.com/openai/deployments/DEP/chat/completions',
  ],
  [
    'azure-openai',
    'RES/DEP/deployments/DEP/chat/completions',
    'https://res.openai.azure.com/openai/deployments/DEP/chat/completions',
  ],
  ['azure-openai', 'RES/openai/v1/responses', 'https://res.openai.azure.com/openai/v1/responses'],
  ['azure-openai', 'RES/v1/responses', 'https://res.openai.azure.com/openai/v1/responses'],
  ['azure', 'RES/anthropic/v1/messages', 'https://res.services.ai.azure.com/anthropic/v1/messages'],
  ['groq', 'chat/completions', 'https://api.groq.com/openai/v1/chat/completions'],
  ['groq', 'v1/chat/completions', 'https://api.groq.com/openai/v1/chat/completions'],
  ['groq', 'openai/v1/chat/completions', 'https://api.groq.com/openai/v1/chat/completions'],
  ['mistral', 'v1/chat/completions', 'https://api.mistral.ai/v1/chat/completions'],
  ['mistral', 'chat/completions', 'https://api.mistral.ai/v1/chat/completions'],
  ['cohere', 'v1/chat', 'https://api.cohere.ai/v1/chat'],
  ['cohere', 'chat', 'https://api.cohere.ai/v1/chat'],
  ['cohere', 'v2/chat', 'https://api.cohere.ai/v2/chat'],
  ['cohere', 'compatibility/v1/chat/completions', 'https://api.cohere.ai/compatibility/v1/chat/completions'],
  ['perplexity-ai', 'chat/completions', 'https://api.perplexity.ai/chat/completions'],
  ['deepseek', 'chat/completions', 'https://api.deepseek.com/chat/completions'],
  ['deepseek', 'v1/chat/completions', 'https://api.deepseek.com/v1/chat/completions'],
  ['deepseek', 'anthropic/v1/messages', 'https://api.deepseek.com/anthropic/v1/messages'],
  ['grok', 'v1/chat/completions', 'https://api.x.ai/v1/chat/completions'],
  ['grok', 'chat/completions', 'https://api.x.ai/v1/chat/completions'],
  ['xai', 'v1/messages', 'https://api.x.ai/v1/messages'],
  ['cerebras', 'chat/completions', 'https://api.cerebras.ai/v1/chat/completions'],
  ['cerebras', 'v1/chat/completions', 'https://api.cerebras.ai/v1/chat/completions'],
  ['openrouter', 'chat/completions', 'https://openrouter.ai/api/v1/chat/completions'],
  ['openrouter', 'v1/chat/completions', 'https://openrouter.ai/api/v1/chat/completions'],
  ['openrouter', 'api/v1/chat/completions', 'https://openrouter.ai/api/v1/chat/completions'],
  ['fireworks', 'chat/completions', 'https://api.fireworks.ai/inference/v1/chat/completions'],
  ['fireworks', 'inference/v1/embeddings', 'https://api.fireworks.ai/inference/v1/embeddings'],
  ['huggingface', 'bigcode/starcoder', 'https://router.huggingface.co/hf-inference/models/bigcode/starcoder'],
  ['huggingface', 'v1/chat/completions', 'https://router.huggingface.co/v1/chat/completions'],
  ['replicate', 'predictions', 'https://api.replicate.com/v1/predictions'],
  ['replicate', 'v1/predictions', 'https://api.replicate.com/v1/predictions'],
  ['replicate', 'models/a/b/predictions', 'https://api.replicate.com/v1/models/a/b/predictions'],
  ['baseten', 'v1/chat/completions', 'https://inference.baseten.co/v1/chat/completions'],
  ['baseten', 'chat/completions', 'https://inference.baseten.co/v1/chat/completions'],
  ['baseten', 'model/abcd1234', 'https://model-abcd1234.api.baseten.co/production/predict'],
  [
    'baseten',
    'model/abcd1234/environments/staging/predict',
    'https://model-abcd1234.api.baseten.co/environments/staging/predict',
  ],
  ['cartesia', 'tts/bytes', 'https://api.cartesia.ai/tts/bytes'],
  ['cartesia', 'v1/tts/bytes', 'https://api.cartesia.ai/tts/bytes'],
  [
    'elevenlabs',
    'v1/text-to-speech/voice?output_format=mp3_44100_128',
    'https://api.elevenlabs.io/v1/text-to-speech/voice?output_format=mp3_44100_128',
  ],
  ['elevenlabs', 'v2/voices', 'https://api.elevenlabs.io/v2/voices'],
  ['deepgram', 'v1/listen?model=nova-3', 'https://api.deepgram.com/v1/listen?model=nova-3'],
  ['deepgram', 'listen', 'https://api.deepgram.com/v1/listen'],
  ['fal', 'fal-ai/fast-sdxl', 'https://fal.run/fal-ai/fast-sdxl'],
  [
    'fal',
    '',
    'https://queue.fal.run/fal-ai/flux/dev/requests/1?logs=1',
    { headers: { 'x-fal-target-url': 'https://queue.fal.run/fal-ai/flux/dev/requests/1?logs=1' } },
  ],
  [
    'fal',
    '',
    'https://rest.alpha.fal.ai/storage',
    { headers: { 'x-fal-target-url': 'https://rest.alpha.fal.ai/storage' } },
  ],
  ['ideogram', 'v1/ideogram-v3/generate', 'https://api.ideogram.ai/v1/ideogram-v3/generate'],
  ['ideogram', 'generate', 'https://api.ideogram.ai/generate'],
  ['parallel', 'v1/tasks/runs', 'https://api.parallel.ai/v1/tasks/runs'],
  ['parallel', 'v1beta/search', 'https://api.parallel.ai/v1beta/search'],
  [
    'workers-ai',
    '@cf/meta/llama-3.1-8b-instruct',
    `${WORKERS}/run/@cf/meta/llama-3.1-8b-instruct`,
    { storedSecret: WORKERS_KEY },
  ],
  ['workers-ai', 'run/@cf/meta/m', `${WORKERS}/run/@cf/meta/m`, { storedSecret: WORKERS_KEY }],
  ['workers-ai', 'v1/embeddings', `${WORKERS}/v1/embeddings`, { storedSecret: WORKERS_KEY }],
  [
    'workers-ai',
    '@cf/meta/m/chat/completions',
    `${WORKERS}/v1/chat/completions`,
    { storedSecret: WORKERS_KEY },
  ],
];

const HERE = 'http://127.0.0.1:9';

/** slug, base URL set by the operator, endpoint, upstream */
const OVERRIDES: readonly (readonly [string, string, string, string])[] = [
  ['openai', `${HERE}/`, 'chat/completions', `${HERE}/chat/completions`],
  ['openai', HERE, 'v1/chat/completions', `${HERE}/v1/chat/completions`],
  ['openai', `${HERE}/v1`, 'chat/completions', `${HERE}/v1/chat/completions`],
  ['openai', `${HERE}/v1`, 'v1/chat/completions', `${HERE}/v1/chat/completions`],
  ['openai', `${HERE}/proxy/openai/v1/`, 'v1/models?limit=2', `${HERE}/proxy/openai/v1/models?limit=2`],
  ['groq', `${HERE}/openai/v1`, 'openai/v1/chat/completions', `${HERE}/openai/v1/chat/completions`],
  ['groq', HERE, 'openai/v1/chat/completions', `${HERE}/openai/v1/chat/completions`],
  ['openrouter', `${HERE}/api`, 'v1/chat/completions', `${HERE}/api/v1/chat/completions`],
  ['cohere', HERE, 'v2/chat', `${HERE}/v2/chat`],
  ['anthropic', HERE, 'v1/messages', `${HERE}/v1/messages`],
  ['anthropic', `${HERE}/base`, '', `${HERE}/base`],
  ['google-ai-studio', HERE, 'v1beta/models/m:generateContent', `${HERE}/v1beta/models/m:generateContent`],
  [
    'google-ai-studio',
    `${HERE}/v1beta`,
    'v1beta/models/m:generateContent',
    `${HERE}/v1beta/models/m:generateContent`,
  ],
  ['google-vertex-ai', HERE, VERTEX, `${HERE}/${VERTEX}`],
  ['aws-bedrock', HERE, 'bedrock-runtime/us-east-1/model/ID%3A0/converse', `${HERE}/model/ID%3A0/converse`],
  ['aws-bedrock', `${HERE}/aws/`, 'bedrock-runtime/us-east-1/model/ID/invoke', `${HERE}/aws/model/ID/invoke`],
  [
    'azure-openai',
    HERE,
    'RES/DEP/chat/completions?api-version=1',
    `${HERE}/openai/deployments/DEP/chat/completions?api-version=1`,
  ],
  [
    'azure-openai',
    `${HERE}/openai`,
    'RES/DEP/chat/completions',
    `${HERE}/openai/deployments/DEP/chat/completions`,
  ],
  ['azure', HERE, 'RES/anthropic/v1/messages', `${HERE}/anthropic/v1/messages`],
  ['azure', `${HERE}/anthropic`, 'RES/anthropic/v1/messages', `${HERE}/anthropic/v1/messages`],
  ['workers-ai', HERE, '@cf/meta/m', `${HERE}/@cf/meta/m`],
  ['workers-ai', `${HERE}/accounts/x/ai/run`, '@cf/meta/m', `${HERE}/accounts/x/ai/run/@cf/meta/m`],
  ['workers-ai', `${HERE}/accounts/x/ai/run`, 'run/@cf/meta/m', `${HERE}/accounts/x/ai/run/@cf/meta/m`],
  ['workers-ai', `${HERE}/accounts/x/ai`, 'v1/chat/completions', `${HERE}/accounts/x/ai/v1/chat/completions`],
  ['huggingface', HERE, 'org/model', `${HERE}/org/model`],
  ['baseten', HERE, 'model/abcd', `${HERE}/model/abcd`],
  ['cartesia', HERE, 'tts/bytes', `${HERE}/tts/bytes`],
];

describe('addresses of the providers', () => {
  for (const [slug, endpoint, expected, given] of DEFAULTS) {
    it(`${slug}: ${endpoint} goes to ${expected}`, () => {
      expect(upstream(slug, endpoint, given)).toBe(expected);
    });
  }

  it.each(OVERRIDES)('%s with base URL %s: %s goes to %s', (slug, baseUrl, endpoint, expected) => {
    expect(upstream(slug, endpoint, { baseUrl })).toBe(expected);
  });

  it('has at least one case for every provider', () => {
    const tested = new Set(DEFAULTS.map(([slug]) => slug));
    expect([...new Set(PROVIDERS.values())].map(({ id }) => id).filter((id) => !tested.has(id))).toEqual([]);
  });

  it('says how to name the account of workers-ai when nothing names it', () => {
    expect(() => upstream('workers-ai', '@cf/meta/m')).toThrow(
      /account_id.*TIDEGATE_PROVIDER_WORKERS_AI_URL/,
    );
    expect(() => upstream('workers-ai', '@cf/meta/m', { storedSecret: 'plain-token' })).toThrow(/account_id/);
    const hostile = '{"account_id":"../../x","api_token":"t"}';
    expect(() => upstream('workers-ai', '@cf/meta/m', { storedSecret: hostile })).toThrow(/account_id/);
  });

  it('sends a stored Azure key to no other resource than its own', () => {
    const storedSecret = '{"resource":"Mine","key":"test-key"}';
    expect(upstream('azure-openai', 'mine/dep/chat/completions', { storedSecret })).toContain(
      'https://mine.openai',
    );
    expect(() => upstream('azure-openai', 'other/dep/chat/completions', { storedSecret })).toThrow(
      /another Azure resource/,
    );
    expect(() => upstream('azure', 'other/anthropic/v1/messages', { storedSecret })).toThrow(
      /another Azure resource/,
    );
  });
});
