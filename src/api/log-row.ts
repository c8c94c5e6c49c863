import { nanosToUsd } from '../core/money.ts';
import type { AttemptLine, LogRow } from '../core/stores/logs.ts';
import type { Usage } from '../core/usage.ts';
import type { LogObject } from './contract.ts';

/** A record as the management API shows it: the fields of the hosted API, then ours. `metadata` is an object. */
export function showLog(row: LogRow): LogObject {
  const { usage } = row;
  return {
    id: row.id,
    created_at: new Date(row.createdAt).toISOString(),
    provider: row.provider,
    model: row.model ?? '',
    model_requested: row.modelRequested,
    model_type: row.modelType,
    method: row.method,
    path: row.path,
    request_type: row.requestType,
    request_content_type: row.requestContentType,
    response_content_type: row.responseContentType,
    request_size: row.requestSize,
    response_size: row.responseSize,
    status_code: row.statusCode,
    success: row.success,
    cached: row.cached,
    cache_status: row.cacheStatus,
    cache_kind: row.cacheKind,
    cache_reason: row.cacheReason,
    rate_limited: row.rateLimited,
    streamed: row.streamed,
    outcome: row.outcome,
    duration: Math.round(row.durationMs),
    timings: { total: row.durationMs, latency: row.firstByteMs },
    ttfb: row.firstByteMs,
    overhead: row.overheadMs,
    tokens_per_second: row.tokensPerSecond,
    tokens_in: usage?.inputTokens ?? null,
    tokens_out: usage?.outputTokens ?? null,
    usage_metadata: usage === null ? null : showUsage(usage),
    cost: usd(row.costNanos),
    custom_cost: row.customCost,
    saved: usd(row.savedNanos),
    saved_ms: row.savedMs,
    metadata: row.metadata === null ? null : { ...row.metadata },
    step: row.step,
    attempts: row.attempts.map(showAttempt),
    decisions: row.decisions.map((line) => ({ ...line })),
    event_id: row.eventId,
    session_id: row.sessionId,
    user_agent: row.userAgent,
    finish_reason: row.finishReason,
    error_type: row.errorType,
    error_message: row.errorMessage,
    authentication: row.authentication,
    byok: row.byok,
    wholesale: false,
    token_id: row.tokenId,
    user_id: row.userId,
    feedback: row.feedback,
    score: row.score,
    prompt_preview: row.promptPreview,
  };
}

export const usd = (nanos: number | null): number | null => (nanos === null ? null : nanosToUsd(nanos));

function showUsage(usage: Usage): LogObject['usage_metadata'] {
  const { inputTokens, outputTokens } = usage;
  const summed =
    inputTokens === null && outputTokens === null ? null : (inputTokens ?? 0) + (outputTokens ?? 0);
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: usage.totalTokens ?? summed,
    input_cached_tokens: usage.cacheReadTokens,
    input_cache_write_tokens: usage.cacheWriteTokens,
    input_cache_write_1h_tokens: usage.cacheWrite1hTokens,
    input_audio_tokens: usage.audioInputTokens,
    input_image_tokens: usage.imageInputTokens,
    output_reasoning_tokens: usage.reasoningTokens,
    output_audio_tokens: usage.audioOutputTokens,
    output_image_tokens: usage.imageOutputTokens,
    units: usage.units === null ? null : { ...usage.units },
    estimated: usage.estimated,
  };
}

function showAttempt(line: AttemptLine): LogObject['attempts'][number] {
  return {
    step: line.step,
    attempt: line.attempt,
    provider: line.provider,
    model: line.model,
    started: line.startedMs,
    first_byte: line.firstByteMs,
    duration: line.durationMs,
    status_code: line.status,
    error: line.error,
    message: line.message,
    waited: line.waitedMs,
  };
}
