/** JSON from outside, read without trusting its shape: what is missing or of another type reads as empty. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(parent: unknown, key: string): JsonObject {
  const value = isObject(parent) ? parent[key] : undefined;
  return isObject(value) ? value : {};
}

export function listAt(parent: unknown, key: string): readonly unknown[] {
  const value = isObject(parent) ? parent[key] : undefined;
  return Array.isArray(value) ? value : [];
}

export function textAt(parent: unknown, key: string): string | null {
  const value = isObject(parent) ? parent[key] : undefined;
  return typeof value === 'string' ? value : null;
}

export function numberAt(parent: unknown, key: string): number | null {
  const value = isObject(parent) ? parent[key] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
