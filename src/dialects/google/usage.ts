import type { Usage } from '../../core/usage.ts';
import { usageOf } from '../answer-facts.ts';
import { countOf, type Fields, fieldsOf, listOf, sumOfStated } from '../json-fields.ts';

/** `usageMetadata` of the Gemini API and of Vertex. What was read from a cache is inside the prompt count. */
export function readGoogleUsage(usage: Fields): Usage | null {
  const prompt = countOf(usage.promptTokenCount);
  const toolUse = countOf(usage.toolUsePromptTokenCount);
  const thoughts = countOf(usage.thoughtsTokenCount);
  const total = countOf(usage.totalTokenCount);
  const input = prompt === null ? null : prompt + (toolUse ?? 0);
  // The REST form leaves out a count of 0, as all of its zeros: then the total still tells.
  const output =
    sumOfStated(countOf(usage.candidatesTokenCount) ?? countOf(usage.responseTokenCount), thoughts) ??
    (input !== null && total !== null && total >= input ? total - input : null);
  return usageOf({
    inputTokens: input,
    outputTokens: output,
    cacheReadTokens: countOf(usage.cachedContentTokenCount),
    reasoningTokens: thoughts,
    audioInputTokens: sumOfStated(
      ofModality(usage.promptTokensDetails, 'AUDIO'),
      ofModality(usage.toolUsePromptTokensDetails, 'AUDIO'),
    ),
    imageInputTokens: sumOfStated(
      ofModality(usage.promptTokensDetails, 'IMAGE'),
      ofModality(usage.toolUsePromptTokensDetails, 'IMAGE'),
    ),
    audioOutputTokens: ofModality(usage.candidatesTokensDetails, 'AUDIO'),
    imageOutputTokens: ofModality(usage.candidatesTokensDetails, 'IMAGE'),
    totalTokens: total,
  });
}

function ofModality(details: unknown, modality: string): number | null {
  let count: number | null = null;
  for (const detail of listOf(details).map(fieldsOf)) {
    if (detail?.modality === modality) count = sumOfStated(count, countOf(detail.tokenCount));
  }
  return count;
}
