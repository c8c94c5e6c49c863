import type { AnswerFacts } from '../core/dialect.ts';
import { emptyUsage, type Usage } from '../core/usage.ts';
import { estimateTokens } from '../wire/estimate-tokens.ts';

/** Facts while they are being found. */
export type FoundFacts = { -readonly [Key in keyof AnswerFacts]: AnswerFacts[Key] };

export type Ending = AnswerFacts['ending'];

export function noFacts(ending: Ending): FoundFacts {
  return { model: null, usage: null, finishReason: null, errorType: null, errorMessage: null, ending };
}

/** Usage with the given figures, or null when none of them is stated. */
export function usageOf(figures: Partial<Usage>): Usage | null {
  const usage = { ...emptyUsage(), ...figures };
  for (const [name, figure] of Object.entries(usage)) {
    if (name !== 'estimated' && figure !== null) return usage;
  }
  return null;
}

/**
 * What is kept for a stream that broke off: the figures that were stated, and for the output, where none was, an
 * estimate of the text that came, times `scale` when only a part of it was read. Without any text an output of 0 is claimed only beside a stated input.
 */
export function usageOfBrokenStream(
  stated: Usage | null,
  texts: readonly string[],
  scale: number,
): Usage | null {
  if (stated !== null && (stated.outputTokens ?? 0) > 0) return stated;
  const outputTokens = Math.round(estimateTokens(texts.join('')) * scale);
  if (outputTokens === 0 && stated === null) return null;
  return { ...(stated ?? emptyUsage()), outputTokens, estimated: true };
}
