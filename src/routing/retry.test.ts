import { expect, it } from 'vitest';
import { delayBefore, isRetriableStatus, retryAfterMs } from './retry.ts';

it('tries again where the provider says that it may help, and nowhere else', () => {
  expect([408, 409, 429, 500, 502, 503, 504, 529].every(isRetriableStatus)).toBe(true);
  expect([200, 301, 400, 401, 403, 404, 413, 422].some(isRetriableStatus)).toBe(false);
});

it('spaces attempts by the configured back-off', () => {
  const delays = (backoff: 'constant' | 'linear' | 'exponential'): (number | null)[] =>
    [1, 2, 3, 4].map((attempt) => delayBefore(attempt, { maxAttempts: 5, delayMs: 100, backoff }, null));
  expect(delays('constant')).toEqual([100, 100, 100, 100]);
  expect(delays('linear')).toEqual([100, 200, 300, 400]);
  expect(delays('exponential')).toEqual([100, 200, 400, 800]);
});

it('waits as long as the provider asks, up to a minute, and gives up beyond', () => {
  const retry = { maxAttempts: 3, delayMs: 100, backoff: 'constant' } as const;
  expect(delayBefore(1, retry, 2000)).toBe(2000);
  expect(delayBefore(1, retry, 5)).toBe(100);
  expect(delayBefore(1, retry, 60_001)).toBeNull();
  expect(delayBefore(4, { ...retry, delayMs: 60_000, backoff: 'exponential' }, null)).toBe(60_000);
});

it('reads both forms of Retry-After, and the header in milliseconds first', () => {
  const read = (fields: Record<string, string>): number | null =>
    retryAfterMs((name) => fields[name] ?? null, Date.UTC(2026, 0, 1));
  expect(read({ 'retry-after': '2' })).toBe(2000);
  expect(read({ 'retry-after': 'Thu, 01 Jan 2026 00:00:03 GMT' })).toBe(3000);
  expect(read({ 'retry-after-ms': '150', 'retry-after': '2' })).toBe(150);
  expect(read({ 'retry-after': 'soon' })).toBeNull();
  expect(read({})).toBeNull();
});
