import { describe, expect, test } from 'vitest';
import { PROVIDER_FORMS } from './provider-forms.ts';
import { CLIENTS, snippetsFor, takesProvider } from './snippets.ts';

const endpoint = { origin: 'https://ai.example', account: 'local', gateway: 'default', needsToken: true };
const BASE = 'https://ai.example/v1/local/default';
const textOf = (...input: Parameters<typeof snippetsFor>): string =>
  snippetsFor(...input)
    .map(({ text }) => text)
    .join('\n');

describe.each(CLIENTS)('%s', (client) => {
  const providers = takesProvider(client) ? PROVIDER_FORMS.map(({ id }) => id) : ['openai'];

  test.each(providers)('with %s has this gateway’s address', (provider) => {
    expect(textOf(client, provider, endpoint)).toContain(`${BASE}/`);
  });

  test('sends a token where one is asked for, and none where not', () => {
    const open = { ...endpoint, needsToken: false };
    // pi knows no gateway without a token: it always sends what stands in CLOUDFLARE_API_KEY.
    if (client === 'pi') {
      expect(textOf(client, 'openai', endpoint)).toContain('CLOUDFLARE_API_KEY="$TIDEGATE_TOKEN"');
      return;
    }
    expect(textOf(client, 'openai', endpoint)).toContain('cf-aig-authorization');
    expect(textOf(client, 'openai', open)).not.toContain('cf-aig-authorization');
  });

  test('leaves no line empty at its end, and no `false` in the text', () => {
    for (const { text } of snippetsFor(client, 'anthropic', { ...endpoint, needsToken: false })) {
      expect(text).not.toMatch(/\n$|false/);
    }
  });
});

test('an unknown provider is the first one', () => {
  expect(textOf('curl', 'nobody', endpoint)).toBe(textOf('curl', 'openai', endpoint));
});

test.each([
  ['openai', `${BASE}/openai/chat/completions`],
  ['anthropic', `${BASE}/anthropic/v1/messages`],
  ['google-ai-studio', `${BASE}/google-ai-studio/v1beta/models/gemini-2.5-flash:generateContent`],
  ['mistral', `${BASE}/mistral/v1/chat/completions`],
  ['groq', `${BASE}/groq/chat/completions`],
])('curl asks %s at %s', (provider, url) =>
  expect(textOf('curl', provider, endpoint)).toContain(`curl ${url} `),
);

test.each(['openclaw', 'opencode', 'pi'] as const)('the file of %s is JSON', (client) => {
  const file = snippetsFor(client, 'openai', endpoint).find(({ text }) => text.startsWith('{'));
  expect(() => JSON.parse(file?.text ?? '')).not.toThrow();
});
