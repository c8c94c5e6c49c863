import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { findHeader } from '../core/headers.ts';
import type { AuthorizeServices, Outgoing } from '../core/provider.ts';
import { googleVertexAi } from './google-vertex-ai.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const NOW = Date.UTC(2026, 9, 8, 12);
let serial = 0;
/** A key file of its own per test, so that no test finds another's token. */
let keyFile: Record<string, string>;
let exchanges: { url: string; form: Readonly<Record<string, string>> }[];
let answer: () => Promise<{ status: number; body: string }>;

const servicesAt = (nowMs: number): AuthorizeServices => ({
  nowMs,
  postForm(url, form) {
    exchanges.push({ url, form });
    return answer();
  },
});

beforeEach(() => {
  exchanges = [];
  answer = async () => ({
    status: 200,
    body: '{"access_token":"test-access-token","expires_in":3599,"token_type":"Bearer"}',
  });
  keyFile = {
    type: 'service_account',
    project_id: 'project-of-the-file',
    private_key_id: 'kid-1',
    private_key: PEM,
    client_email: `gateway-${++serial}@project.iam.gserviceaccount.com`,
    token_uri: 'https://evil.example.com/token',
    region: 'europe-west4',
  };
});

const REQUEST: Outgoing = {
  method: 'POST',
  origin: 'https://europe-west4-aiplatform.googleapis.com',
  path: '/v1/projects/p/locations/europe-west4/publishers/google/models/m:generateContent',
  headers: ['Content-Type', 'application/json'],
  body: Buffer.from('{}'),
};
const inBearer = (file: unknown): string => `Bearer ${Buffer.from(JSON.stringify(file)).toString('base64')}`;

const addressOf = (
  endpoint: string,
  given: { storedSecret?: string; authorization?: string; baseUrl?: string },
): string => {
  const address = googleVertexAi.address({
    endpoint,
    baseUrl: given.baseUrl ?? null,
    storedSecret: given.storedSecret ?? null,
    header: (name) => (name === 'authorization' ? (given.authorization ?? null) : null),
  });
  return address.origin + address.path;
};

describe('Vertex AI with a service account', () => {
  it('exchanges a stored key file at Google, never where the file points', async () => {
    const sent = await googleVertexAi.authorize!(REQUEST, JSON.stringify(keyFile), servicesAt(NOW));
    expect(findHeader(sent.headers, 'authorization')).toBe('Bearer test-access-token');
    expect(exchanges).toHaveLength(1);
    expect(exchanges[0]!.url).toBe('https://oauth2.googleapis.com/token');
    expect(exchanges[0]!.form.grant_type).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const { payload, protectedHeader } = await jwtVerify(
      exchanges[0]!.form.assertion!,
      createPublicKey(PEM),
      {
        currentDate: new Date(NOW),
      },
    );
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'kid-1' });
    expect(payload).toEqual({
      iss: keyFile.client_email,
      aud: 'https://oauth2.googleapis.com/token',
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      iat: NOW / 1000,
      exp: NOW / 1000 + 3600,
    });
  });

  it('exchanges once for any number of requests, and again five minutes before the token ends', async () => {
    const secret = JSON.stringify(keyFile);
    const at = (nowMs: number): unknown => googleVertexAi.authorize!(REQUEST, secret, servicesAt(nowMs));
    await Promise.all([at(NOW), at(NOW), at(NOW)]);
    await at(NOW + (3599 - 300) * 1000 - 1);
    expect(exchanges).toHaveLength(1);
    await at(NOW + (3599 - 300) * 1000);
    expect(exchanges).toHaveLength(2);
  });

  it('gives no account another’s token, though they share a name or a key', async () => {
    await googleVertexAi.authorize!(REQUEST, JSON.stringify(keyFile), servicesAt(NOW));
    answer = async () => ({ status: 401, body: '{"error":"invalid_grant"}' });
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });
    const forged = JSON.stringify({ ...keyFile, private_key: other.toString() });
    await expect(googleVertexAi.authorize!(REQUEST, forged, servicesAt(NOW))).rejects.toThrow(/answered 401/);
  });

  it('takes the key file from a client’s bearer, in base64', async () => {
    const request = { ...REQUEST, headers: ['Authorization', inBearer(keyFile)] };
    const sent = await googleVertexAi.adaptClientCredential!(request, servicesAt(NOW));
    expect(sent.headers).toEqual(['authorization', 'Bearer test-access-token']);
  });

  it('leaves a client’s access token alone', async () => {
    const headers = ['Authorization', `Bearer ya29.${'a'.repeat(200)}`];
    const sent = await googleVertexAi.adaptClientCredential!({ ...REQUEST, headers }, servicesAt(NOW));
    expect(sent.headers).toEqual(headers);
    expect(exchanges).toHaveLength(0);
  });

  it('sends a stored access token as it is', async () => {
    const sent = await googleVertexAi.authorize!(REQUEST, 'test-access', servicesAt(NOW));
    expect(findHeader(sent.headers, 'authorization')).toBe('Bearer test-access');
  });

  it.each([
    ['a refusal', async () => ({ status: 400, body: '{"error":"invalid_grant"}' }), /answered 400/],
    ['no JSON', async () => ({ status: 200, body: '<html>' }), /answered no JSON/],
    ['JSON without a token', async () => ({ status: 200, body: 'null' }), /gave no token/],
    [
      'a token that would split the header',
      async () => ({ status: 200, body: '{"access_token":"a\\r\\nb: c"}' }),
      /gave no token/,
    ],
    ['no connection', () => Promise.reject(new Error('ECONNREFUSED')), /could not be reached/],
  ])('turns %s into upstream-failed, and tries again next time', async (_, given, message) => {
    answer = given;
    const secret = JSON.stringify(keyFile);
    const attempt = Promise.resolve(googleVertexAi.authorize!(REQUEST, secret, servicesAt(NOW)));
    await expect(attempt).rejects.toMatchObject({
      kind: 'upstream-failed',
      message: expect.stringMatching(message),
    });
    answer = async () => ({ status: 200, body: '{"access_token":"test-second"}' });
    const sent = await googleVertexAi.authorize!(REQUEST, secret, servicesAt(NOW));
    expect(findHeader(sent.headers, 'authorization')).toBe('Bearer test-second');
  });

  it('does not repeat a key that it cannot read', async () => {
    const secret = JSON.stringify({
      ...keyFile,
      private_key: '-----BEGIN PRIVATE KEY-----\nnot a key\n-----END PRIVATE KEY-----',
    });
    const attempt = Promise.resolve(googleVertexAi.authorize!(REQUEST, secret, servicesAt(NOW)));
    await expect(attempt).rejects.toMatchObject({ message: expect.not.stringContaining('not a key') });
  });
});

