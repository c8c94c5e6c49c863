import type { LogObject } from '../../../../src/api/contract.ts';

/** Whose answer a request got that was not its own. */
export type CacheHit =
  | {
      readonly kind: 'semantic';
      readonly entry: string;
      /** Record of the request that paid; null where the gateway did not write it down. */
      readonly paidBy: string | null;
      readonly similarity: number | null;
      readonly probability: number | null;
      readonly ageSeconds: number | null;
    }
  | { readonly kind: 'shared'; readonly paidBy: string | null };

const JOINED = /^the call of (\S+)$/;

/** Read from the decisions; null for a request that paid itself, or got the answer to an identical one. */
export function cacheHitOf(log: Pick<LogObject, 'cache_kind' | 'decisions'>): CacheHit | null {
  const detailOf = (outcome: string): string =>
    log.decisions.findLast((one) => one.stage === 'cache' && one.outcome === outcome)?.detail ?? '';
  if (log.cache_kind === 'shared')
    return { kind: 'shared', paidBy: JOINED.exec(detailOf('joined'))?.[1] ?? null };
  return log.cache_kind === 'semantic' ? readSimilar(detailOf('similar answer')) : null;
}

/** `{entry}, similarity 0.9531, probability 0.9912, stored 12 s ago by {record}`. */
export function readSimilar(detail: string): CacheHit & { readonly kind: 'semantic' } {
  const number = (pattern: RegExp): number | null => {
    const found = pattern.exec(detail)?.[1];
    return found === undefined ? null : Number(found);
  };
  return {
    kind: 'semantic',
    entry: /^[^,\s]+/.exec(detail)?.[0] ?? '',
    paidBy: /\bago by (\S+)$/.exec(detail)?.[1] ?? null,
    similarity: number(/, similarity (-?[\d.]+)/),
    probability: number(/, probability ([\d.]+)/),
    ageSeconds: number(/, stored (\d+) s ago/),
  };
}
