import type { ConversationObject } from '../../../../src/api/contract/conversation.ts';
import type { LogObject } from '../../../../src/api/contract.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatMoney } from '../../format/money.ts';
import { formatCount, UNKNOWN } from '../../format/numbers.ts';

export interface ComparedField {
  readonly name: string;
  readonly left: string;
  readonly right: string;
  readonly differs: boolean;
}

type Reader = (log: LogObject) => string;

const text = (value: string | null): string => (value === null || value === '' ? UNKNOWN : value);

const FIELDS: readonly (readonly [string, Reader])[] = [
  ['status_code', (log) => String(log.status_code)],
  ['provider', (log) => log.provider],
  ['model_requested', (log) => text(log.model_requested)],
  ['model', (log) => text(log.model)],
  ['path', (log) => log.path],
  ['cost', (log) => formatMoney(log.cost)],
  ['duration', (log) => formatDuration(log.duration)],
  ['ttfb', (log) => formatDuration(log.ttfb)],
  ['tokens_in', (log) => formatCount(log.tokens_in)],
  ['input_cached_tokens', (log) => formatCount(log.usage_metadata?.input_cached_tokens)],
  ['tokens_out', (log) => formatCount(log.tokens_out)],
  ['cache_status', (log) => text(log.cache_status)],
  ['finish_reason', (log) => text(log.finish_reason)],
  ['error_type', (log) => text(log.error_type)],
  ['attempts', (log) => String(log.attempts.length)],
  ['user_agent', (log) => text(log.user_agent)],
  ['session_id', (log) => text(log.session_id)],
];

/** The fields of two records, then the parameters of their requests that either of them has. */
export function compareFields(
  left: LogObject,
  right: LogObject,
  parameters: readonly [ConversationObject | undefined, ConversationObject | undefined],
): ComparedField[] {
  const fields = FIELDS.map(([name, read]) => field(name, read(left), read(right)));
  const [one, other] = parameters.map((conversation) => conversation?.parameters ?? {});
  const names = [...new Set([...Object.keys(one!), ...Object.keys(other!)])].sort();
  return [...fields, ...names.map((name) => field(name, json(one!, name), json(other!, name)))];
}

const field = (name: string, left: string, right: string): ComparedField => ({
  name,
  left,
  right,
  differs: left !== right,
});

const json = (values: Readonly<Record<string, unknown>>, name: string): string =>
  Object.hasOwn(values, name) ? JSON.stringify(values[name]) : UNKNOWN;

/** Number of messages at the beginning that both have; the system prompt counts before them. Null when it differs. */
export function sameMessages(left: ConversationObject, right: ConversationObject): number | null {
  if (said(left.system) !== said(right.system)) return null;
  let same = 0;
  while (same < Math.min(left.messages.length, right.messages.length)) {
    if (said(left.messages[same]) !== said(right.messages[same])) break;
    same++;
  }
  return same;
}

/** Cache markers say nothing of what was said. */
const said = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) => (key === 'cache_marker' ? undefined : inner));
