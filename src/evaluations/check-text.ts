import { Validator } from '@cfworker/json-schema';

/** A test of a text that its author may have made slow: it runs on a thread of its own, under a time limit. */
export type TextCheck =
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string; readonly negate: boolean }
  | { readonly kind: 'json-schema'; readonly schema: object | boolean };

export interface TextVerdict {
  readonly passed: boolean;
  readonly explanation: string | null;
}

const LONGEST_EXCERPT = 200;
const MOST_ERRORS = 3;

/** Throws when the pattern or the schema is none. */
export function checkText(check: TextCheck, text: string): TextVerdict {
  return check.kind === 'regex' ? checkRegex(check, text) : checkSchema(check.schema, text);
}

function checkRegex(check: Extract<TextCheck, { kind: 'regex' }>, text: string): TextVerdict {
  const match = new RegExp(check.pattern, check.flags).exec(text);
  return {
    passed: (match !== null) !== check.negate,
    explanation:
      match === null ? 'does not match' : `matches at ${match.index}: ${excerpt(JSON.stringify(match[0]))}`,
  };
}

function checkSchema(schema: object | boolean, text: string): TextVerdict {
  const validator = new Validator(schema, '2020-12');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { passed: false, explanation: 'is not JSON' };
  }
  const { valid, errors } = validator.validate(value);
  if (valid) return { passed: true, explanation: null };
  // The first line of each chain says only that something inside is not valid.
  const told = errors.filter(({ keyword }) => !['properties', 'items', '$ref'].includes(keyword));
  const lines = (told.length > 0 ? told : errors)
    .slice(0, MOST_ERRORS)
    .map(({ instanceLocation, error }) => excerpt(`${instanceLocation}: ${error}`));
  return { passed: false, explanation: lines.join(' ') };
}

const excerpt = (text: string): string =>
  text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT)}…` : text;
