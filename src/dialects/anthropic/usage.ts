import type { Usage } from '../../core/usage.ts';
import { usageOf } from '../answer-facts.ts';
import { amountOf, countOf, type Fields, statedUnits, sumOfStated, within } from '../json-fields.ts';

/** Anthropic states what went through its cache beside `input_tokens`, which counts only the rest. */
export function readAnthropicUsage(usage: Fields): Usage | null {
  const written = within(usage, 'cache_creation');
  const fresh = countOf(usage.input_tokens);
  const cacheRead = countOf(usage.cache_read_input_tokens);
  const writtenFor1h = countOf(written.ephemeral_1h_input_tokens);
  const writtenFor5m = countOf(written.ephemeral_5m_input_tokens);
  const allWritten = countOf(usage.cache_creation_input_tokens) ?? sumOfStated(writtenFor5m, writtenFor1h);
  const tools = within(usage, 'server_tool_use');
  return usageOf({
    inputTokens: fresh === null ? null : fresh + (cacheRead ?? 0) + (allWritten ?? 0),
    outputTokens: countOf(usage.output_tokens),
    cacheReadTokens: cacheRead,
    cacheWriteTokens:
      writtenFor5m ?? (allWritten === null ? null : Math.max(0, allWritten - (writtenFor1h ?? 0))),
    cacheWrite1hTokens: writtenFor1h,
    reasoningTokens: countOf(within(usage, 'output_tokens_details').thinking_tokens),
    units: statedUnits({
      searches: positive(amountOf(tools.web_search_requests)),
      fetches: positive(amountOf(tools.web_fetch_requests)),
    }),
  });
}

/** Tools that were not used are stated as 0 in every answer: that is no unit worth keeping. */
function positive(amount: number | null): number | null {
  return amount === 0 ? null : amount;
}
