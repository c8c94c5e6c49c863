import { fieldsOf, listOf, numberOrNull, parsedJson, textOf } from './loose.ts';

/** Why there is no answer, and what can be done about it. */
export interface Refusal {
  readonly message: string;
  readonly next: NextStep | null;
}

/** `key`: none is stored. `other-key`: the provider does not take the one that is. */
export type NextStep = 'key' | 'other-key' | 'limits' | 'model' | 'sign-in' | 'wait';

const LONGEST = 2000;
/** `no-provider-key` and `rate-limited` of docs/errors.md. */
const NO_KEY = 2040;
const RATE_LIMITED = 2003;

/** Of an answer with a bad status: the gateway's own words or the provider's, whatever form they have. */
export function refusalOf(status: number, body: string, hasRecord: boolean): Refusal {
  const value = parsedJson(body);
  const fields = fieldsOf(Array.isArray(value) ? value[0] : value);
  const code = numberOrNull(fields.internalCode);
  const message = messageOf(fields) || body.trim();
  return {
    message: message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message,
    next: nextStep(status, code, hasRecord),
  };
}

function messageOf(fields: Readonly<Record<string, unknown>>): string {
  const lines = [...listOf(fields.error), ...listOf(fields.errors)];
  const listed = lines.map((line) => textOf(fieldsOf(line).message)).filter((line) => line !== '');
  if (listed.length > 0) return listed.join('; ');
  const { error, message, detail } = fields;
  return textOf(fieldsOf(error).message) || textOf(error) || textOf(message) || textOf(detail);
}

function nextStep(status: number, code: number | null, hasRecord: boolean): NextStep | null {
  if (code === NO_KEY) return 'key';
  if (code === RATE_LIMITED) return 'limits';
  if (code !== null) return null;
  // Without a record it is the management API that refused.
  if (!hasRecord) return status === 401 ? 'sign-in' : null;
  if (status === 401 || status === 403) return 'other-key';
  if (status === 404) return 'model';
  return status === 429 || status === 503 || status === 529 ? 'wait' : null;
}