describe('the region of a service account', () => {
  const long = 'v1/projects/p/locations/us-central1/publishers/google/models/m:generateContent?alt=sse';
  const moved = '/v1/projects/p/locations/europe-west4/publishers/google/models/m:generateContent?alt=sse';

  it('replaces the one in the path, for a stored file and for one in a bearer', () => {
    const expected = `https://europe-west4-aiplatform.googleapis.com${moved}`;
    expect(addressOf(long, { storedSecret: JSON.stringify(keyFile) })).toBe(expected);
    expect(addressOf(long, { authorization: inBearer(keyFile) })).toBe(expected);
    expect(addressOf(long, { storedSecret: JSON.stringify(keyFile), baseUrl: 'http://127.0.0.1:9' })).toBe(
      `http://127.0.0.1:9${moved}`,
    );
  });

  it('completes the short form of the path', () => {
    expect(
      addressOf('v1/publishers/google/models/m:generateContent', { storedSecret: JSON.stringify(keyFile) }),
    ).toBe(
      'https://europe-west4-aiplatform.googleapis.com/v1/projects/project-of-the-file/locations/europe-west4/publishers/google/models/m:generateContent',
    );
  });

  it('may be global', () => {
    expect(addressOf(long, { storedSecret: JSON.stringify({ ...keyFile, region: 'global' }) })).toBe(
      'https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/m:generateContent?alt=sse',
    );
  });

  it('is the path’s when the file names none', () => {
    const { region, ...rest } = keyFile;
    expect(region).toBe('europe-west4');
    expect(addressOf(long, { storedSecret: JSON.stringify(rest) })).toBe(
      `https://us-central1-aiplatform.googleapis.com/${long}`,
    );
  });

  it('cannot choose a host', () => {
    for (const region of ['evil.com/', 'a.b', 'x@y', '..', 'evil.com#']) {
      expect(() => addressOf(long, { authorization: inBearer({ ...keyFile, region }) })).toThrow(
        /names no region/,
      );
    }
  });

  it('refuses a bearer that is another JSON object in base64', () => {
    const other = { hello: 'world'.repeat(40) };
    expect(() => addressOf(long, { authorization: inBearer(other) })).toThrow(
      /something else than a service account/,
    );
  });
});
