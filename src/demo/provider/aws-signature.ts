import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ProviderRequest } from './provider-request.ts';

/** Checks a Signature Version 4 over the request as it arrived. */
export function isSignedWith(secretKey: string, request: ProviderRequest): boolean {
  const written = String(request.headers.authorization ?? '');
  const match =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(
      written,
    );
  if (!match) return false;
  const [, scope = '', signedHeaders = '', signature = ''] = match;
  const [path = '', query = ''] = request.url.split('?');
  const canonical = [
    request.method,
    // Every service but S3 signs the path encoded once more than it is sent.
    path.split('/').map(encodeOnce).join('/'),
    query.split('&').sort().join('&'),
    ...signedHeaders.split(';').map((name) => `${name}:${trimmed(request.headers[name])}`),
    '',
    signedHeaders,
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
  const toSign = [
    'AWS4-HMAC-SHA256',
    trimmed(request.headers['x-amz-date']),
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  const key = scope
    .split('/')
    .reduce<Buffer | string>(
      (soFar, part) => createHmac('sha256', soFar).update(part).digest(),
      `AWS4${secretKey}`,
    );
  const expected = createHmac('sha256', key).update(toSign).digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function encodeOnce(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function trimmed(value: string | string[] | undefined): string {
  return String(value ?? '')
    .trim()
    .replace(/ +/g, ' ');
}
