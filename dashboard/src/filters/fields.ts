import { visibleText } from '../format/visible-text.ts';
import { filterWords as words } from '../words/filters.ts';
import { KNOWN_REASONS, reasonWords } from '../words/semantic-reasons.ts';
import type { Filter, Operator } from './filter.ts';

type Kind = 'text' | 'choice' | 'number' | 'boolean';

export interface Field {
  readonly key: string;
  readonly label: string;
  readonly kind: Kind;
  /** The dimension of the analytics whose values complete it. */
  readonly dimension?: string;
  readonly values?: readonly string[];
  /** What people read in place of a value. */
  readonly nameOf?: (value: string) => string;
}

const ROWS: readonly (readonly [keyof typeof words.fields, Kind, (string | null)?, (readonly string[])?])[] =
  [
    ['model', 'text', 'model'],
    ['provider', 'text', 'provider'],
    ['status_class', 'choice', 'status_class'],
    ['status_code', 'number', 'status_code'],
    ['success', 'boolean'],
    ['error_type', 'text', 'error_type'],
    ['outcome', 'choice', null, ['complete', 'failed', 'left']],
    ['cached', 'boolean'],
    ['cache_kind', 'text', 'cache_kind'],
    ['cache_reason', 'text', null, KNOWN_REASONS],
    ['rate_limited', 'boolean'],
    ['token_id', 'text', 'token_id'],
    ['user_id', 'text', 'user_id'],
    ['session_id', 'text', 'session_id'],
    ['user_agent', 'text', 'user_agent'],
    ['path', 'text', 'path'],
    ['model_requested', 'text'],
    ['streamed', 'boolean'],
    ['duration', 'number'],
    ['ttfb', 'number'],
    ['cost', 'number'],
    ['tokens', 'number'],
    ['tokens_in', 'number'],
    ['tokens_out', 'number'],
    ['feedback', 'choice', null, ['1', '-1']],
  ];

export const FIELDS: readonly Field[] = ROWS.map(([key, kind, dimension, values]) => ({
  key,
  label: words.fields[key],
  kind,
  ...(dimension && { dimension }),
  ...(kind === 'boolean' ? { values: ['true', 'false'] } : values && { values }),
  ...(key === 'cache_reason' && { nameOf: (code: string) => reasonWords(code).name }),
}));

const METADATA = 'metadata:';

/** The field of a key; keys of metadata are made up by those who send them. */
export function fieldOf(key: string): Field {
  const known = FIELDS.find((field) => field.key === key);
  if (known) return known;
  const isMetadata = key.startsWith(METADATA);
  return {
    key,
    label: isMetadata ? words.metadata(key.slice(METADATA.length)) : key,
    kind: 'text',
    ...(isMetadata && { dimension: key }),
  };
}

const OPERATORS_OF: Readonly<Record<Kind, readonly Operator[]>> = {
  text: ['eq', 'neq', 'contains'],
  choice: ['eq', 'neq'],
  boolean: ['eq'],
  number: ['gt', 'lt', 'eq', 'neq'],
};

export const operatorsOf = (field: Field): readonly Operator[] => OPERATORS_OF[field.kind];

/** A value as people read it. Strangers' text, as every value can be. */
export const nameOfValue = ({ nameOf }: Field, value: string): string =>
  value === '' ? words.unknownValue : (nameOf?.(value) ?? value);

/** `Model is gpt-4o or gpt-4o-mini`. */
export function describeFilter({ key, operator, values }: Filter): string {
  const field = fieldOf(key);
  // A part of a value has no name.
  const read = (value: string): string =>
    operator === 'contains' && value !== '' ? value : nameOfValue(field, value);
  const shown = values.map((value) => visibleText(read(value))).join(words.or);
  return `${visibleText(field.label)} ${words.operators[operator]} ${shown}`;
}
