import type { Dataset } from './fields.ts';
import { notUnderstood, overLimit } from './refusal.ts';
import type { FilterInput } from './schema.ts';

/** Operators by the ends of filter fields. */
export type Operator =
  | ''
  | 'neq'
  | 'gt'
  | 'lt'
  | 'geq'
  | 'leq'
  | 'in'
  | 'notin'
  | 'like'
  | 'notlike'
  | 'has'
  | 'hasany'
  | 'hasall';

export type Scalar = string | number;

/** One field of a filter. `dimension` is a name of the dataset's, or `datetime`. */
export interface Condition {
  readonly kind: 'condition';
  readonly dimension: string;
  readonly operator: Operator;
  readonly values: readonly Scalar[];
}

/** A filter as a tree; its leaves name what is in the table of fields, and nothing else. */
export type Tree = Condition | { readonly kind: 'all' | 'any'; readonly parts: readonly Tree[] };

const MOST_CONDITIONS = 100;
const MOST_VALUES = 200;
const OPERATORS = /^(\w+?)(?:_(neq|gt|lt|geq|leq|in|notin|like|notlike|has|hasany|hasall))?$/;

/** Reads the argument `filter`, whose fields the schema has checked. What is null is not there. */
export function readFilter(dataset: Dataset, filter: FilterInput | null): Tree {
  let conditions = 0;
  const read = (input: FilterInput): Tree => {
    const parts: Tree[] = [];
    for (const [name, value] of Object.entries(input)) {
      if (value === null || value === undefined) continue;
      if (name === 'AND') parts.push(...(value as readonly FilterInput[]).map(read));
      else if (name === 'OR') parts.push({ kind: 'any', parts: (value as readonly FilterInput[]).map(read) });
      else {
        if (++conditions > MOST_CONDITIONS)
          throw overLimit(`a filter can't have more than ${MOST_CONDITIONS} conditions`);
        parts.push(readCondition(dataset, name, value));
      }
    }
    return parts.length === 1 ? parts[0]! : { kind: 'all', parts };
  };
  return filter === null ? { kind: 'all', parts: [] } : read(filter);
}

function readCondition(dataset: Dataset, field: string, value: unknown): Condition {
  const match = OPERATORS.exec(field);
  const dimension = match?.[1] ?? '';
  if (dimension !== 'datetime' && !Object.hasOwn(dataset.dimensions, dimension)) {
    throw notUnderstood(`unknown filter "${field}"`);
  }
  const values = (Array.isArray(value) ? value : [value]) as readonly Scalar[];
  if (values.length > MOST_VALUES) throw overLimit(`${field} can't have more than ${MOST_VALUES} values`);
  return { kind: 'condition', dimension, operator: (match?.[2] ?? '') as Operator, values };
}

/** Whether a group's value of the dimension is as the condition says. Null is equal to nothing. */
export function holds({ operator, values }: Condition, value: unknown): boolean {
  if (Array.isArray(value)) {
    if (operator === 'hasall') return values.every((wanted) => value.includes(wanted));
    return values.some((wanted) => value.includes(wanted));
  }
  const [first] = values;
  switch (operator) {
    case '':
      return value === first;
    case 'neq':
      return value !== first;
    case 'in':
      return values.some((wanted) => value === wanted);
    case 'notin':
      return !values.some((wanted) => value === wanted);
    case 'like':
      return value !== null && isLike(String(value), String(first));
    case 'notlike':
      return value === null || !isLike(String(value), String(first));
    default:
      return value !== null && compare(operator, value as Scalar, first!);
  }
}

function compare(operator: Operator, value: Scalar, wanted: Scalar): boolean {
  if (operator === 'gt') return value > wanted;
  if (operator === 'lt') return value < wanted;
  if (operator === 'geq') return value >= wanted;
  return value <= wanted;
}

/** `%` is any text; there is no other wildcard. Goes back to the last `%` only, so no pattern makes it slow. */
export function isLike(text: string, pattern: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[place] === '%') {
      star = ++place;
      resume = at;
    } else if (pattern[place] === text[at]) {
      place++;
      at++;
    } else if (star !== -1) {
      place = star;
      at = ++resume;
    } else return false;
  }
  while (pattern[place] === '%') place++;
  return place === pattern.length;
}

/** Names of the dimensions that the tree asks about. */
export function dimensionsOf(tree: Tree, into = new Set<string>()): Set<string> {
  if (tree.kind === 'condition') into.add(tree.dimension);
  else for (const part of tree.parts) dimensionsOf(part, into);
  return into;
}

export function holdsTree(tree: Tree, valueIn: (dimension: string) => unknown): boolean {
  if (tree.kind === 'condition') return holds(tree, valueIn(tree.dimension));
  const test = (part: Tree): boolean => holdsTree(part, valueIn);
  return tree.kind === 'all' ? tree.parts.every(test) : tree.parts.some(test);
}
