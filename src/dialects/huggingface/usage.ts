import type { Usage } from '../../core/usage.ts';
import { usageOf } from '../answer-facts.ts';
import { countOf, type Fields, listOf } from '../json-fields.ts';

/** `details` of the text generation server, which are there only when the request asked for them. */
export function readGenerationDetails(details: Fields): Usage | null {
  const prefill = listOf(details.prefill).length;
  return usageOf({
    inputTokens: countOf(details.input_length) ?? (prefill > 0 ? prefill : null),
    outputTokens: countOf(details.generated_tokens),
  });
}
