import type { RetryControls } from '../core/controls.ts';

/** Longest wait between attempts, ours or one that the provider asks for. */
export const MAX_DELAY_MS = 60_000;

/** 408, 409, 429 and every 5xx (529 among them): the provider says that the same request may succeed later. */
export function isRetriableStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/** Reads `retry-after-ms`, then `retry-after` (seconds or an HTTP date). Null when absent or unreadable. */
export function retryAfterMs(header: (name: string) => string | null, nowMs: number): number | null {
  const ms = header('retry-after-ms');
  if (ms !== null && /^\d{1,9}(\.\d+)?$/.test(ms)) return Math.ceil(Number(ms));
  const value = header('retry-after');
  if (value === null) return null;
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

/**
 * How long to wait after failed attempt number `attempt` (from 1): the configured back-off or what the provider asks
 * for, whichever is longer. Null when the provider asks for more than the limit: then trying again would only annoy it.
 */
export function delayBefore(attempt: number, retry: RetryControls, askedMs: number | null): number | null {
  if (askedMs !== null && askedMs > MAX_DELAY_MS) return null;
  const factor = retry.backoff === 'constant' ? 1 : retry.backoff === 'linear' ? attempt : 2 ** (attempt - 1);
  return Math.max(Math.min(retry.delayMs * factor, MAX_DELAY_MS), askedMs ?? 0);
}
