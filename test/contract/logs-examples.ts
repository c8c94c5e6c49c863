import { expect } from 'vitest';
import type { LogFilter, LogRecord } from '../../src/core/stores/logs.ts';
import { emptyUsage } from '../../src/core/usage.ts';
import { aQuery, aRecord, openTestLogs, type TestLogs } from './logs-fixtures.ts';

export const START = Date.UTC(2026, 9, 1);
/** Four of one gateway, each with something that the others do not have. */
export const EXAMPLES: LogRecord[] = [
  aRecord({ createdAt: START, provider: 'openai', model: 'gpt-4o', costNanos: 5_000_000 }),
  aRecord({
    createdAt: START + 1,
    provider: 'anthropic',
    model: 'claude',
    costNanos: null,
    usage: null,
    metadata: null,
    success: false,
    statusCode: 529,
    errorType: 'overloaded_error',
    errorMessage: 'Overloaded: 100% busy',
    firstByteMs: null,
    userAgent: null,
  }),
  aRecord({
    createdAt: START + 2,
    provider: 'openai',
    model: null,
    cached: true,
    cacheStatus: 'HIT',
    costNanos: 0,
    savedNanos: 7,
    durationMs: 2,
    metadata: { team: "o'neil", 'user_id"': 'x' },
    sessionId: 's-1',
    step: 1,
    usage: { ...emptyUsage(), inputTokens: 5, units: { images: 2 }, estimated: true },
  }),
  aRecord({
    createdAt: START + 2,
    provider: 'groq',
    model: '100%_sure',
    rateLimited: true,
    statusCode: 429,
    success: false,
    modelType: null,
    authentication: false,
    durationMs: 9000,
    requestContentType: null,
    responseContentType: 'text/event-stream',
    attempts: [],
    decisions: [],
  }),
];

/** Logs with the examples, and one record each of another gateway and of another account. */
export function openExampleLogs(folder: string): TestLogs {
  const logs = openTestLogs(folder);
  for (const record of EXAMPLES) logs.sink.append(record, null);
  logs.sink.append(aRecord({ gateway: 'other', createdAt: START }), null);
  logs.sink.append(aRecord({ account: 'foreign', createdAt: START }), null);
  return logs;
}

/** Places in EXAMPLES of those that match. */
export async function matching(logs: TestLogs, ...filters: LogFilter[]): Promise<number[]> {
  const page = await logs.store.list(aQuery({ filters, direction: 'asc' }));
  expect(page.totalCount).toBe(page.rows.length);
  return page.rows.map((row) => EXAMPLES.findIndex((record) => record.id === row.id)).sort();
}

export const filter = (
  key: string,
  operator: LogFilter['operator'],
  ...value: LogFilter['value'][number][]
): LogFilter => ({ key, operator, value });
