import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../core/errors.ts';
import type { Address, Provider } from '../core/provider.ts';
import { customProvider } from './custom.ts';
import { PROVIDERS } from './registry.ts';

const CUSTOM = customProvider({
  id: 'c1',
  account: 'local',
  slug: 'mine',
  name: 'Mine',
  baseUrl: 'https://llm.example.com/fixed/prefix',
  description: null,
  link: null,
  enable: true,
  beta: false,
  curlExample: null,
  jsExample: null,
  headers: {},
  position: null,
  createdAt: 0,
  modifiedAt: 0,
});

/** Hosts that belong to each provider whose host is made from the path, and the fixed ones of the others. */
const OWN_ORIGINS: Readonly<Record<string, RegExp>> = {
  'aws-bedrock':
    /^https:\/\/bedrock-(?:runtime\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?|mantle\.[a-z0-9-]+\.api\.aws)$/,
  azure: /^https:\/\/[a-z0-9-]+\.services\.ai\.azure\.com$/,
  'azure-openai': /^https:\/\/[a-z0-9-]+\.openai\.azure\.com$/,
  'google-vertex-ai': /^https:\/\/(?:[a-z0-9-]+-)?aiplatform\.(?:(?:us|eu)\.rep\.)?googleapis\.com$/,
  baseten: /^https:\/\/(?:inference\.baseten\.co|model-[a-z0-9-]+\.api\.baseten\.co)$/,
  fal: /^https:\/\/(?:fal\.run|(?:[a-z0-9-]+\.)+fal\.(?:run|ai))$/,
};

const ALL: readonly Provider[] = [...new Set(PROVIDERS.values()), CUSTOM];
const STORED: Readonly<Record<string, string>> = {
  'workers-ai': '{"account_id":"0123456789abcdef","api_token":"test-token"}',
};

function addressOf(
  provider: Provider,
  endpoint: string,
  baseUrl: string | null,
  header: string | null = null,
): Address {
  return provider.address({
    endpoint,
    baseUrl,
    storedSecret: STORED[provider.id] ?? null,
    header: (name) => (name === 'x-fal-target-url' ? header : null),
  });
}

function kindOfRefusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof GatewayError ? error.kind : 'other';
  }
  return 'none';
}

const piece = fc.constantFrom(
  ...[
    '..',
    '.',
    '%2e%2e',
    '%2E',
    '%2f',
    '%5c',
    '/',
    '//',
    '\\',
    '@',
    ':',
    '#',
    '?',
    ' ',
    '\r\n',
    '\u0000',
    ';',
    '&',
  ],
  ...[
    'v1',
    'v1beta',
    'openai',
    'model',
    'models',
    'locations',
    'bedrock-runtime',
    'us-east-1',
    'evil.com',
    'a',
    '%00',
  ],
  ...['@cf', 'deployments', 'publishers', 'http:', 'https:', 'localhost:80', '[::1]', 'é', '\ud800', '%'],
);
const hostile = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('/')),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

/** What a server that decodes and resolves makes of a path, as far as leaving the base goes. */
function depthsOf(path: string): number[] {
  let depth = 0;
  const decoded = path.split('?', 1)[0]!.replace(/%2e/gi, '.').replace(/%2f/gi, '/').replace(/%5c/gi, '/');
  return decoded.split('/').map((segment) => {
    if (segment === '..') depth--;
    else if (segment !== '' && segment !== '.') depth++;
    return depth;
  });
}

