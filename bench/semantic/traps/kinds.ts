/**
 * Pairs of requests that look alike and want another answer. Each kind has sentences with a gap `{x}`, and pairs of
 * fillings that must not be taken for each other.
 */
export interface LookAlikeKind {
  readonly kind: string;
  readonly phrases: readonly (readonly [sentence: string, fillings: readonly Filling[]])[];
  /** The sentences have a second gap `{y}`, and the second request has both fillings the other way round. */
  readonly swaps?: true;
}

export type Filling = readonly [string, string];

export const kindOf = (
  name: string,
  sentences: readonly string[],
  fillings: readonly Filling[],
): LookAlikeKind => ({
  kind: name,
  phrases: sentences.map((sentence) => [sentence, fillings]),
});

export const swapKindOf = (
  name: string,
  sentences: readonly string[],
  fillings: readonly Filling[],
): LookAlikeKind => ({
  ...kindOf(name, sentences, fillings),
  swaps: true,
});
