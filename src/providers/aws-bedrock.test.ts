import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findHeader, type HeaderList } from '../core/headers.ts';
import type { AuthorizeServices, Outgoing } from '../core/provider.ts';
import { awsBedrock } from './aws-bedrock.ts';

const NOW = Date.UTC(2026, 9, 8, 12, 30, 15);
const SERVICES: AuthorizeServices = {
  nowMs: NOW,
  postForm: () => Promise.reject(new Error('no exchange is needed for AWS')),
};
const SECRET = {
  accessKeyId: 'TESTACCESSKEYID',
  secretAccessKey: 'test-secret-access-key',
  region: 'us-east-1',
};

class Sha256 {
  #hash;
  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }
  update(data: unknown): void {
    this.#hash.update(data as Buffer);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}

interface Case {
  readonly host: string;
  readonly path: string;
  readonly service?: string;
  readonly region?: string;
  readonly sessionToken?: string;
  readonly body?: Buffer | null;
  readonly method?: string;
}

const outgoing = (given: Case, headers: HeaderList = []): Outgoing => ({
  method: given.method ?? 'POST',
  origin: `https://${given.host}`,
  path: given.path,
  headers,
  body: given.body === undefined ? Buffer.from('{"messages":[]}') : given.body,
});

/** Authorization by AWS's own signer, for the same request at the same moment. */
async function bySdk(given: Case, contentHash: string): Promise<string> {
  const [path = '', search = ''] = given.path.split('?');
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) query[name] = value;
  const signer = new SignatureV4({
    service: given.service ?? 'bedrock',
    region: given.region ?? 'us-east-1',
    credentials: {
      accessKeyId: SECRET.accessKeyId,
      secretAccessKey: SECRET.secretAccessKey,
      ...(given.sessionToken === undefined ? {} : { sessionToken: given.sessionToken }),
    },
    sha256: Sha256 as never,
  });
  const signed = await signer.sign(
    {
      method: given.method ?? 'POST',
      protocol: 'https:',
      hostname: given.host,
      path,
      query,
      headers: { host: given.host, 'x-amz-content-sha256': contentHash },
      body: given.body === undefined ? '{"messages":[]}' : (given.body ?? undefined),
    },
    { signingDate: new Date(NOW) },
  );
  return signed.headers.authorization!;
}

const CASES: readonly Case[] = [
  {
    host: 'bedrock-runtime.us-east-1.amazonaws.com',
    path: '/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse',
  },
  {
    host: 'bedrock-runtime.us-east-1.amazonaws.com',
    path: '/model/anthropic.claude-3-haiku-20240307-v1:0/converse',
  },
  {
    host: 'bedrock-runtime.eu-west-1.amazonaws.com',
    region: 'eu-west-1',
    path: '/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A123%3Ainference-profile%2Fx.y-v1%3A0/converse-stream',
  },
  {
    host: 'bedrock-runtime.us-east-1.amazonaws.com',
    path: '/model/m/invoke',
    sessionToken: 'test-session-token',
  },
  { host: 'bedrock-runtime.us-east-1.amazonaws.com', path: "/model/a(b)!c*d'e/invoke?b=2&a=1%20x&c=" },
  {
    host: 'bedrock-runtime.us-east-1.amazonaws.com',
    path: '/model/m/invoke',
    body: Buffer.from([0, 255, 128, 7]),
  },
  { host: 'bedrock-runtime.us-east-1.amazonaws.com', path: '/model/m', method: 'GET', body: null },
  { host: 'bedrock-mantle.us-east-1.api.aws', path: '/anthropic/v1/messages', service: 'bedrock-mantle' },
  { host: 'proxy.example.com', path: '/model/m/converse' },
];

