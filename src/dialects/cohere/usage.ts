import type { Usage } from '../../core/usage.ts';
import { usageOf } from '../answer-facts.ts';
import { amountOf, countOf, type Fields, firstCount, statedUnits, within } from '../json-fields.ts';

/**
 * Cohere's `usage` (v2) and `meta` (v1): the tokens that the model saw, and apart from them what is billed, which
 * can be less. Where only billed units are stated (embed), they are the tokens too.
 */
export function readCohereUsage(usage: Fields): Usage | null {
  const tokens = within(usage, 'tokens');
  const billed = within(usage, 'billed_units');
  return usageOf({
    inputTokens: firstCount(tokens.input_tokens, billed.input_tokens),
    outputTokens: firstCount(tokens.output_tokens, billed.output_tokens),
    cacheReadTokens: firstCount(usage.cached_tokens, tokens.cached_tokens),
    imageInputTokens: countOf(billed.image_tokens),
    units: statedUnits({
      billed_input_tokens: amountOf(billed.input_tokens),
      billed_output_tokens: amountOf(billed.output_tokens),
      search_units: amountOf(billed.search_units),
      classifications: amountOf(billed.classifications),
      images: amountOf(billed.images),
      pages: amountOf(billed.pages),
    }),
  });
}
