import type { ConfigSnapshot, StoredKey } from '../core/stores/config.ts';

/**
 * A stored key is never shown again. It would be, if whoever may edit the configuration could turn the provider's
 * address to a host of their own: so the origin stays as it is while keys are stored for it.
 */
export const BOUND_MESSAGE =
  'provider keys are stored for this address and are not sent to another host: delete them first, then change it and store them again';

/** The stored keys of a provider, in one gateway or in all of an account. */
export function keysOf(
  snapshot: ConfigSnapshot,
  account: string,
  gateway: string | null,
  provider: string,
): StoredKey[] {
  return [...snapshot.keys.values()].filter(
    (key) =>
      key.account === account && key.provider === provider && (gateway === null || key.gateway === gateway),
  );
}

/** True when requests would go to another host than before. Absent is the provider's usual address. */
export function changesOrigin(before: string | undefined, after: string | undefined): boolean {
  const origin = (url: string | undefined): string | null =>
    url === undefined ? null : (URL.parse(url)?.origin ?? url);
  return origin(before) !== origin(after);
}
