import { GatewayError } from '../core/errors.ts';
import { setHeader, withoutHeaders } from '../core/headers.ts';
import type { Address, AddressInput, Provider } from '../core/provider.ts';
import { decodeSegment, hostLabel, readEndpoint, splitEndpoint } from './endpoint.ts';
import { isVersion, readBase } from './join-address.ts';
import { optionalText, readSecretObject, requiredText } from './stored-secret.ts';

export const AZURE_SECRET_FORM = '{"resource":"…","key":"…"}';

/** Path under `/openai/`, from the segments after the resource. */
function pathUnderOpenai(segments: readonly string[]): string {
  const [first = '', second = ''] = segments;
  if (first === 'openai') return segments.slice(1).join('/');
  if (first === 'deployments' || isVersion(first)) return segments.join('/');
  // An SDK whose base URL ends in the deployment may put the whole path after it again.
  if (second === 'openai') return segments.slice(2).join('/');
  if (second === 'deployments' || isVersion(second)) return segments.slice(1).join('/');
  return `deployments/${segments.join('/')}`;
}

/** Host label of the resource. A stored key that names its resource goes to no other. */
export function azureResource(segment: string | undefined, storedSecret: string | null): string {
  const resource = hostLabel(segment, 'Azure resource');
  const secret = storedSecret === null ? null : readSecretObject(storedSecret);
  const own = secret && optionalText(secret, 'resource');
  if (own && own.toLowerCase() !== resource) {
    throw new GatewayError(
      'invalid-provider',
      'The stored key belongs to another Azure resource than the path names',
    );
  }
  return resource;
}

/** An operator's base stands for `https://{resource}…`; one that ends in the first segment of the path does not double it. */
export function azureAddress(host: string, path: string, baseUrl: string | null): Address {
  if (baseUrl === null) return { origin: `https://${host}`, path: `/${path}` };
  const base = readBase(baseUrl);
  const first = path.split('/', 1)[0]!;
  const rest = base.path.endsWith(`/${first}`) ? path.slice(first.length) : `/${path}`;
  return { origin: base.origin, path: `${base.path}${rest}` };
}

export const azureOpenai: Provider = {
  id: 'azure-openai',
  name: 'Azure OpenAI',
  baseUrl: null,
  credential: { header: 'api-key', prefix: '' },
  credentialHeaders: ['api-key', 'authorization'],
  dialect: () => 'openai',
  modelFromPath(endpoint) {
    const [, ...segments] = splitEndpoint(endpoint).path.split('/');
    const match = /^deployments\/([^/]+)/.exec(pathUnderOpenai(segments));
    return match ? decodeSegment(match[1]!) : null;
  },
  address({ endpoint, baseUrl, storedSecret }: AddressInput) {
    const { path, query } = readEndpoint(endpoint);
    const [resource, ...segments] = path.split('/');
    const host = `${azureResource(resource, storedSecret)}.openai.azure.com`;
    if (segments.length === 0 || segments[0] === '') {
      throw new GatewayError(
        'invalid-provider',
        'The path names no deployment: azure-openai/{resource}/{deployment}/… is expected',
      );
    }
    return azureAddress(host, `openai/${pathUnderOpenai(segments)}${query}`, baseUrl);
  },
  authorize(outgoing, secret) {
    const object = readSecretObject(secret);
    const key = object ? requiredText(object, 'key', AZURE_SECRET_FORM) : secret;
    const headers = withoutHeaders(outgoing.headers, (name) => name === 'authorization');
    return { ...outgoing, headers: setHeader(headers, 'api-key', key) };
  },
};
