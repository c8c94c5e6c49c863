import type { DialectId } from '../core/dialect.ts';
import type { Address, AddressInput, Provider } from '../core/provider.ts';
import { readEndpoint, splitEndpoint } from './endpoint.ts';
import { isVersion, joinAddress, readBase, withoutRepeatedVersion } from './join-address.ts';

/** A provider at one address: most of them. Everything optional has the most common value as its default. */
export interface Hosted
  extends Omit<Provider, 'baseUrl' | 'credential' | 'credentialHeaders' | 'dialect' | 'address'> {
  /** Upstream base without the version, without a trailing slash. */
  readonly root: string;
  /** Version segment that is put in where the client's path names none: `v1`. */
  readonly version?: string;
  /** Only paths that this matches get the version; all of them when left out. */
  readonly versionFor?: RegExp;
  readonly credential?: Provider['credential'];
  readonly credentialHeaders?: readonly string[];
  readonly dialect?: DialectId | ((path: string) => DialectId);
}

export const BEARER: Provider['credential'] = { header: 'authorization', prefix: 'Bearer ' };

export function hostedProvider(hosted: Hosted): Provider {
  const { root, version, versionFor, dialect = 'openai', ...rest } = hosted;
  const baseUrl = version === undefined ? root : `${root}/${version}`;
  return {
    credential: BEARER,
    credentialHeaders: ['authorization'],
    ...rest,
    baseUrl,
    dialect:
      typeof dialect === 'function' ? (endpoint) => dialect(splitEndpoint(endpoint).path) : () => dialect,
    address: (input) => hostedAddress(root, version, versionFor, input),
  };
}

export function hostedAddress(
  root: string,
  version: string | undefined,
  versionFor: RegExp | undefined,
  input: Pick<AddressInput, 'endpoint' | 'baseUrl'>,
): Address {
  const { path, query } = readEndpoint(input.endpoint);
  if (input.baseUrl !== null) return overrideAddress(input.baseUrl, path, query);
  if (version === undefined || path === '') return joinAddress(root, path, query);
  const baseUrl = `${root}/${version}`;
  const bare = withoutRepeatedVersion(readBase(baseUrl), path);
  if (bare !== path) return joinAddress(baseUrl, bare, query);
  // The first two segments, because of `compatibility/v1/…` and `upload/v1beta/…`.
  const named = path.split('/', 2).some(isVersion);
  if (named || versionFor?.test(path) === false) return joinAddress(root, path, query);
  return joinAddress(baseUrl, path, query);
}

/** An operator's base is taken as it is: nothing is added that the client did not write, and no version is doubled. */
export function overrideAddress(baseUrl: string, path: string, query: string): Address {
  return joinAddress(baseUrl, withoutRepeatedVersion(readBase(baseUrl), path), query);
}

/** Providers with an Anthropic-shaped endpoint beside their OpenAI-shaped ones. */
export function openaiOrAnthropic(path: string): DialectId {
  return /(?:^|\/)(?:messages|anthropic)(?:\/|$)/.test(path) ? 'anthropic' : 'openai';
}
