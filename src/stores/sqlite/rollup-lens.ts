import type { Aggregation, Cell } from '../../core/analytics/aggregation.ts';
import { METADATA_PREFIX, statusClass } from '../../core/analytics/dimensions.ts';
import { groupText } from '../../core/analytics/facts.ts';
import { type FieldKind, matchOf } from '../../core/analytics/match.ts';
import { type AnalyticsQuery, INTERVALS } from '../../core/stores/analytics.ts';
import { type KeyPart, OTHER, type Target } from './rollup-block.ts';
import { CUBE_KEY, FACET_KEY } from './rollup-contribution.ts';
import { type BlockKind, CUBE, FACETS, WIDTHS_MS } from './rollup-widths.ts';

/** A value that is asked for was not kept apart: only the records know it. */
export class LostInRollupError extends Error {}

/** Takes from the entries of blocks what a query asks for. */
export interface RollupLens {
  readonly kinds: readonly BlockKind[];
  /** The widest blocks that tell the query's buckets apart. */
  readonly widest: number;
  /** The one dimension of facets that it is about. */
  readonly dimension: string | null;
  /** Parts of the keys of each kind on which the targets depend. */
  readonly parts: readonly (readonly number[])[];
  /** Where the figures of entries with the key go. */
  targetsOf(
    kind: BlockKind,
    place: { readonly gateway: string; readonly time: number },
    key: readonly KeyPart[],
    into: Aggregation,
  ): readonly Target[];
}

type Key = readonly KeyPart[];
/** Undefined is a value that was not kept apart. */
type ReadPart = (key: Key) => KeyPart | number | undefined;

interface Field {
  /** Part of the key. */
  readonly at: number;
  readonly kind: FieldKind;
  readonly read: ReadPart;
}

const part =
  (index: number): ReadPart =>
  (key) =>
    key[index] === OTHER ? undefined : key[index];
const textAt = (at: number): Field => ({ at, kind: 'text', read: part(at) });
const cube = (name: (typeof CUBE_KEY)[number]): number => CUBE_KEY.indexOf(name);
const FLAGS = cube('flags');
const flag =
  (index: number): ReadPart =>
  (key) =>
    key[FLAGS]![index] === '1' ? 1 : 0;
const STATUS = cube('statusCode');

/** Fields of the cube's entries, under the names of dimensions and filters. */
const CUBE_FIELDS: Readonly<Record<string, Field>> = {
  provider: textAt(cube('provider')),
  model: textAt(cube('model')),
  path: textAt(cube('path')),
  error_type: textAt(cube('errorType')),
  cache_kind: textAt(cube('cacheKind')),
  status_code: { at: STATUS, kind: 'number', read: (key) => Number(key[STATUS]) },
  status_class: { at: STATUS, kind: 'number', read: (key) => Math.floor(Number(key[STATUS]) / 100) },
  success: { at: FLAGS, kind: 'boolean', read: flag(0) },
  cached: { at: FLAGS, kind: 'boolean', read: flag(1) },
  rate_limited: { at: FLAGS, kind: 'boolean', read: flag(2) },
};

const CLASS_AT = FACET_KEY.indexOf('statusClass');
const KIND_AT = FACET_KEY.indexOf('cacheKind');
/** What the entries of facets know beside their own dimension. */
const FACET_FIELDS: Readonly<Record<string, Field>> = {
  cache_kind: textAt(KIND_AT),
  status_class: { at: CLASS_AT, kind: 'number', read: (key) => Number.parseInt(key[CLASS_AT]!, 10) },
  cached: { at: KIND_AT, kind: 'boolean', read: (key) => (key[KIND_AT] === null ? 0 : 1) },
};

const FACET_DIMENSIONS = ['token_id', 'user_id', 'user_agent', 'metadata_key'];

/** How roll-ups answer the query; null when they do not hold together what it combines. */
export function lensOf(query: AnalyticsQuery): RollupLens | null {
  const names = [...query.groupBy, ...query.filters.map(({ key }) => key)];
  const others = [...new Set(names)].filter((name) => name !== 'gateway' && !(name in CUBE_FIELDS));
  if (others.length === 0) return cubeLens(query);
  const [dimension] = others;
  if (dimension === undefined || others.length > 1) return null;
  const isFacet = FACET_DIMENSIONS.includes(dimension) || dimension.startsWith(METADATA_PREFIX);
  const isKnown = names.every((name) => name === 'gateway' || name === dimension || name in FACET_FIELDS);
  return isFacet && isKnown ? facetLens(query, dimension) : null;
}

