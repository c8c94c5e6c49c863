import { GatewayError } from '../core/errors.ts';
import { findHeader, setHeader } from '../core/headers.ts';
import type { AddressInput, Provider } from '../core/provider.ts';
import { hostLabel, readEndpoint, splitEndpoint } from './endpoint.ts';
import { GoogleAccessTokens, type ServiceAccount } from './google-access-token.ts';
import { googleModel } from './google-model.ts';
import { BEARER, overrideAddress } from './hosted.ts';
import { optionalText, readSecretObject, requiredText } from './stored-secret.ts';

const FORM = 'a service account key file with a "region" beside its fields';
const LOCATION = /(^|\/)locations\/([^/]*)/;

interface VertexAccount extends ServiceAccount {
  readonly projectId: string | null;
  readonly region: string | null;
}

function readAccount(object: Readonly<Record<string, unknown>>): VertexAccount {
  return {
    clientEmail: requiredText(object, 'client_email', FORM),
    privateKey: requiredText(object, 'private_key', FORM),
    privateKeyId: optionalText(object, 'private_key_id'),
    projectId: optionalText(object, 'project_id'),
    region: optionalText(object, 'region'),
  };
}

/** A bearer that is a service account in base64; null for an access token or anything else. */
function accountInBearer(headerValue: string | null): VertexAccount | null {
  const value = /^bearer\s+([A-Za-z0-9+/_=-]{100,})$/i.exec(headerValue ?? '')?.[1];
  if (!value) return null;
  const text = Buffer.from(value, 'base64').toString('utf8');
  if (!text.trimStart().startsWith('{')) return null;
  try {
    const object = readSecretObject(text);
    return object && readAccount(object);
  } catch {
    throw new GatewayError('no-provider-key', `The bearer is base64 of something else than ${FORM}`);
  }
}

function storedAccount(secret: string): VertexAccount | null {
  const object = readSecretObject(secret);
  return object && readAccount(object);
}

/** Region of the account in the path: it replaces the one that is there, and fills in the short form that has none. */
function placePath(path: string, account: VertexAccount | null): { path: string; region: string } {
  const location = LOCATION.exec(path);
  if (!account?.region) {
    return { path, region: location ? hostLabel(location[2], 'region') : 'global' };
  }
  const region = hostLabel(account.region, 'region');
  if (location) return { path: path.replace(LOCATION, `$1locations/${region}`), region };
  const short = /^(v\d[a-z0-9]*)\/(publishers|endpoints)\//.exec(path);
  if (!short || !account.projectId) return { path, region };
  const project = encodeURIComponent(account.projectId);
  return {
    path: `${short[1]}/projects/${project}/locations/${region}${path.slice(short[1]!.length)}`,
    region,
  };
}

function hostOf(region: string): string {
  if (region === 'global') return 'aiplatform.googleapis.com';
  if (region === 'us' || region === 'eu') return `aiplatform.${region}.rep.googleapis.com`;
  return `${region}-aiplatform.googleapis.com`;
}

const tokens = new GoogleAccessTokens();

export const googleVertexAi: Provider = {
  id: 'google-vertex-ai',
  name: 'Google Vertex AI',
  baseUrl: null,
  credential: BEARER,
  credentialHeaders: ['authorization', 'x-goog-api-key'],
  credentialQuery: ['key'],
  dialect(endpoint) {
    const { path } = splitEndpoint(endpoint);
    if (/\/endpoints\/openapi(?:\/|$)/.test(path)) return 'openai';
    const publisher = /(?:^|\/)publishers\/([^/]+)\//.exec(path)?.[1];
    if (publisher === 'anthropic') return 'anthropic';
    if (publisher === undefined || publisher === 'google')
      return /:(?:stream)?[rR]awPredict$/.test(path) ? 'anthropic' : 'google';
    return 'openai';
  },
  modelFromPath: (endpoint) => googleModel(endpoint),
  address({ endpoint, baseUrl, header, storedSecret }: AddressInput) {
    const read = readEndpoint(endpoint);
    if (!/^v\d[a-z0-9]*\//.test(read.path)) {
      throw new GatewayError(
        'invalid-provider',
        'google-vertex-ai/v1/projects/{project}/locations/{region}/publishers/{publisher}/models/{model}:{verb} is expected',
      );
    }
    const account =
      storedSecret === null ? accountInBearer(header('authorization')) : storedAccount(storedSecret);
    const { path, region } = placePath(read.path, account);
    if (baseUrl !== null) return overrideAddress(baseUrl, path, read.query);
    return { origin: `https://${hostOf(region)}`, path: `/${path}${read.query}` };
  },
  async authorize(outgoing, secret, services) {
    const account = storedAccount(secret);
    const token = account ? await tokens.get(account, services) : secret;
    return { ...outgoing, headers: setHeader(outgoing.headers, 'authorization', `Bearer ${token}`) };
  },
  async adaptClientCredential(outgoing, services) {
    const account = accountInBearer(findHeader(outgoing.headers, 'authorization'));
    if (!account) return outgoing;
    const token = await tokens.get(account, services);
    return { ...outgoing, headers: setHeader(outgoing.headers, 'authorization', `Bearer ${token}`) };
  },
};
