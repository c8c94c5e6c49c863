import { GatewayError } from '../core/errors.ts';
import { findHeader, setHeader, withoutHeaders } from '../core/headers.ts';
import type { Address, Outgoing, Provider } from '../core/provider.ts';
import { decodeSegment, hostLabel, readEndpoint, splitEndpoint } from './endpoint.ts';
import { overrideAddress } from './hosted.ts';
import { isAwsSignatureHeader, signAws } from './sign-aws.ts';
import { optionalText, readSecretObject, requiredText } from './stored-secret.ts';

const FORM = '{"accessKeyId":"…","secretAccessKey":"…","region":"…","sessionToken":"…"}';
const REGION = /^[a-z]{2,5}(?:-[a-z]+){1,3}-\d{1,2}$/;

/** Services that a path may name: their hosts, and nothing else of AWS, get a stored credential. */
const HOSTS = {
  'bedrock-runtime': (region: string) =>
    `bedrock-runtime.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`,
  'bedrock-mantle': (region: string) => `bedrock-mantle.${region}.api.aws`,
} as const;

function isService(name: string): name is keyof typeof HOSTS {
  return Object.hasOwn(HOSTS, name);
}

function regionOf(name: string | null | undefined): string {
  const region = hostLabel(name ?? undefined, 'AWS region');
  if (!REGION.test(region)) {
    throw new GatewayError(
      'invalid-provider',
      'The path names no AWS region: aws-bedrock/{service}/{region}/… is expected',
    );
  }
  return region;
}

/** Service, region and AWS path. `model/…` alone is bedrock-runtime in the region of the stored key. */
function target(
  path: string,
  storedSecret: string | null,
): { service: keyof typeof HOSTS; region: string; rest: string } {
  const [service = '', region, ...rest] = path.split('/');
  if (isService(service)) return { service, region: regionOf(region), rest: rest.join('/') };
  const secret = storedSecret === null ? null : readSecretObject(storedSecret);
  const stored = secret && optionalText(secret, 'region');
  if (service === 'model' && stored)
    return { service: 'bedrock-runtime', region: regionOf(stored), rest: path };
  throw new GatewayError(
    'invalid-provider',
    `aws-bedrock/{service}/{region}/… is expected, with one of the services ${Object.keys(HOSTS).join(', ')}`,
  );
}

const pathOf = (outgoing: Outgoing): string => outgoing.path.split('?', 1)[0]!;
/** Only Mantle has Anthropic's own paths. They take a Bedrock API key where Anthropic takes its own. */
const isMantleMessages = (outgoing: Outgoing): boolean => /\/anthropic\//.test(pathOf(outgoing));

function withBearer(outgoing: Outgoing, key: string): Outgoing {
  const headers = withoutHeaders(outgoing.headers, isAwsSignatureHeader);
  return {
    ...outgoing,
    headers: isMantleMessages(outgoing)
      ? setHeader(headers, 'x-api-key', key)
      : setHeader(headers, 'authorization', `Bearer ${key}`),
  };
}

export const awsBedrock: Provider = {
  id: 'aws-bedrock',
  name: 'Amazon Bedrock',
  baseUrl: null,
  credential: { header: 'authorization', prefix: 'Bearer ' },
  credentialHeaders: ['authorization', 'x-api-key'],
  dialect(endpoint) {
    const { path } = splitEndpoint(endpoint);
    if (/(?:^|\/)anthropic\/v\d/.test(path)) return 'anthropic';
    return /(?:^|\/)model\//.test(path) ? 'bedrock' : 'openai';
  },
  modelFromPath(endpoint) {
    const match = /(?:^|\/)model\/([^/]+)/.exec(splitEndpoint(endpoint).path);
    return match ? decodeSegment(match[1]!) : null;
  },
  address({ endpoint, baseUrl, storedSecret }): Address {
    const { path, query } = readEndpoint(endpoint);
    const { service, region, rest } = target(path, storedSecret);
    if (baseUrl !== null) return overrideAddress(baseUrl, rest, query);
    return { origin: `https://${HOSTS[service](region)}`, path: `/${rest}${query}` };
  },
  // SDKs cannot leave their signature out, and one over the gateway's own address is worth nothing upstream.
  yieldsToStored: (headerValue) => headerValue.startsWith('AWS4-HMAC-SHA256'),
  authorize(outgoing, secret, { nowMs }) {
    const object = readSecretObject(secret);
    if (object === null) return withBearer(outgoing, secret);
    // Behind an operator's base URL the host may be silent about service and region (a VPC endpoint names them).
    const host = /(?:^|[./])(bedrock-runtime|bedrock-mantle)\.([a-z0-9-]+)\./.exec(outgoing.origin);
    const mantle = host ? host[1] === 'bedrock-mantle' : !/\/model\//.test(pathOf(outgoing));
    return signAws(
      { ...outgoing, headers: withoutHeaders(outgoing.headers, (name) => name === 'x-api-key') },
      {
        accessKeyId: requiredText(object, 'accessKeyId', FORM),
        secretAccessKey: requiredText(object, 'secretAccessKey', FORM),
        sessionToken: optionalText(object, 'sessionToken'),
      },
      {
        service: mantle ? 'bedrock-mantle' : 'bedrock',
        region: host?.[2] ?? regionOf(requiredText(object, 'region', FORM)),
        nowMs,
      },
    );
  },
  adaptClientCredential(outgoing) {
    if (!isMantleMessages(outgoing)) return outgoing;
    const bearer = /^bearer\s+(.+)$/i.exec(findHeader(outgoing.headers, 'authorization') ?? '');
    return bearer ? withBearer(outgoing, bearer[1]!) : outgoing;
  },
};
