/**
 * What a provider says that a call used. Every figure is as the provider states it, normalised so that the same
 * field means the same thing everywhere; null is 'not stated', which is never the same as 0.
 */
export interface Usage {
  /** All input tokens, those read from and written to a provider cache included. */
  inputTokens: number | null;
  /** All output tokens, reasoning included. */
  outputTokens: number | null;
  /** Part of inputTokens that was read from the provider's prompt cache. */
  cacheReadTokens: number | null;
  /** Part of inputTokens that was written to the provider's prompt cache (Anthropic: the 5-minute kind). */
  cacheWriteTokens: number | null;
  /** Part of inputTokens that was written to a 1-hour prompt cache (Anthropic). */
  cacheWrite1hTokens: number | null;
  /** Part of outputTokens that was spent on reasoning. */
  reasoningTokens: number | null;
  /** Part of inputTokens that is audio. */
  audioInputTokens: number | null;
  /** Part of outputTokens that is audio. */
  audioOutputTokens: number | null;
  /** Part of inputTokens that is images. */
  imageInputTokens: number | null;
  /** Part of outputTokens that is images. */
  imageOutputTokens: number | null;
  /** Total as stated; null when the provider states none (then input + output is the total). */
  totalTokens: number | null;
  /** Units other than tokens, by the provider's own statement: characters, seconds, images, searches, pages, neurons … */
  units: Readonly<Record<string, number>> | null;
  /** What the provider itself says that the call cost, in nano-dollars (OpenRouter, Perplexity, xAI …). */
  reportedCostNanos: number | null;
  /** True when a figure was estimated here because the answer ended before the provider stated it. */
  estimated: boolean;
}

export function emptyUsage(): Usage {
  return {
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    cacheWrite1hTokens: null,
    reasoningTokens: null,
    audioInputTokens: null,
    audioOutputTokens: null,
    imageInputTokens: null,
    imageOutputTokens: null,
    totalTokens: null,
    units: null,
    reportedCostNanos: null,
    estimated: false,
  };
}
