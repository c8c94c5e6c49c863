export const OPERATORS = ['eq', 'neq', 'contains', 'gt', 'lt'] as const;
export type Operator = (typeof OPERATORS)[number];

/** A condition on requests, as the management API takes it: one of several values, all conditions together. */
export interface Filter {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** In the address: `model:eq:gpt-4o|claude-sonnet-4-5`. What the signs stand for is escaped where it is meant itself. */
export function encodeFilter({ key, operator, values }: Filter): string {
  const [name = '', ...rest] = key.split(':');
  const place = rest.length === 0 ? name : `${name}:${escaped(rest.join(':'))}`;
  return [place, operator, values.map(escaped).join('|')].join(':');
}

export function decodeFilter(text: string): Filter | null {
  const match = /^([\w.]+(?::[^:]+)?):(eq|neq|contains|gt|lt):([\s\S]*)$/.exec(text);
  if (!match) return null;
  const [, key = '', operator = '', values = ''] = match;
  return { key: unescaped(key), operator: operator as Operator, values: values.split('|').map(unescaped) };
}

const escaped = (text: string): string => text.replace(/[%|:]/g, encodeURIComponent);
const unescaped = (text: string): string =>
  text.replaceAll('%7C', '|').replaceAll('%3A', ':').replaceAll('%25', '%');

/** The `filters` parameter of lists and analytics. Undefined when there are none. */
export function filtersParameter(filters: readonly Filter[]): string | undefined {
  if (filters.length === 0) return undefined;
  return JSON.stringify(filters.map(({ key, operator, values }) => ({ key, operator, value: values })));
}

/**
 * Adds a condition. Values of the same key join the ones that are there (`model is a or b`); bounds and searched words
 * are replaced, for only one of them can be meant.
 */
export function withFilter(filters: readonly Filter[], added: Filter): Filter[] {
  const isSame = (one: Filter): boolean => one.key === added.key && one.operator === added.operator;
  const before = filters.find(isSame);
  const joins = added.operator === 'eq' || added.operator === 'neq';
  const values = joins && before ? [...new Set([...before.values, ...added.values])] : added.values;
  return [...filters.filter((one) => !isSame(one)), { ...added, values }];
}
