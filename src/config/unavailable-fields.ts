import { z } from 'zod';

/**
 * Fields of the gateway object whose features this version does not have. What we show for them is their neutral
 * value; clients may send any neutral form back, so that the answer of a GET can be PUT. Anything that would switch
 * the feature on is refused by name: a guard that is silently absent is worse than an error.
 */
interface UnavailableField {
  readonly shown: unknown;
  neutral(value: unknown): boolean;
}

const isEmptyList = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

const isOff = (value: unknown): boolean => value === undefined || value === null || value === false;

/** `{enabled: false}` with nothing in it that would be lost; `allowed` are keys that say nothing while it is off. */
function isDisabled(value: unknown, lists: readonly string[], allowed: readonly string[] = []): boolean {
  if (value === null) return true;
  if (typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([key, inner]) =>
      (key === 'enabled' && isOff(inner)) ||
      (lists.includes(key) && isEmptyList(inner)) ||
      allowed.includes(key),
  );
}

const hasNoRules = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);

function isEmptyGuardrails(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([key, inner]) => (key === 'prompt' || key === 'response') && hasNoRules(inner),
  );
}

const onlyNull: UnavailableField = { shown: null, neutral: (value) => value === null };
const onlyFalse: UnavailableField = { shown: false, neutral: isOff };

const UNAVAILABLE_FIELDS: Readonly<Record<string, UnavailableField>> = {
  dlp: {
    shown: { enabled: false, policies: [] },
    neutral: (value) => isDisabled(value, ['policies', 'profiles'], ['action']),
  },
  guardrails: { shown: null, neutral: isEmptyGuardrails },
  log_classification: onlyFalse,
  logpush: onlyFalse,
  logpush_public_key: onlyNull,
  otel: { shown: null, neutral: isEmptyList },
  spend_limits: { shown: null, neutral: (value) => isDisabled(value, ['rules']) },
  store_id: onlyNull,
  stripe: onlyNull,
  wholesale: onlyFalse,
  workers_ai_billing_mode: {
    shown: 'postpaid',
    neutral: (value) => value === null || value === 'postpaid',
  },
};

const UNAVAILABLE_MESSAGE = 'not available in this version; leave it out or send its neutral value';

/** Their schemas, for the body of a gateway. */
export const unavailableShape: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  Object.entries(UNAVAILABLE_FIELDS).map(([name, field]) => [
    name,
    z
      .unknown()
      .refine((value) => value === undefined || field.neutral(value), { error: UNAVAILABLE_MESSAGE })
      .meta({ description: `Not available in this version. Neutral value: ${JSON.stringify(field.shown)}` })
      .optional(),
  ]),
);

/** Their neutral values, as a GET shows them. */
export const shownUnavailable: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(UNAVAILABLE_FIELDS).map(([name, field]) => [name, field.shown]),
);
