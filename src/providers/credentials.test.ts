import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../core/headers.ts';
import type { AuthorizeServices, Outgoing } from '../core/provider.ts';
import type { CustomProvider } from '../core/stores/config.ts';
import { customProvider } from './custom.ts';
import { PROVIDERS } from './registry.ts';

const SERVICES: AuthorizeServices = {
  nowMs: 0,
  postForm: () => Promise.reject(new Error('no exchange is needed')),
};
const request = (path: string, headers: HeaderList = []): Outgoing => ({
  method: 'POST',
  origin: 'https://upstream.example.com',
  path,
  headers,
  body: null,
});

async function stored(
  slug: string,
  secret: string,
  path: string,
  headers: HeaderList = [],
): Promise<HeaderList> {
  return (await PROVIDERS.get(slug)!.authorize!(request(path, headers), secret, SERVICES)).headers;
}

describe('stored keys', () => {
  it('of Azure are a plain key or JSON with the resource', async () => {
    expect(await stored('azure-openai', 'test-key', '/openai/v1/responses')).toEqual(['api-key', 'test-key']);
    expect(await stored('azure-openai', '{"resource":"r","key":"test-key"}', '/openai/v1/responses')).toEqual(
      ['api-key', 'test-key'],
    );
    await expect(
      stored('azure-openai', '{"resource":"r"}', '/x').catch((error: Error) => error.message),
    ).resolves.toMatch(/lacks `key`/);
  });

  it('of Azure Foundry go as x-api-key to Anthropic’s paths and as api-key to the others', async () => {
    expect(await stored('azure', 'test-key', '/anthropic/v1/messages')).toEqual(['x-api-key', 'test-key']);
    expect(await stored('azure', 'test-key', '/models/chat/completions?x=/anthropic/')).toEqual([
      'api-key',
      'test-key',
    ]);
  });

  it('of Google go as a bearer to its OpenAI-shaped endpoints', async () => {
    expect(await stored('google-ai-studio', 'test-key', '/v1beta/models/m:generateContent')).toEqual([
      'x-goog-api-key',
      'test-key',
    ]);
    expect(
      await stored('google-ai-studio', 'test-key', '/v1beta/openai/chat/completions', [
        'x-goog-api-key',
        'old',
      ]),
    ).toEqual(['authorization', 'Bearer test-key']);
  });

  it('of Workers AI are a plain token or JSON with the account', async () => {
    expect(await stored('workers-ai', 'test-token', '/x')).toEqual(['authorization', 'Bearer test-token']);
    expect(await stored('workers-ai', '{"account_id":"a","api_token":"test-token"}', '/x')).toEqual([
      'authorization',
      'Bearer test-token',
    ]);
  });
});

describe('a custom provider', () => {
  const config: CustomProvider = {
    id: 'c1',
    account: 'local',
    slug: 'custom-ai',
    name: 'Mine',
    baseUrl: 'https://llm.example.com/fixed/v1/',
    description: null,
    link: null,
    enable: true,
    beta: false,
    curlExample: null,
    jsExample: null,
    headers: {
      'X-Team': 'search',
      Host: 'evil',
      'Content-Length': '0',
      Authorization: 'Bearer test-configured',
    },
    position: null,
    createdAt: 0,
    modifiedAt: 0,
  };
  const custom = customProvider(config);
  const addressOf = (endpoint: string): unknown =>
    custom.address({ endpoint, baseUrl: null, storedSecret: null, header: () => null });

  it('has the prefix in front of its slug, doubled when the slug has it already', () => {
    expect(custom.id).toBe('custom-custom-ai');
  });

  it('is base URL, slash and rest: no version is put in or taken out', () => {
    expect(addressOf('v1/chat/completions?a=%2F')).toEqual({
      origin: 'https://llm.example.com',
      path: '/fixed/v1/v1/chat/completions?a=%2F',
    });
    expect(() => addressOf('../admin')).toThrow(/segment/);
  });

  it('puts its headers on every request, without touching framing or a key that is there', async () => {
    const anonymous = await custom.adaptClientCredential!(request('/x'), SERVICES);
    expect(anonymous.headers).toEqual(['X-Team', 'search', 'Authorization', 'Bearer test-configured']);
    const own = await custom.adaptClientCredential!(
      request('/x', ['authorization', 'Bearer test-own']),
      SERVICES,
    );
    expect(own.headers).toEqual(['authorization', 'Bearer test-own', 'X-Team', 'search']);
    const kept = await custom.authorize!(request('/x'), 'test-stored', SERVICES);
    expect(kept.headers).toEqual(['authorization', 'Bearer test-stored', 'X-Team', 'search']);
  });

  it('reads the shape from the path', () => {
    expect(custom.dialect('v1/messages')).toBe('anthropic');
    expect(custom.dialect('v1beta/models/m:generateContent')).toBe('google');
    expect(custom.modelFromPath!('v1beta/models/m:generateContent')).toBe('m');
    expect(custom.dialect('v1/chat/completions')).toBe('openai');
  });
});
