import { METADATA_PREFIX, statusClass } from '../../core/analytics/dimensions.ts';
import {
  addSums,
  DISTRIBUTIONS,
  type Facts,
  factsOf,
  groupText,
  measured,
  metadataEntries,
  SUMS,
} from '../../core/analytics/facts.ts';
import { bucketOf } from '../../core/analytics/histogram.ts';
import type { ColumnValue } from '../../core/stores/log-columns.ts';
import { addCount, type CountList, type Figures, type KeyPart } from './rollup-block.ts';

/** Parts of the key of an entry of the cube, in order; `flags` is success, cached and rate limited as 0 and 1. */
export const CUBE_KEY = [
  'provider',
  'model',
  'path',
  'errorType',
  'cacheKind',
  'statusCode',
  'flags',
] as const;
/** Parts of the key of an entry of the facets. */
export const FACET_KEY = ['dimension', 'value', 'statusClass', 'cacheKind'] as const;
export const KEY_LENGTHS: readonly number[] = [CUBE_KEY.length, FACET_KEY.length];

/**
 * What one record adds its figures to. Of the dimensions that have one value or none, only values have facets: the
 * rest is what the cube has more. A record without metadata counts under the key ''.
 */
export interface RecordKeys {
  readonly createdAt: number;
  readonly cube: readonly KeyPart[];
  readonly facets: readonly (readonly KeyPart[])[];
}

interface GrowingFigures {
  readonly sums: Float64Array;
  readonly counts: readonly CountList[];
}

export function emptyFigures(): GrowingFigures {
  return { sums: new Float64Array(SUMS), counts: DISTRIBUTIONS.map(() => []) };
}

/** Adds those of one record. */
export function addFiguresOf(columns: readonly ColumnValue[], { sums, counts }: GrowingFigures): void {
  addSums(sums, columns);
  for (let index = 0; index < DISTRIBUTIONS.length; index++) {
    const value = measured(columns, index);
    if (value !== null) addCount(counts[index]!, bucketOf(value), 1);
  }
}

const cube: KeyPart[] = CUBE_KEY.map(() => null);
const facets: KeyPart[][] = [];
/** Keys of facets, to be filled anew for each record. */
const spare: KeyPart[][] = [];

export function contributionOf(columns: readonly ColumnValue[]): RecordKeys & { readonly figures: Figures } {
  const figures = emptyFigures();
  addFiguresOf(columns, figures);
  return { ...keysOf(columns), figures };
}

/** What it returns is used again for the next record: this runs for many. */
export function keysOf(columns: readonly ColumnValue[]): RecordKeys {
  const facts = factsOf('', columns);
  const cacheKind = facts.cacheKind === null ? null : groupText(facts.cacheKind);
  cube[0] = groupText(facts.provider);
  cube[1] = facts.model === null ? null : groupText(facts.model);
  cube[2] = groupText(facts.path);
  cube[3] = facts.errorType === null ? null : groupText(facts.errorType);
  cube[4] = cacheKind;
  cube[5] = String(facts.statusCode);
  cube[6] = FLAGS[(facts.success ? 4 : 0) + (facts.cached ? 2 : 0) + (facts.rateLimited ? 1 : 0)]!;
  facets.length = 0;
  addFacets(facts, statusClass(facts.statusCode), cacheKind);
  return { createdAt: facts.createdAt, cube, facets };
}

const FLAGS = Array.from({ length: 8 }, (_, bits) => bits.toString(2).padStart(3, '0'));

function addFacets(facts: Facts, ofClass: string, cacheKind: KeyPart): void {
  const facet = (dimension: string, value: string): void => {
    let key = spare[facets.length];
    if (key === undefined) {
      key = FACET_KEY.map(() => null);
      spare.push(key);
    }
    key[0] = dimension;
    key[1] = value;
    key[2] = ofClass;
    key[3] = cacheKind;
    facets.push(key);
  };
  if (facts.tokenId !== null) facet('token_id', groupText(facts.tokenId));
  if (facts.userId !== null) facet('user_id', groupText(facts.userId));
  if (facts.userAgent !== null) facet('user_agent', groupText(facts.userAgent));
  const entries = metadataEntries(facts.metadata);
  if (entries.length === 0) facet('metadata_key', '');
  const seen = new Set<string>();
  for (const [key, value] of entries) {
    // Two keys can only be the same when they were cut.
    if (seen.has(key)) continue;
    seen.add(key);
    facet('metadata_key', key);
    facet(METADATA_PREFIX + key, value);
  }
}
