/** What a client writes after the slug to talk with a model; `{model}` and other names in braces are to be filled in. */
export interface ChatEndpoint {
  readonly whole: string;
  /** The same as `whole` where a field of the body asks for a stream. */
  readonly streamed: string;
}

const same = (endpoint: string): ChatEndpoint => ({ whole: endpoint, streamed: endpoint });
const vertex = 'v1/projects/{project}/locations/{region}/publishers/google/models/{model}';

/** Providers that are not in it have no models to talk with. */
export const CHAT_ENDPOINTS: Readonly<Record<string, ChatEndpoint>> = {
  anthropic: same('v1/messages'),
  'aws-bedrock': {
    whole: 'bedrock-runtime/{region}/model/{model}/converse',
    streamed: 'bedrock-runtime/{region}/model/{model}/converse-stream',
  },
  azure: same('{resource}/anthropic/v1/messages'),
  'azure-openai': same('{resource}/{deployment}/chat/completions?api-version=2024-10-21'),
  baseten: same('v1/chat/completions'),
  cerebras: same('chat/completions'),
  cohere: same('v2/chat'),
  deepseek: same('chat/completions'),
  fireworks: same('chat/completions'),
  'google-ai-studio': {
    whole: 'v1beta/models/{model}:generateContent',
    streamed: 'v1beta/models/{model}:streamGenerateContent?alt=sse',
  },
  'google-vertex-ai': {
    whole: `${vertex}:generateContent`,
    streamed: `${vertex}:streamGenerateContent?alt=sse`,
  },
  grok: same('v1/chat/completions'),
  groq: same('chat/completions'),
  mistral: same('v1/chat/completions'),
  openai: same('chat/completions'),
  openrouter: same('v1/chat/completions'),
  'perplexity-ai': same('chat/completions'),
  'workers-ai': same('v1/chat/completions'),
};

export interface KeyTestEndpoint {
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A GET that costs nothing and that the provider answers to a valid key only. Providers that are not in it have none, or
 * none whose address is known without a resource, a region or a project.
 */
export const KEY_TEST_ENDPOINTS: Readonly<Record<string, KeyTestEndpoint>> = {
  anthropic: { endpoint: 'v1/models?limit=1', headers: { 'anthropic-version': '2023-06-01' } },
  baseten: { endpoint: 'v1/models' },
  cartesia: { endpoint: 'voices?limit=1', headers: { 'cartesia-version': '2025-04-16' } },
  cerebras: { endpoint: 'models' },
  cohere: { endpoint: 'v1/models?page_size=1' },
  deepgram: { endpoint: 'v1/projects' },
  deepseek: { endpoint: 'models' },
  elevenlabs: { endpoint: 'v1/user' },
  fireworks: { endpoint: 'models' },
  'google-ai-studio': { endpoint: 'v1beta/models?pageSize=1' },
  grok: { endpoint: 'v1/models' },
  groq: { endpoint: 'models' },
  mistral: { endpoint: 'v1/models' },
  openai: { endpoint: 'models' },
  // Its list of models is public.
  openrouter: { endpoint: 'v1/key' },
  replicate: { endpoint: 'account' },
  'workers-ai': { endpoint: 'models/search?per_page=1' },
};
