import type { Provider } from '../core/provider.ts';
import { PROVIDER_ALIASES } from './aliases.ts';
import { PROVIDERS } from './registry.ts';

/** One working endpoint of each provider, as a client writes it after the slug. */
export const EXAMPLE_ENDPOINTS: Readonly<Record<string, string>> = {
  anthropic: 'v1/messages',
  'aws-bedrock': 'bedrock-runtime/us-east-1/model/amazon.nova-lite-v1%3A0/converse',
  azure: 'my-resource/anthropic/v1/messages',
  'azure-openai': 'my-resource/my-deployment/chat/completions?api-version=2024-10-21',
  baseten: 'v1/chat/completions',
  cartesia: 'tts/bytes',
  cerebras: 'chat/completions',
  cohere: 'v2/chat',
  deepgram: 'v1/listen?model=nova-3',
  deepseek: 'chat/completions',
  elevenlabs: 'v1/text-to-speech/my-voice?output_format=mp3_44100_128',
  fal: 'fal-ai/fast-sdxl',
  fireworks: 'chat/completions',
  'google-ai-studio': 'v1beta/models/gemini-2.5-flash:generateContent',
  'google-vertex-ai':
    'v1/projects/my-project/locations/us-central1/publishers/google/models/gemini-2.5-flash:generateContent',
  grok: 'v1/chat/completions',
  groq: 'chat/completions',
  huggingface: 'facebook/bart-large-cnn',
  ideogram: 'v1/ideogram-v3/generate',
  mistral: 'v1/chat/completions',
  openai: 'chat/completions',
  openrouter: 'v1/chat/completions',
  parallel: 'v1/tasks/runs',
  'perplexity-ai': 'chat/completions',
  replicate: 'predictions',
  'workers-ai': '@cf/meta/llama-3.1-8b-instruct',
};

/** Upstream of the providers whose address is made from the path, as people write it. */
const MADE_FROM_PATH: Readonly<Record<string, string>> = {
  'aws-bedrock': 'https://{service}.{region}.amazonaws.com',
  azure: 'https://{resource}.services.ai.azure.com',
  'azure-openai': 'https://{resource}.openai.azure.com/openai',
  'google-vertex-ai': 'https://{region}-aiplatform.googleapis.com',
};

/** Name of the variable that sets a provider's base URL for the process. */
export function overrideVariable(id: string): string {
  return `TIDEGATE_PROVIDER_${id.replaceAll('-', '_').toUpperCase()}_URL`;
}

function slugs(provider: Provider): string {
  const aliases = Object.keys(PROVIDER_ALIASES).filter((alias) => PROVIDER_ALIASES[alias] === provider.id);
  return [provider.id, ...aliases].map((slug) => `\`${slug}\``).join(', ');
}

function row(provider: Provider): string {
  const { header, prefix } = provider.credential;
  const cells = [
    provider.name,
    slugs(provider),
    `\`${provider.baseUrl ?? MADE_FROM_PATH[provider.id]}\``,
    `\`${EXAMPLE_ENDPOINTS[provider.id]}\``,
    `\`${header}: ${prefix}…\``,
    `\`${overrideVariable(provider.id)}\``,
  ];
  return `| ${cells.join(' | ')} |`;
}

export function providerTable(): string {
  const providers = [...new Set(PROVIDERS.values())];
  return [
    '| Provider | Slug | Default base | Example after the slug | Key goes in | Base URL variable |',
    '| --- | --- | --- | --- | --- | --- |',
    ...providers.map(row),
  ].join('\n');
}

const START = '<!-- providers -->';
const END = '<!-- /providers -->';

/** The page with the table between its marks brought up to date. */
export function withProviderTable(page: string): string {
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  return `${page.slice(0, start + START.length)}\n${providerTable()}\n${page.slice(end)}`;
}