function cubeLens(query: AnalyticsQuery): RollupLens | null {
  const holds = filterOf(query, CUBE_FIELDS);
  if (holds === null) return null;
  const groupOf = groupReader(query, CUBE_FIELDS);
  return {
    kinds: [CUBE],
    widest: widestFor(query),
    dimension: null,
    parts: [partsOf(query, CUBE_FIELDS), []],
    targetsOf(_kind, { gateway, time }, key, into) {
      return holds(key) ? [{ cell: cellOf(into, time, groupOf(gateway, key)), sign: 1 }] : [];
    },
  };
}

/** Facets hold values alone: what has no value is what the cube has more. */
function facetLens(query: AnalyticsQuery, dimension: string): RollupLens | null {
  const isPartition = dimension !== 'metadata_key';
  const wanted = dimension.startsWith(METADATA_PREFIX)
    ? METADATA_PREFIX + groupText(dimension.slice(METADATA_PREFIX.length))
    : dimension;
  const own = textAt(1);
  const fields = { ...FACET_FIELDS, [dimension]: own };
  const holds = filterOf(query, fields);
  if (holds === null) return null;
  const groupOf = groupReader(query, fields);
  const withRest =
    isPartition && (query.groupBy.includes(dimension as never) || acceptsNothing(query, dimension));
  return {
    kinds: withRest ? [CUBE, FACETS] : [FACETS],
    widest: widestFor(query),
    dimension: wanted,
    parts: [[STATUS, cube('cacheKind')], partsOf(query, fields)],
    targetsOf(kind, { gateway, time }, key, into) {
      const targets: Target[] = [];
      const add = (part: Key, sign: 1 | -1): void => {
        if (holds(part)) targets.push({ cell: cellOf(into, time, groupOf(gateway, part)), sign });
      };
      if (kind === CUBE) {
        add([wanted, null, statusClass(Number(key[STATUS])), key[cube('cacheKind')]!], 1);
        return targets;
      }
      if (key[0] === OTHER) throw new LostInRollupError();
      if (key[0] !== wanted) return targets;
      add(key, 1);
      if (withRest) add(key.with(1, null), -1);
      return targets;
    },
  };
}

function partsOf({ groupBy, filters }: AnalyticsQuery, fields: Readonly<Record<string, Field>>): number[] {
  const names = [...groupBy, ...filters.map(({ key }) => key)].filter((name) => name !== 'gateway');
  return [...new Set(names.map((name) => fields[name]!.at))];
}

/** Whether records without a value of the dimension match. */
function acceptsNothing(query: AnalyticsQuery, dimension: string): boolean {
  return query.filters.every((filter) => filter.key !== dimension || matchOf(filter, 'text')!(null));
}

function filterOf(
  { filters }: AnalyticsQuery,
  fields: Readonly<Record<string, Field>>,
): ((key: Key) => boolean) | null {
  const tests: ((key: Key) => boolean)[] = [];
  for (const filter of filters) {
    const field = Object.hasOwn(fields, filter.key) ? fields[filter.key] : undefined;
    const match = field === undefined ? null : matchOf(filter, field.kind);
    if (field === undefined || match === null) return null;
    tests.push((key) => {
      const value = field.read(key);
      if (value === undefined) throw new LostInRollupError();
      return match(value);
    });
  }
  return (key) => tests.every((test) => test(key));
}

/** The group of an entry; null when a part of it was not kept apart. */
function groupReader(
  { groupBy }: AnalyticsQuery,
  fields: Readonly<Record<string, Field>>,
): (gateway: string, key: Key) => string[] | null {
  const readers = groupBy.map((name): ((gateway: string, key: Key) => string | undefined) => {
    if (name === 'gateway') return (gateway) => gateway;
    const { kind, read } = fields[name]!;
    const show = (value: KeyPart | number): string =>
      name === 'status_class'
        ? `${value}xx`
        : kind === 'boolean'
          ? String(value === 1)
          : value === null
            ? ''
            : String(value);
    return (_gateway, key) => {
      const value = read(key);
      return value === undefined ? undefined : show(value);
    };
  });
  return (gateway, key) => {
    const group: string[] = [];
    for (const read of readers) {
      const value = read(gateway, key);
      if (value === undefined) return null;
      group.push(value);
    }
    return group;
  };
}

function cellOf(into: Aggregation, time: number, group: string[] | null): Cell {
  return group === null ? into.restCell(time) : into.cell(time, group);
}

function widestFor({ interval }: AnalyticsQuery): number {
  const width = interval === null ? Number.POSITIVE_INFINITY : INTERVALS[interval];
  return WIDTHS_MS.findLastIndex(
    (candidate) => candidate <= width && (interval === null || width % candidate === 0),
  );
}
