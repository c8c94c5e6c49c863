import type { LogFilter } from '../../core/stores/logs.ts';
import { type Condition, dimensionsOf, holds, type Scalar, type Tree } from './conditions.ts';
import type { Dataset, ErrorDimension, StoredDimension } from './fields.ts';
import { notUnderstood } from './refusal.ts';
import { ALWAYS, intersect, rangeOf, type TimeRange } from './time-range.ts';

/** A filter, cut into what the store does and what is left to do with its groups. */
export interface LoweredFilter {
  readonly range: TimeRange;
  /** Null is all. */
  readonly gateways: readonly string[] | null;
  readonly filters: readonly LogFilter[];
  /** All of these must hold for a group; their dimensions have to be among those it is grouped by. */
  readonly rest: readonly Tree[];
  /** Nothing can match. */
  readonly isEmpty: boolean;
}

/**
 * The store takes conditions that all hold. What it has no filter for, and alternatives over several fields, is asked of
 * its groups instead: each group has one value of a dimension, so a test of the values says it of all its requests.
 */
export function lowerFilter(dataset: Dataset, tree: Tree): LoweredFilter {
  const lowering = new Lowering(dataset);
  lowering.add(tree);
  return lowering.result();
}

class Lowering {
  readonly #dataset: Dataset;
  readonly #filters: LogFilter[] = [];
  readonly #rest: Tree[] = [];
  #range = ALWAYS;
  #gateways: string[] | null = null;
  #isEmpty = false;

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
  }

  add(tree: Tree): void {
    if (tree.kind === 'condition') this.#addCondition(tree);
    else if (tree.kind === 'all') for (const part of tree.parts) this.add(part);
    else {
      const merged = mergeAlternatives(tree.parts);
      if (merged !== null) this.add(merged);
      else if (tree.parts.length === 0) this.#isEmpty = true;
      else this.#leave(tree);
    }
  }

  result(): LoweredFilter {
    const range = this.#range;
    return {
      range,
      gateways: this.#gateways,
      filters: this.#filters,
      rest: this.#rest,
      isEmpty: this.#isEmpty || range.from >= range.to || this.#gateways?.length === 0,
    };
  }

  #addCondition(condition: Condition): void {
    const { operator, values } = condition;
    const dimension = this.#dataset.dimensions[condition.dimension];
    if (dimension === undefined || dimension.kind === 'time') {
      this.#range = intersect(this.#range, rangeOf(this.#dataset, condition));
    } else if (dimension.kind === 'constant') {
      this.#isEmpty ||= !holds(condition, dimension.value);
    } else if (dimension.kind === 'entries') {
      this.#filters.push(...entryFilters(dimension.filterKey, condition));
    } else if (dimension.type === 'uint8') {
      const allowed = [0, 1].filter((flag) => holds(condition, flag));
      if (allowed.length === 0) this.#isEmpty = true;
      else if (allowed.length === 1) this.#filters.push(flagFilter(dimension, allowed[0] === 1));
    } else if (dimension.kind === 'stored') {
      if (dimension.store === 'gateway' && (operator === '' || operator === 'in')) {
        const wanted = new Set(values.map(String));
        this.#gateways = this.#gateways?.filter((id) => wanted.has(id)) ?? [...wanted];
        return;
      }
      const filter = storeFilter(dimension, condition);
      if (filter === null) this.#leave(condition);
      else this.#filters.push(filter);
    }
  }

  #leave(tree: Tree): void {
    for (const name of dimensionsOf(tree)) {
      const dimension = this.#dataset.dimensions[name];
      if (dimension === undefined || dimension.kind === 'time') {
        throw notUnderstood('times can stand beside OR and within AND, not within OR');
      }
    }
    this.#rest.push(tree);
  }
}

/** Alternatives that all ask one field for one value are a list of values. */
function mergeAlternatives(parts: readonly Tree[]): Tree | null {
  const [first] = parts;
  if (parts.length === 1) return first!;
  if (first?.kind !== 'condition') return null;
  const values: Scalar[] = [];
  for (const part of parts) {
    if (part.kind !== 'condition' || part.dimension !== first.dimension) return null;
    if (part.operator !== '' && part.operator !== 'in') return null;
    values.push(...part.values);
  }
  return { ...first, operator: 'in', values };
}

function flagFilter(dimension: StoredDimension | ErrorDimension, flag: boolean): LogFilter {
  if (dimension.kind === 'error') return { key: 'success', operator: 'eq', value: [!flag] };
  const key = dimension.filterKey;
  if (key === null) throw new RangeError('a flag has a filter');
  return { key, operator: 'eq', value: [flag] };
}

function entryFilters(key: string, { operator, values }: Condition): LogFilter[] {
  if (operator === 'hasall') return values.map((value) => ({ key, operator: 'eq', value: [value] }));
  return [{ key, operator: 'eq', value: values }];
}

/** A value just below or above: filters of the store know only `<` and `>`. */
const beside = (key: string, value: number, direction: 1 | -1): number =>
  value + direction * (key === 'cost' ? 1e-9 : key === 'duration' ? 1e-6 : 0.5);

/** Null when the store has no filter that means the same. */
function storeFilter({ type, filterKey: key }: StoredDimension, condition: Condition): LogFilter | null {
  if (key === null) return null;
  const { operator, values } = condition;
  // What is unknown is '' in an answer, and nothing in the store.
  const value = values.map((one) => (one === '' ? null : one));
  switch (operator) {
    case '':
    case 'in':
      return { key, operator: 'eq', value };
    case 'neq':
    case 'notin':
      return { key, operator: 'neq', value };
    case 'like':
      return key === 'metadata' ? containsFilter(key, String(values[0])) : null;
    default:
  }
  if (type === 'string') return null;
  const number = values[0] as number;
  switch (operator) {
    case 'gt':
    case 'lt':
      return { key, operator, value: [number] };
    case 'geq':
      return { key, operator: 'gt', value: [beside(key, number, -1)] };
    case 'leq':
      return { key, operator: 'lt', value: [beside(key, number, 1)] };
    default:
      return null;
  }
}

/** `%text%`; letters are compared without their case, as the store does. */
function containsFilter(key: string, pattern: string): LogFilter | null {
  const text = /^%([^%]*)%$/.exec(pattern)?.[1];
  return text === undefined ? null : { key, operator: 'contains', value: [text] };
}
