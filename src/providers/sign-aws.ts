import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { withoutHeaders } from '../core/headers.ts';
import type { Outgoing } from '../core/provider.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
}

export interface AwsScope {
  /** Name in the signature, not in the host: `bedrock` for bedrock-runtime. */
  readonly service: string;
  readonly region: string;
  readonly nowMs: number;
}

// Derived signing keys by secret, day, region and service: four HMACs saved on every request.
const derivedKeys = new Map<string, ArrayBuffer>();
const DERIVED_LIMIT = 500;

/** What an AWS SDK put on for its own signature. `x-amzn-*` (Bedrock's own headers) are not among them. */
export function isAwsSignatureHeader(lowerName: string): boolean {
  return lowerName === 'authorization' || lowerName.startsWith('x-amz-') || lowerName.startsWith('amz-sdk-');
}

/** Signs with Signature Version 4. Host, date, token and payload hash are signed; everything else may change on its way. */
export async function signAws(
  outgoing: Outgoing,
  credentials: AwsCredentials,
  scope: AwsScope,
): Promise<Outgoing> {
  if (derivedKeys.size > DERIVED_LIMIT) derivedKeys.clear();
  const signer = new AwsV4Signer({
    method: outgoing.method,
    url: outgoing.origin + outgoing.path,
    headers: { 'x-amz-content-sha256': payloadHash(outgoing) },
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey,
    ...(credentials.sessionToken === null ? {} : { sessionToken: credentials.sessionToken }),
    service: scope.service,
    region: scope.region,
    cache: derivedKeys,
    datetime: new Date(scope.nowMs).toISOString().replace(/[:-]|\.\d{3}/g, ''),
  });
  const signed = await signer.sign();
  const headers = withoutHeaders(outgoing.headers, isAwsSignatureHeader);
  for (const name of ['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token']) {
    const value = signed.headers.get(name);
    if (value !== null) headers.push(name, value);
  }
  // The signer percent-encodes what no URL may hold; what was signed is what is sent.
  return { ...outgoing, headers, path: signed.url.pathname + signed.url.search };
}

function payloadHash({ method, body }: Outgoing): string {
  // A body that streams through is not known when the head is signed.
  if (body === null && method !== 'GET' && method !== 'HEAD' && method !== 'DELETE')
    return 'UNSIGNED-PAYLOAD';
  return createHash('sha256')
    .update(body ?? '')
    .digest('hex');
}
