import type { Usage } from '../../core/usage.ts';
import { usageOf } from '../answer-facts.ts';
import { readAnthropicUsage } from '../anthropic/usage.ts';
import { amountOf, countOf, type Fields, fieldsOf, firstCount, listOf, sumOfStated } from '../json-fields.ts';
import { readOpenAiUsage } from '../openai/usage.ts';

/**
 * Usage of Bedrock in its own spellings (Converse, Nova, invocation metrics), or in that of the model's maker where
 * the answer keeps it. Bedrock states what went through the prompt cache beside the input count.
 */
export function readBedrockUsage(usage: Fields): Usage | null {
  if (countOf(usage.input_tokens) !== null) return readAnthropicUsage(usage);
  if (countOf(usage.prompt_tokens) !== null) return readOpenAiUsage(usage);
  return withCache(
    firstCount(usage.inputTokens, usage.inputTokenCount, usage.prompt_token_count, usage.inputTextTokenCount),
    firstCount(usage.outputTokens, usage.outputTokenCount, usage.generation_token_count),
    firstCount(usage.cacheReadInputTokens, usage.cacheReadInputTokenCount),
    firstCount(usage.cacheWriteInputTokens, usage.cacheWriteInputTokenCount),
    writtenFor1h(usage.cacheDetails),
    countOf(usage.totalTokens),
  );
}

/** Token counts that Bedrock puts beside the bodies of InvokeModel, whatever the model. */
export function readBedrockHeaders(headers: Readonly<Record<string, string>>): Usage | null {
  const count = (name: string): number | null =>
    countOf(amountOf(headers[`x-amzn-bedrock-${name}-token-count`]));
  return withCache(
    count('input'),
    count('output'),
    count('cache-read-input'),
    count('cache-write-input'),
    null,
    null,
  );
}

function withCache(
  fresh: number | null,
  outputTokens: number | null,
  cacheReadTokens: number | null,
  written: number | null,
  cacheWrite1hTokens: number | null,
  totalTokens: number | null,
): Usage | null {
  return usageOf({
    inputTokens: fresh === null ? null : fresh + (cacheReadTokens ?? 0) + (written ?? 0),
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens: written === null ? null : Math.max(0, written - (cacheWrite1hTokens ?? 0)),
    cacheWrite1hTokens,
    totalTokens,
  });
}

function writtenFor1h(details: unknown): number | null {
  let count: number | null = null;
  for (const detail of listOf(details).map(fieldsOf)) {
    if (detail?.ttl === '1h') count = sumOfStated(count, countOf(detail.inputTokens));
  }
  return count;
}
