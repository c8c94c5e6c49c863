import type { AnswerFacts } from '../core/dialect.ts';
import { emptyUsage, type Usage } from '../core/usage.ts';
import { estimateTokens } from '../wire/estimate-tokens.ts';

/** Facts while they are being found. */
export type FoundFacts = { -readonly [Key in keyof AnswerFacts]: AnswerFacts[Key] };

export type Ending = AnswerFacts['ending'];

export function noFacts(ending: Ending): FoundFacts {
  return { model: null, usage: null, finishReason: null, errorType: null, errorMessage: null, ending };
}

/** Usage with the given figures, or null when none of them is stated. Every answer asks: hence without loops and spreads. */
export function usageOf(figures: Partial<Usage>): Usage | null {
  const usage: Usage = {
    inputTokens: figures.inputTokens ?? null,
    outputTokens: figures.outputTokens ?? null,
    cacheReadTokens: figures.cacheReadTokens ?? null,
    cacheWriteTokens: figures.cacheWriteTokens ?? null,
    cacheWrite1hTokens: figures.cacheWrite1hTokens ?? null,
    reasoningTokens: figures.reasoningTokens ?? null,
    audioInputTokens: figures.audioInputTokens ?? null,
    audioOutputTokens: figures.audioOutputTokens ?? null,
    imageInputTokens: figures.imageInputTokens ?? null,
    imageOutputTokens: figures.imageOutputTokens ?? null,
    totalTokens: figures.totalTokens ?? null,
    units: figures.units ?? null,
    reportedCostNanos: figures.reportedCostNanos ?? null,
    estimated: figures.estimated ?? false,
  };
  return statesNothing(usage) ? null : usage;
}

function statesNothing(usage: Usage): boolean {
  return (
    usage.inputTokens === null &&
    usage.outputTokens === null &&
    usage.totalTokens === null &&
    usage.units === null &&
    usage.cacheReadTokens === null &&
    usage.cacheWriteTokens === null &&
    usage.cacheWrite1hTokens === null &&
    usage.reasoningTokens === null &&
    usage.audioInputTokens === null &&
    usage.audioOutputTokens === null &&
    usage.imageInputTokens === null &&
    usage.imageOutputTokens === null &&
    usage.reportedCostNanos === null
  );
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
