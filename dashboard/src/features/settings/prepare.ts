import type { GatewayObject } from '../../../../src/api/contract.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatCount } from '../../format/numbers.ts';
import { settingsWords as words } from '../../words/settings.ts';
import type { Field, FieldName } from './field.ts';
import { FIELDS, nestedName, savedValue } from './fields.ts';

/** What was changed and not saved, by field. Numbers stand here as they were typed. */
export type Draft = Readonly<Partial<Record<FieldName, unknown>>>;

export interface Change {
  readonly field: Field;
  readonly before: unknown;
  readonly after: unknown;
}

type Reading = { readonly value: unknown } | { readonly problem: string };

/** The value that was typed into a field, or what is wrong with it. */
export function readField(field: Field, typed: unknown): Reading {
  if (field.kind === 'number') return readNumber(field, typed);
  if (field.kind === 'text') return readText(field, String(typed).trim());
  if (field.kind === 'addresses') return readAddresses(typed as readonly AddressRow[]);
  if (field.kind === 'choice') return { value: typed === NOT_SET ? null : typed };
  return { value: typed };
}

/** What a choice that was not made has for a value: a list of choices knows no null. */
export const NOT_SET = '';

type NumberField = Extract<Field, { kind: 'number' }>;

function readNumber(field: NumberField, typed: unknown): Reading {
  const text = String(typed).trim().replace(',', '.');
  if (text === '') {
    return field.empty === undefined ? { problem: words.problems.missing } : { value: field.empty };
  }
  const { scale } = field;
  if (!(scale === undefined ? /^-?\d+$/ : /^-?\d+(?:\.\d+)?$/).test(text)) {
    return { problem: scale === undefined ? words.problems.number : words.problems.decimal };
  }
  const value = scale === undefined ? Number(text) : rounded(Number(text) / scale);
  if (value === field.empty) return { value };
  if (value < field.least || value > field.most) {
    return { problem: words.problems.range(shownNumber(field, field.least), shownNumber(field, field.most)) };
  }
  return { value };
}

/** Shares and dollars to a millionth: 1.1 % is 0.011 and not 0.011000000000000001. */
const rounded = (value: number): number => Number(value.toFixed(6));

/** A value of a field as it is typed: `2.5` for a share of 0.025. */
export const typedNumber = ({ scale }: NumberField, value: number): string =>
  String(scale === undefined ? value : rounded(value * scale));

const shownNumber = (field: NumberField, value: number): string =>
  field.scale === undefined ? formatCount(value) : typedNumber(field, value);

function readText(field: Extract<Field, { kind: 'text' }>, text: string): Reading {
  if (text === '') return { value: field.empty === null ? null : field.fallback };
  return field.pattern.test(text) ? { value: text } : { problem: words.problems[field.problem] as string };
}

/** One line of the table of addresses. */
export interface AddressRow {
  readonly slug: string;
  readonly url: string;
}

export function addressRows(value: unknown): readonly AddressRow[] {
  return Object.entries(value as Record<string, string>).map(([slug, url]) => ({ slug, url }));
}

function readAddresses(rows: readonly AddressRow[]): Reading {
  const value: Record<string, string> = {};
  for (const { slug, url } of rows) {
    const [name, address] = [slug.trim(), url.trim()];
    if (name === '' && address === '') continue;
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) return { problem: words.problems.slug };
    if (!/^https?:\/\/[^\s]+$/.test(address)) return { problem: words.problems.address };
    if (Object.hasOwn(value, name)) return { problem: words.problems.twice };
    value[name] = address;
  }
  return { value };
}

export function problemOf(field: Field, draft: Draft): string | null {
  if (!(field.name in draft)) return null;
  const reading = readField(field, draft[field.name]);
  return 'problem' in reading ? reading.problem : null;
}

/** What saving would change, in the order of the page. Null while something typed is wrong. */
export function changesOf(gateway: GatewayObject, draft: Draft): readonly Change[] | null {
  const changes: Change[] = [];
  for (const field of FIELDS.values()) {
    if (!(field.name in draft)) continue;
    const reading = readField(field, draft[field.name]);
    if ('problem' in reading) return null;
    const before = savedValue(gateway, field.name);
    if (!isSame(before, reading.value)) changes.push({ field, before, after: reading.value });
  }
  return changes;
}

/** A PUT replaces everything: what is not changed is sent as it is, within an object too. */
export function bodyOf(gateway: GatewayObject, changes: readonly Change[]): Record<string, unknown> {
  const { id: _, created_at: __, modified_at: ___, ...settings } = gateway;
  const body: Record<string, unknown> = { ...settings };
  const nested: Record<string, unknown> = {};
  for (const { field, after } of changes) {
    const name = nestedName(field.name);
    if (name === null) body[field.name] = after;
    else nested[name] = after;
  }
  if (Object.keys(nested).length > 0)
    body.semantic_cache = { ...(gateway.semantic_cache ?? { mode: 'off' }), ...nested };
  return body;
}

/** Whether the gateway's name has to be typed before this is saved. */
export const isDangerous = (changes: readonly Change[]): boolean =>
  changes.some(({ field, after }) => field.dangerous !== undefined && after === field.dangerous);

export const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && sorted(a) === sorted(b));

const sorted = (value: unknown): string =>
  value === null ? 'null' : JSON.stringify(Object.entries(value as object).sort());

/** A value in words: `3,600 seconds`, `off`, `Sliding window`. */
export function formatValue(field: Field, value: unknown): string {
  switch (field.kind) {
    case 'switch':
      return value === true ? words.on : words.off;
    case 'number':
      return value === null || (value === 0 && field.empty === 0)
        ? words.off
        : `${shownNumber(field, value as number)} ${field.unit}`.trimEnd();
    case 'options':
      return field.choices[String(value)]?.label ?? String(value);
    case 'text':
      return value === null ? words.notSet : String(value);
    case 'choice':
      return value === null ? words.notSet : (field.choices[String(value)] ?? String(value));
    case 'addresses': {
      const rows = addressRows(value);
      return rows.length === 0 ? words.none : rows.map(({ slug, url }) => `${slug}: ${url}`).join(', ');
    }
  }
}

const UNIT_MS: Readonly<Record<string, number>> = {
  [words.units.seconds]: 1000,
  [words.units.milliseconds]: 1,
};

/** `= 1 h` beside 3600 seconds; null where a duration says nothing more. */
export function durationHint(field: Field, typed: unknown): string | null {
  if (field.kind !== 'number') return null;
  const unitMs = UNIT_MS[field.unit];
  const value = Number(typed);
  if (unitMs === undefined || !Number.isInteger(value) || value * unitMs < 60_000) return null;
  return words.asDuration(formatDuration(value * unitMs));
}
