import type { Usage } from '../../core/usage.ts';
import { usageOf } from '../answer-facts.ts';
import {
  amountOf,
  countOf,
  dollarsToNanos,
  type Fields,
  fieldsOf,
  firstCount,
  statedUnits,
  within,
} from '../json-fields.ts';

/** xAI counts cost in ticks of 1e-10 USD. */
const TICKS_PER_NANO = 10;

/**
 * The `usage` object of OpenAI and of those who took over its shape, in its two spellings (prompt/completion of chat
 * completions, input/output of responses), with what each of them added.
 */
export function readOpenAiUsage(usage: Fields): Usage | null {
  const input = firstFields(
    usage,
    'prompt_tokens_details',
    'input_tokens_details',
    'input_token_details',
    'prompt_token_details',
  );
  const output = firstFields(
    usage,
    'completion_tokens_details',
    'output_tokens_details',
    'output_token_details',
  );
  const inputTokens = firstCount(usage.prompt_tokens, usage.input_tokens);
  const totalTokens = countOf(usage.total_tokens);
  const reasoningTokens = firstCount(output.reasoning_tokens, usage.reasoning_tokens);

  return usageOf({
    inputTokens,
    outputTokens: outputWithReasoning(
      firstCount(usage.completion_tokens, usage.output_tokens),
      reasoningTokens,
      inputTokens,
      totalTokens,
      usage,
    ),
    // DeepSeek has its own name, Moonshot and Mistral name it beside the counts.
    cacheReadTokens: firstCount(
      input.cached_tokens,
      usage.prompt_cache_hit_tokens,
      usage.cached_tokens,
      usage.num_cached_tokens,
    ),
    cacheWriteTokens: firstCount(input.cache_write_tokens, input.cache_creation_tokens),
    reasoningTokens,
    audioInputTokens: countOf(input.audio_tokens),
    audioOutputTokens: countOf(output.audio_tokens),
    imageInputTokens: countOf(input.image_tokens),
    imageOutputTokens: countOf(output.image_tokens),
    totalTokens,
    units: statedUnits({
      seconds: amountOf(usage.seconds) ?? amountOf(usage.prompt_audio_seconds),
      searches: amountOf(usage.num_search_queries),
      sources: amountOf(usage.num_sources_used),
      citation_tokens: amountOf(usage.citation_tokens),
      pages: amountOf(usage.pages_processed),
      images: amountOf(usage.generated_images),
    }),
    reportedCostNanos: readCost(usage),
  });
}

/**
 * Reasoning is part of the output with OpenAI, and beside it with xAI (whose total tells) and Perplexity (whose
 * total leaves it out, and which alone states it next to the counts with its searches).
 */
function outputWithReasoning(
  output: number | null,
  reasoning: number | null,
  input: number | null,
  total: number | null,
  usage: Fields,
): number | null {
  if (output === null || reasoning === null || reasoning === 0) return output;
  const isBeside =
    reasoning > output ||
    (total !== null && input !== null && total === input + output + reasoning) ||
    (countOf(usage.reasoning_tokens) !== null && countOf(usage.num_search_queries) !== null);
  return isBeside ? output + reasoning : output;
}

function readCost(usage: Fields): number | null {
  const ticks = countOf(usage.cost_in_usd_ticks);
  if (ticks !== null) return Math.round(ticks / TICKS_PER_NANO);
  const parts = fieldsOf(usage.cost);
  if (parts) return dollarsToNanos(parts.total_cost);
  const cost = dollarsToNanos(usage.cost);
  if (cost === null || usage.is_byok !== true) return cost;
  // OpenRouter with the user's own key: `cost` is its fee, the model's own price stands apart.
  return cost + (dollarsToNanos(within(usage, 'cost_details').upstream_inference_cost) ?? 0);
}

function firstFields(usage: Fields, ...names: readonly string[]): Fields {
  for (const name of names) {
    const fields = fieldsOf(usage[name]);
    if (fields) return fields;
  }
  return {};
}
