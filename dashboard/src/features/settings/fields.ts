import type { GatewayObject } from '../../../../src/api/contract.ts';
import { settingsWords } from '../../words/settings.ts';
import type { Field, FieldName, Section } from './field.ts';
import { SEMANTIC_SECTION } from './semantic-fields.ts';

const { units, choices } = settingsWords;
const MONTH_SECONDS = 2_592_000;
const DAY_MS = 86_400_000;

export const SECTIONS: readonly Section[] = [
  {
    name: 'access',
    fields: [
      { name: 'authentication', kind: 'switch', fallback: true, dangerous: false },
      { name: 'byok_only', kind: 'switch', fallback: false },
    ],
  },
  {
    name: 'cache',
    fields: [
      {
        name: 'cache_ttl',
        kind: 'number',
        unit: units.seconds,
        least: 60,
        most: MONTH_SECONDS,
        empty: 0,
        fallback: 0,
        header: 'cf-aig-cache-ttl',
      },
      { name: 'cache_invalidate_on_update', kind: 'switch', fallback: false },
      { name: 'share_in_flight', kind: 'switch', fallback: true, header: 'tidegate-share-in-flight' },
    ],
  },
  SEMANTIC_SECTION,
  {
    name: 'limit',
    fields: [
      {
        name: 'rate_limiting_limit',
        kind: 'number',
        unit: units.requests,
        least: 0,
        most: 1_000_000_000,
        empty: 0,
        fallback: 0,
      },
      {
        name: 'rate_limiting_interval',
        kind: 'number',
        unit: units.seconds,
        least: 0,
        most: MONTH_SECONDS,
        empty: 0,
        fallback: 0,
      },
      {
        name: 'rate_limiting_technique',
        kind: 'choice',
        choices: choices.rate_limiting_technique,
        fallback: 'fixed',
      },
    ],
  },
  {
    name: 'retry',
    fields: [
      {
        name: 'retry_max_attempts',
        kind: 'number',
        unit: units.attempts,
        least: 1,
        most: 5,
        empty: null,
        fallback: null,
        header: 'cf-aig-max-attempts',
      },
      {
        name: 'retry_delay',
        kind: 'number',
        unit: units.milliseconds,
        least: 0,
        most: 60_000,
        empty: null,
        fallback: null,
        header: 'cf-aig-retry-delay',
      },
      {
        name: 'retry_backoff',
        kind: 'choice',
        choices: choices.retry_backoff,
        fallback: null,
        header: 'cf-aig-backoff',
      },
      {
        name: 'request_timeout',
        kind: 'number',
        unit: units.milliseconds,
        least: 1,
        most: DAY_MS,
        empty: null,
        fallback: null,
        header: 'cf-aig-request-timeout',
      },
    ],
  },
  {
    name: 'logs',
    fields: [
      { name: 'collect_logs', kind: 'switch', fallback: true, header: 'cf-aig-collect-log' },
      { name: 'collect_payloads', kind: 'switch', fallback: true, header: 'cf-aig-collect-log-payload' },
      {
        name: 'log_management',
        kind: 'number',
        unit: units.records,
        least: 10_000,
        most: 10_000_000,
        empty: null,
        fallback: 10_000_000,
      },
      {
        name: 'log_management_strategy',
        kind: 'choice',
        choices: choices.log_management_strategy,
        fallback: 'DELETE_OLDEST',
      },
      {
        name: 'log_retention_days',
        kind: 'number',
        unit: units.days,
        least: 1,
        most: 36_500,
        empty: null,
        fallback: null,
      },
    ],
  },
  {
    name: 'streams',
    fields: [
      {
        name: 'heartbeat_interval',
        kind: 'number',
        unit: units.seconds,
        least: 1,
        most: 3600,
        empty: null,
        fallback: null,
      },
    ],
  },
  { name: 'addresses', fields: [{ name: 'provider_urls', kind: 'addresses', fallback: {} }] },
];

export const FIELDS: ReadonlyMap<FieldName, Field> = new Map(
  SECTIONS.flatMap(({ fields }) => fields.map((field) => [field.name, field] as const)),
);

const NESTED = /^semantic_cache\.(.+)$/;

/** A field of an object within the settings: the object's key is before the point. */
export const nestedName = (name: FieldName): string | null => NESTED.exec(name)?.[1] ?? null;

/** What the gateway has. Where similar answers were never set up, what they would have. */
export function savedValue(gateway: GatewayObject, name: FieldName): unknown {
  const nested = nestedName(name);
  if (nested === null) return gateway[name];
  const object = gateway.semantic_cache as Readonly<Record<string, unknown>> | null;
  return object === null ? FIELDS.get(name)?.fallback : object[nested];
}
