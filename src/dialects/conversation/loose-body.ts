import type { Json } from '../../core/conversation.ts';
import { type Fields, fieldsOf } from '../json-fields.ts';

/** Everything beyond these is left out: nobody reads it, and it was sent to tire somebody. */
const MOST_MESSAGES = 2000;
export const MOST_PARTS = 500;
export const MOST_TOOLS = 500;

const DEEPEST = 24;
const MOST_NODES = 20_000;
const MOST_TEXT = 64 * 1024;
const MOST_PARAMETERS = 100;
const CUT = '…';

/** A text of any length; null for everything else. */
export function wholeTextOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A short text such as a name, an id, a media type. */
export function nameOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 512) : null;
}

/** The elements of a list, up to a number. */
export function firstOf(value: unknown, most: number): readonly unknown[] {
  return Array.isArray(value) ? (value.length > most ? value.slice(0, most) : value) : [];
}

/** As `firstOf`, of the objects among them. */
export function objectsOf(value: unknown, most: number): readonly Fields[] {
  return firstOf(value, most).flatMap((item) => {
    const fields = fieldsOf(item);
    return fields === null ? [] : [fields];
  });
}

/** The last of a list of messages, MOST_MESSAGES of them, and how many came before. */
export function lastMessages(value: unknown): {
  readonly messages: readonly Fields[];
  readonly omitted: number;
} {
  const all = Array.isArray(value) ? value : [];
  const omitted = Math.max(0, all.length - MOST_MESSAGES);
  return { messages: objectsOf(all.slice(omitted), MOST_MESSAGES), omitted };
}

/** A copy with bounded depth, size and text lengths; what is beyond is replaced by `…`. */
export function boundedJson(value: unknown): Json {
  const budget = { nodes: MOST_NODES, text: MOST_TEXT };
  return copy(value, DEEPEST, budget);
}

function copy(value: unknown, depth: number, budget: { nodes: number; text: number }): Json {
  if (--budget.nodes < 0) return CUT;
  if (typeof value === 'string') {
    const kept = value.length <= budget.text ? value : value.slice(0, Math.max(0, budget.text)) + CUT;
    budget.text -= kept.length;
    return kept;
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value !== 'object') return null;
  if (depth === 0) return CUT;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value) {
      if (budget.nodes <= 0) break;
      items.push(copy(item, depth - 1, budget));
    }
    return items;
  }
  const fields: Record<string, Json> = Object.create(null) as Record<string, Json>;
  for (const [key, item] of Object.entries(value)) {
    if (budget.nodes <= 0) break;
    fields[key.slice(0, 512)] = copy(item, depth - 1, budget);
  }
  return { ...fields };
}

/** Members of a request that have no place of their own: temperature, limits, formats. */
export function parametersOf(body: Fields, known: readonly string[]): Record<string, Json> {
  const parameters: Record<string, Json> = {};
  for (const [key, value] of Object.entries(body).slice(0, MOST_PARAMETERS)) {
    if (known.includes(key) || key === '__proto__' || value === undefined) continue;
    parameters[key.slice(0, 512)] = boundedJson(value);
  }
  return parameters;
}
