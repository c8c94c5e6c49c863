import { GatewayError } from '../core/errors.ts';
import type { Credential, Step } from '../core/exchange.ts';
import { type ConfigStore, type StoredKey, storedKeyKey } from '../core/stores/config.ts';
import type { SecretStore } from '../core/stores/secrets.ts';

export interface CredentialServices {
  readonly config: ConfigStore;
  readonly secrets: SecretStore;
  /** Lower-case headers in which a gateway token lets a caller in, whichever of them the provider reads. */
  readonly tokenHeaders: readonly string[];
  /** True when the value is a valid gateway token of that account. */
  isGatewayToken(account: string, headerValue: string): boolean;
}

/**
 * Which credential a step goes out with (spec 14.4): a key that the client brought wins and is forwarded unchanged; a
 * gateway token in the key's place is taken off and counts as no key; then the stored key of the alias. Stored keys are
 * for callers with a token only: an open gateway must not lend them to strangers.
 */
export function findCredential(step: Step, services: CredentialServices): Credential {
  const { exchange, provider, controls } = step;
  const clientKey = takeClientKey(step, services);
  const stored = exchange.token ? findStored(step, services) : null;
  if (clientKey !== null && !(stored && provider.yieldsToStored?.(clientKey))) {
    exchange.decide('key', 'key of the request', provider.credential.header);
    return { kind: 'client' };
  }
  if (stored) {
    const secret = services.secrets.read(stored.secretId);
    if (!secret)
      throw new GatewayError(
        'secret-unavailable',
        `The stored key '${stored.alias}' of provider '${provider.id}' has no secret`,
      );
    exchange.decide('key', 'stored key', stored.alias);
    return { kind: 'stored', secret, alias: stored.alias, keyId: `${stored.id}/${stored.modifiedAt}` };
  }
  if (controls.keyAlias !== null) {
    const aliases = aliasesOf(step, services).map((key) => key.alias);
    throw new GatewayError(
      'unknown-key-alias',
      exchange.token
        ? `Provider '${provider.id}' has no BYOK credential named '${controls.keyAlias}'. Configured aliases: ${aliases.join(', ') || 'none'}`
        : `Stored keys need a gateway token: send one in cf-aig-authorization to use '${controls.keyAlias}'`,
    );
  }
  if (controls.requireCredential) {
    throw new GatewayError(
      'no-provider-key',
      `The request brings no credential for provider '${provider.id}', and none is stored under 'default'`,
    );
  }
  exchange.decide('key', 'none');
  return { kind: 'none' };
}

/** What stands for the credential in a cache key, where it is hashed with the rest and never kept. */
export function credentialScope(step: Step, credential: Credential): string[] {
  if (credential.kind === 'stored') return ['stored', credential.keyId];
  if (credential.kind === 'none') return ['none'];
  const scope = ['client'];
  for (const name of step.provider.credentialHeaders) {
    const value = step.header(name);
    if (value !== null) scope.push(name, signerOf(value) ?? value);
  }
  // With a key of the caller's own making, path and query are no part of the cache key: the credential in it must be.
  for (const [name, value] of queryKeys(step)) scope.push(`?${name}`, value);
  return scope;
}

/** A signature changes with every request; what it names is its signer, and that is who pays. */
function signerOf(value: string): string | null {
  return value.startsWith('AWS4-HMAC-SHA256') ? (/Credential=[^/]+/.exec(value)?.[0] ?? null) : null;
}

/**
 * The client's own provider key; null if there is none. Gateway tokens are taken off the step's headers: those in the
 * key's place, those in the place of another provider's key, which let the caller in as well, and repeated ones.
 */
function takeClientKey(step: Step, services: CredentialServices): string | null {
  const { headers, provider, exchange } = step;
  let key: string | null = null;
  let keyRank = Number.POSITIVE_INFINITY;
  let tokenAt: Set<number> | null = null;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!.toLowerCase();
    const rank = provider.credentialHeaders.indexOf(name);
    if (rank === -1 && !services.tokenHeaders.includes(name)) continue;
    const value = headers[i + 1]!;
    if (value.trim() === '' || /^(bearer|token|key)\s*$/i.test(value)) continue;
    if (services.isGatewayToken(exchange.account, value)) {
      tokenAt ??= new Set();
      tokenAt.add(i);
    } else if (rank !== -1 && rank < keyRank) {
      key = value;
      keyRank = rank;
    }
  }
  if (tokenAt) step.headers = headers.filter((_, i) => !tokenAt.has(i - (i % 2)));
  return key ?? takeQueryKey(step, services);
}

/** A key in the query (`?key=` of Google). A gateway token there is for us, and goes no further. */
function takeQueryKey(step: Step, services: CredentialServices): string | null {
  const [path, query] = splitOnce(step.endpoint, '?');
  if (query === null || !step.provider.credentialQuery) return null;
  let key: string | null = null;
  const kept = query.split('&').filter((pair) => {
    const [name, value] = splitOnce(pair, '=');
    if (!value || !step.provider.credentialQuery?.includes(name)) return true;
    const plain = decoded(value);
    if (services.isGatewayToken(step.exchange.account, plain)) return false;
    key ??= plain;
    return true;
  });
  step.endpoint = kept.length > 0 ? `${path}?${kept.join('&')}` : path;
  return key;
}

/** The pairs of the query in which this provider takes keys, as they are written. */
function queryKeys(step: Step): (readonly [string, string])[] {
  const names = step.provider.credentialQuery;
  const query = names ? splitOnce(step.endpoint, '?')[1] : null;
  if (!names || query === null) return [];
  return query
    .split('&')
    .map((pair) => splitOnce(pair, '='))
    .filter((pair): pair is readonly [string, string] => names.includes(pair[0]) && pair[1] !== null);
}

function splitOnce(text: string, separator: string): readonly [string, string | null] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function findStored(step: Step, services: CredentialServices): StoredKey | null {
  const { exchange, provider, controls } = step;
  const { keys } = services.config.snapshot();
  const alias = controls.keyAlias ?? 'default';
  const named = keys.get(storedKeyKey(exchange.account, exchange.gateway.id, provider.id, alias));
  if (named || controls.keyAlias !== null) return named ?? null;
  return aliasesOf(step, services).find((key) => key.isDefault) ?? null;
}

function aliasesOf(step: Step, services: CredentialServices): StoredKey[] {
  const prefix = storedKeyKey(step.exchange.account, step.exchange.gateway.id, step.provider.id, '');
  const found: StoredKey[] = [];
  for (const [name, key] of services.config.snapshot().keys) if (name.startsWith(prefix)) found.push(key);
  return found;
}