describe('hostile endpoints', () => {
  it('no endpoint chooses another origin, leaves the base path, or breaks the request line', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL), hostile, (provider, endpoint) => {
        let address: Address;
        try {
          address = addressOf(provider, endpoint, null);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
          return;
        }
        const own = OWN_ORIGINS[provider.id];
        if (own) expect(address.origin).toMatch(own);
        else expect(address.origin).toBe(new URL(provider.baseUrl!.replace(/[{}]/g, '')).origin);
        expect(address.path).toMatch(/^\/(?!\/)[\x21-\x7e\x80-\xff]*$/);
        expect(address.path).not.toContain('#');
        expect(Math.min(...depthsOf(address.path))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 3000 },
    );
  });

  it('under an operator’s base URL every path stays under its path', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL),
        hostile,
        fc.constantFrom('/a/v1', '/a/b', '/x/ai/run'),
        (provider, endpoint, base) => {
          let address: Address;
          try {
            address = addressOf(provider, endpoint, `https://proxy.example.com:8443${base}`);
          } catch (error) {
            expect(error).toBeInstanceOf(GatewayError);
            return;
          }
          expect(address.origin).toBe('https://proxy.example.com:8443');
          // Workers AI has two folders side by side: …/ai/run and …/ai/v1.
          const kept = base.endsWith('/ai/run') && provider.id === 'workers-ai' ? '/x/ai' : base;
          expect(address.path.startsWith(`${kept}/`) || address.path.split('?')[0] === kept).toBe(true);
          const floor = kept.split('/').length - 1;
          expect(Math.min(...depthsOf(address.path).slice(floor))).toBeGreaterThanOrEqual(floor);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['aws-bedrock', (name: string) => `bedrock-runtime/${name}/model/m/converse`],
    ['aws-bedrock', (name: string) => `${name}/us-east-1/model/m/converse`],
    ['azure-openai', (name: string) => `${name}/dep/chat/completions`],
    ['azure', (name: string) => `${name}/anthropic/v1/messages`],
    [
      'google-vertex-ai',
      (name: string) => `v1/projects/p/locations/${name}/publishers/google/models/m:generateContent`,
    ],
    ['baseten', (name: string) => `model/${name}`],
  ])('%s: a name that becomes part of a host is letters, digits and hyphens', (slug, endpointOf) => {
    const provider = PROVIDERS.get(slug)!;
    for (const name of [
      'evil.com',
      'x@y',
      'a.b',
      'x:80',
      'x%2f',
      '%2f',
      '-',
      'a_b',
      'a%00',
      'é',
      '-a',
      'a'.repeat(64),
    ]) {
      expect
        .soft(
          kindOfRefusal(() => addressOf(provider, endpointOf(name), null)),
          name,
        )
        .toBe('invalid-provider');
    }
    expect(kindOfRefusal(() => addressOf(provider, endpointOf('..'), null))).toBe('invalid-path');
  });

  it('services of AWS other than Bedrock’s two are refused', () => {
    for (const service of ['iam', 's3', 'bedrock', 'sts', 'constructor', '__proto__', 'toString']) {
      const run = (): Address => addressOf(PROVIDERS.get('aws-bedrock')!, `${service}/us-east-1/x`, null);
      expect(kindOfRefusal(run)).toBe('invalid-provider');
    }
  });

  it.each([
    'http://fal.run/x',
    'https://evil.com/x',
    'https://fal.run.evil.com/x',
    'https://evilfal.run/x',
    'https://fal.run@evil.com/x',
    'https://fal.run:8443/x',
    'https://evil.com#.fal.run/',
    'https://fal.ai.evil.com',
    '//fal.run/x',
    'https://fal.run\\@evil.com/',
    'https://user:pw@fal.run/',
    '',
  ])('fal: the target %s is refused', (target) => {
    expect(kindOfRefusal(() => addressOf(PROVIDERS.get('fal')!, 'x', null, target))).toBe('invalid-provider');
  });

  it('fal: a target keeps its path checks and gives way to the operator’s base URL', () => {
    const fal = PROVIDERS.get('fal')!;
    expect(kindOfRefusal(() => addressOf(fal, '', null, 'https://fal.run/a/../b'))).toBe('invalid-path');
    expect(addressOf(fal, '', 'http://127.0.0.1:9', 'https://queue.fal.run/a/b')).toEqual({
      origin: 'http://127.0.0.1:9',
      path: '/a/b',
    });
  });

  it('dialect and model are read from any string without throwing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL), hostile, (provider, endpoint) => {
        expect(typeof provider.dialect(endpoint)).toBe('string');
        const model = provider.modelFromPath?.(endpoint) ?? null;
        expect(model === null || model.length > 0).toBe(true);
      }),
    );
  });
});