describe('Bedrock with stored AWS credentials', () => {
  it.each(CASES)('signs $host$path as AWS’s own signer does', async (given) => {
    const secret = JSON.stringify({ ...SECRET, sessionToken: given.sessionToken });
    const signed = await awsBedrock.authorize!(outgoing(given), secret, SERVICES);
    const contentHash = findHeader(signed.headers, 'x-amz-content-sha256')!;
    expect(contentHash).toBe(
      createHash('sha256')
        .update(given.body === undefined ? '{"messages":[]}' : (given.body ?? ''))
        .digest('hex'),
    );
    expect(findHeader(signed.headers, 'authorization')).toBe(await bySdk(given, contentHash));
    expect(findHeader(signed.headers, 'x-amz-date')).toBe('20261008T123015Z');
    expect(findHeader(signed.headers, 'x-amz-security-token')).toBe(given.sessionToken ?? null);
    expect(signed.path).toBe(given.path);
    expect(signed.origin).toBe(`https://${given.host}`);
  });

  it('signs any model id as AWS’s own signer does, and leaves its bytes alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 20 }), async (id) => {
        fc.pre(id !== '.' && id !== '..');
        const given = {
          host: 'bedrock-runtime.us-east-1.amazonaws.com',
          path: `/model/${encodeURIComponent(id)}/converse`,
        };
        const signed = await awsBedrock.authorize!(outgoing(given), JSON.stringify(SECRET), SERVICES);
        const contentHash = findHeader(signed.headers, 'x-amz-content-sha256')!;
        expect(findHeader(signed.headers, 'authorization')).toBe(await bySdk(given, contentHash));
        expect(signed.path).toBe(given.path);
      }),
      { numRuns: 100 },
    );
  });

  it('takes the region from the host of a VPC endpoint, else from the key', async () => {
    const vpc = {
      host: 'vpce-1.bedrock-runtime.ap-southeast-2.vpce.amazonaws.com',
      path: '/model/m/converse',
    };
    const secret = JSON.stringify(SECRET);
    const scope = async (given: Case): Promise<string> =>
      findHeader((await awsBedrock.authorize!(outgoing(given), secret, SERVICES)).headers, 'authorization')!;
    expect(await scope(vpc)).toContain('/ap-southeast-2/bedrock/aws4_request');
    expect(await scope({ host: '127.0.0.1:9', path: '/model/m/converse' })).toContain(
      '/us-east-1/bedrock/aws4_request',
    );
    expect(await scope({ host: '127.0.0.1:9', path: '/anthropic/v1/messages' })).toContain(
      '/us-east-1/bedrock-mantle/',
    );
  });

  it('replaces the client’s signature and keeps the other headers in order', async () => {
    const headers = [
      'Content-Type',
      'application/json',
      'Authorization',
      'AWS4-HMAC-SHA256 Credential=x',
      'X-Amz-Date',
      '20200101T000000Z',
      'X-Amz-Security-Token',
      'old',
      'amz-sdk-request',
      'attempt=1',
      'X-Amzn-Bedrock-Trace',
      'ENABLED',
    ];
    const given = { host: 'bedrock-runtime.us-east-1.amazonaws.com', path: '/model/m/converse' };
    const signed = await awsBedrock.authorize!(outgoing(given, headers), JSON.stringify(SECRET), SERVICES);
    const names = signed.headers.filter((_, index) => index % 2 === 0);
    expect(names).toEqual([
      'Content-Type',
      'X-Amzn-Bedrock-Trace',
      'authorization',
      'x-amz-date',
      'x-amz-content-sha256',
    ]);
    expect(headers).toHaveLength(12);
  });

  it('leaves the payload of a body that streams through unsigned', async () => {
    const given = { host: 'bedrock-runtime.us-east-1.amazonaws.com', path: '/model/m/invoke', body: null };
    const signed = await awsBedrock.authorize!(outgoing(given), JSON.stringify(SECRET), SERVICES);
    expect(findHeader(signed.headers, 'x-amz-content-sha256')).toBe('UNSIGNED-PAYLOAD');
  });

  it('names the field that a stored key lacks', () => {
    const given = { host: '127.0.0.1:9', path: '/model/m/converse' };
    const run = (secret: string): unknown => awsBedrock.authorize!(outgoing(given), secret, SERVICES);
    expect(() => run('{"accessKeyId":"a"}')).toThrow(/lacks `secretAccessKey`/);
    expect(() => run('{"accessKeyId":"a","secretAccessKey":"b"}')).toThrow(/lacks `region`/);
    expect(() => run('{"accessKeyId":')).toThrow(/begins like a JSON object/);
  });

  it('lets a stored key replace a signature, not a bearer', () => {
    expect(awsBedrock.yieldsToStored!('AWS4-HMAC-SHA256 Credential=…')).toBe(true);
    expect(awsBedrock.yieldsToStored!('Bearer test-key')).toBe(false);
  });
});

describe('Bedrock API keys', () => {
  const runtime = { host: 'bedrock-runtime.us-east-1.amazonaws.com', path: '/model/m/converse' };
  const mantle = { host: 'bedrock-mantle.us-east-1.api.aws', path: '/anthropic/v1/messages' };

  it('go as a bearer, and as x-api-key to Mantle’s Anthropic paths', async () => {
    const one = await awsBedrock.authorize!(
      outgoing(runtime, ['X-Amz-Date', 'x']),
      'test-bedrock-key',
      SERVICES,
    );
    expect(one.headers).toEqual(['authorization', 'Bearer test-bedrock-key']);
    const two = await awsBedrock.authorize!(
      outgoing(mantle, ['Authorization', 'x']),
      'test-bedrock-key',
      SERVICES,
    );
    expect(two.headers).toEqual(['x-api-key', 'test-bedrock-key']);
  });

  it('of the client move from bearer to x-api-key on Mantle’s Anthropic paths only', async () => {
    const adapt = (given: Case, value: string): Outgoing =>
      awsBedrock.adaptClientCredential!(outgoing(given, ['Authorization', value]), SERVICES) as Outgoing;
    expect(adapt(mantle, 'Bearer test-key').headers).toEqual(['x-api-key', 'test-key']);
    expect(adapt(runtime, 'Bearer test-key').headers).toEqual(['Authorization', 'Bearer test-key']);
    expect(adapt(mantle, 'AWS4-HMAC-SHA256 Credential=x').headers).toEqual([
      'Authorization',
      'AWS4-HMAC-SHA256 Credential=x',
    ]);
    expect(adapt({ ...mantle, path: '/openai/v1/responses' }, 'Bearer k').headers).toEqual([
      'Authorization',
      'Bearer k',
    ]);
  });
});
