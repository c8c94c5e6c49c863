import { GatewayError } from '../core/errors.ts';

/** A stored key that is a JSON object with a region or a resource beside the key; null when it is a plain key. */
export function readSecretObject(secret: string): Readonly<Record<string, unknown>> | null {
  if (!secret.trimStart().startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(secret);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through: neither object nor plain key.
  }
  throw new GatewayError(
    'no-provider-key',
    'The stored key begins like a JSON object but is none. Store it again',
  );
}

export function optionalText(object: Readonly<Record<string, unknown>>, key: string): string | null {
  const value = Object.hasOwn(object, key) ? object[key] : null;
  return typeof value === 'string' && value !== '' ? value : null;
}

export function requiredText(object: Readonly<Record<string, unknown>>, key: string, form: string): string {
  const value = optionalText(object, key);
  if (value === null) {
    throw new GatewayError(
      'no-provider-key',
      `The stored key lacks \`${key}\`: ${form} is expected. Store it again`,
    );
  }
  return value;
}
