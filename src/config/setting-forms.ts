import { isIP } from 'node:net';
import { z } from 'zod';
import { Secret } from '../core/secret.ts';

/**
 * The forms that a setting's value may have. Each takes what flags and variables give (text) and what the file gives
 * (text, numbers, booleans, lists), and says in `form` what it expects, for error messages and for the documentation.
 */
export interface SettingForm<T> {
  readonly form: string;
  readonly schema: z.ZodType<T>;
}

const scalarText = z.union([z.string(), z.number().transform(String)]);

export function text(form: string, pattern: RegExp): SettingForm<string> {
  return { form, schema: scalarText.pipe(z.string().regex(pattern)) };
}

export function integer(min: number, max: number, unit = ''): SettingForm<number> {
  return {
    form: `a whole number${unit ? ` of ${unit}` : ''} from ${min} to ${max}`,
    schema: z
      .union([
        z.number(),
        z
          .string()
          .regex(/^\d{1,15}$/)
          .transform(Number),
      ])
      .pipe(z.number().int().min(min).max(max)),
  };
}

export function choice<const T extends string>(...words: T[]): SettingForm<T> {
  return { form: `one of ${words.join(', ')}`, schema: z.enum(words) };
}

const SWITCH: Readonly<Record<string, boolean>> = { on: true, true: true, off: false, false: false };

export const onOff: SettingForm<boolean> = {
  form: 'on or off',
  schema: z.union([
    z.boolean(),
    z.string().transform((word, context) => {
      const value = SWITCH[word.toLowerCase()];
      if (value === undefined) context.addIssue('is neither on nor off');
      return value ?? false;
    }),
  ]),
};

export function secret(form: string, minLength: number): SettingForm<Secret> {
  return {
    form,
    schema: scalarText
      .pipe(
        z
          .string()
          .min(minLength)
          .regex(/^[\x20-\x7e]+$/),
      )
      .transform((value) => new Secret(value)),
  };
}

/** A list: commas between the parts in flags and variables, a YAML list or the same text in the file. */
export function list(
  form: string,
  problemOf: (part: string) => string | null,
): SettingForm<readonly string[]> {
  const parts = z.union([
    z.array(scalarText),
    scalarText.transform((value) => value.split(',').map((part) => part.trim())),
  ]);
  return {
    form,
    schema: parts.transform((given, context) => {
      const kept = given.filter((part) => part !== '');
      for (const part of kept) {
        const problem = problemOf(part);
        if (problem) context.addIssue(problem);
      }
      return kept;
    }),
  };
}

/** Null when the text is a network (`10.0.0.0/8`, `fd00::/8`) or a single address. */
export function cidrProblem(part: string): string | null {
  const [address = '', prefix, ...rest] = part.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return `${JSON.stringify(part)} is no network like 10.0.0.0/8`;
  if (prefix === undefined) return null;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 4 ? 32 : 128)) {
    return `${JSON.stringify(part)} has no prefix length from 0 to ${family === 4 ? 32 : 128}`;
  }
  return null;
}

export function hostNameProblem(part: string): string | null {
  return isIP(part.replace(/^\[|\]$/g, '')) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(part)
    ? null
    : `${JSON.stringify(part)} is no host name (without scheme, port or path)`;
}

/** An upstream's base URL without its trailing slash, or what is wrong with it. */
export function readBaseUrl(given: string): { url: string } | { problem: string } {
  if (!URL.canParse(given)) return { problem: 'is no URL' };
  const url = new URL(given);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { problem: 'does not begin with https:// or http://' };
  }
  if (url.username !== '' || url.password !== '') {
    return { problem: 'holds a user name or a password: send credentials in headers, or store a key' };
  }
  if (/[?#]/.test(given)) return { problem: 'has a query or a fragment: leave it out' };
  return { url: given.replace(/\/+$/, '') };
}
