import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROVIDER_ALIASES } from './aliases.ts';
import { registrySource } from './generate-registry.ts';
import { EXAMPLE_ENDPOINTS, overrideVariable, withProviderTable } from './provider-table.ts';
import { PROVIDERS } from './registry.ts';

const folder = new URL('./', import.meta.url);

describe('the provider registry', () => {
  it('is what the generator makes of the provider files', () => {
    expect(readFileSync(new URL('registry.ts', folder), 'utf8')).toBe(registrySource(folder));
  });

  it('is what docs/providers.md shows', () => {
    const page = readFileSync(new URL('../../docs/providers.md', folder), 'utf8');
    expect(withProviderTable(page)).toBe(page);
  });

  it('finds every provider by its id, and by its aliases', () => {
    for (const [slug, provider] of PROVIDERS) expect(provider.id).toBe(PROVIDER_ALIASES[slug] ?? slug);
    expect(PROVIDERS.get('xai')).toBe(PROVIDERS.get('grok'));
    expect(PROVIDERS.get('constructor')).toBeUndefined();
  });

  it('has every slug of the hosted gateway whose upstream is known', () => {
    const slugs =
      'workers-ai anthropic aws-bedrock azure-openai google-vertex-ai huggingface openai perplexity-ai replicate groq cohere google-ai-studio mistral grok openrouter deepseek cerebras cartesia elevenlabs azure baseten deepgram fal ideogram parallel fireworks xai';
    expect(slugs.split(' ').filter((slug) => !PROVIDERS.has(slug))).toEqual([]);
  });

  it('shows an example for every provider and none besides', () => {
    expect(Object.keys(EXAMPLE_ENDPOINTS).sort()).toEqual(
      [...new Set([...PROVIDERS.values()].map(({ id }) => id))].sort(),
    );
  });

  it('shows examples that name an upstream', () => {
    const storedSecret = '{"account_id":"0123456789abcdef","api_token":"test-token"}';
    for (const [id, endpoint] of Object.entries(EXAMPLE_ENDPOINTS)) {
      const input = {
        endpoint,
        baseUrl: null,
        storedSecret: id === 'workers-ai' ? storedSecret : null,
        header: () => null,
      };
      expect(PROVIDERS.get(id)!.address(input).origin).toMatch(/^https:/);
    }
  });

  it('names credential headers in lower case, the one it writes among them', () => {
    for (const { credential, credentialHeaders } of PROVIDERS.values()) {
      expect(credentialHeaders).toContain(credential.header);
      for (const name of credentialHeaders) expect(name).toBe(name.toLowerCase());
    }
  });

  it('spells the variable of a base URL with underscores', () => {
    expect(overrideVariable('google-ai-studio')).toBe('TIDEGATE_PROVIDER_GOOGLE_AI_STUDIO_URL');
  });
});
