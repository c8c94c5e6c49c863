/** A request for vectors, as one provider takes it. */
export interface EmbeddingCall {
  /** What follows the gateway in a URL: provider, path, query. */
  readonly rest: string;
  readonly body: object;
}

/** How one provider is asked for vectors, and where they stand in its answer. */
export interface EmbeddingShape {
  /**
   * Longest text in bytes of UTF-8 that surely fits into the model's window, for providers that cut longer ones
   * without a word. Null where they refuse them.
   */
  readonly mostBytes: number | null;
  call(texts: readonly string[]): EmbeddingCall;
  /** The vectors in the order of the texts, still to be checked: numbers, or float32 in base64. Null when the answer has none. */
  vectors(answer: unknown): readonly unknown[] | null;
}

/** What a shape is made of. */
export interface EmbeddingTarget {
  /** As it stands in the URL. */
  readonly slug: string;
  readonly model: string;
  /** Asked of a model that can be shortened; null is its own number. */
  readonly dimensions: number | null;
}

/** The list under a name of an object; null when there is none. */
export function listAt(value: unknown, name: string): readonly unknown[] | null {
  const list = fieldAt(value, name);
  return Array.isArray(list) ? list : null;
}

export function fieldAt(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** A model's name in a path: each of its parts encoded, `@` as it is. */
export const modelPath = (model: string): string =>
  model
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll('%40', '@'))
    .join('/');
