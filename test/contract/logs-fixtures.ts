import { systemClock } from '../../src/core/clock.ts';
import { Health } from '../../src/core/health.ts';
import { newId } from '../../src/core/ids.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { LogQuery, LogRecord, RecordBodies } from '../../src/core/stores/logs.ts';
import { emptyUsage } from '../../src/core/usage.ts';
import { type Logs, type LogsOptions, openLogs } from '../../src/records/open-logs.ts';

export const clock = systemClock();

export function aRecord(change: Partial<LogRecord> = {}): LogRecord {
  const createdAt = change.createdAt ?? clock.now();
  return {
    id: newId(createdAt),
    account: 'local',
    gateway: 'main',
    createdAt,
    eventId: 'event-1',
    method: 'POST',
    provider: 'openai',
    model: 'gpt-4o-mini',
    modelRequested: 'gpt-4o-mini',
    modelType: 'chat',
    path: 'chat/completions',
    requestType: 'native',
    requestContentType: 'application/json',
    responseContentType: 'application/json',
    statusCode: 200,
    success: true,
    cached: false,
    cacheStatus: 'MISS',
    cacheKind: change.cached === true ? 'exact' : null,
    cacheReason: null,
    rateLimited: false,
    streamed: false,
    durationMs: 523.25,
    firstByteMs: 410.5,
    overheadMs: 0.6,
    tokensPerSecond: 55.2,
    usage: { ...emptyUsage(), inputTokens: 210, outputTokens: 28, cacheReadTokens: 100 },
    costNanos: 48_300,
    customCost: false,
    savedNanos: null,
    savedMs: null,
    metadata: { user: 'u-17', paid: true, seats: 3 },
    step: 0,
    attempts: [
      {
        step: 0,
        attempt: 1,
        provider: 'openai',
        model: 'gpt-4o-mini',
        startedMs: 0.7,
        firstByteMs: 409,
        durationMs: 522,
        status: 200,
        error: null,
        message: null,
        waitedMs: null,
      },
    ],
    decisions: [{ stage: 'auth', outcome: 'allowed', rule: 'token', detail: null }],
    userAgent: 'OpenAI/JS 6.49.0',
    sessionId: null,
    requestSize: 1024,
    responseSize: 2048,
    finishReason: 'stop',
    errorType: null,
    errorMessage: null,
    outcome: 'complete',
    authentication: true,
    byok: false,
    tokenId: 'token-1',
    userId: 'u-17',
    resend: { query: 'alt=sse', headers: ['anthropic-version', '2023-06-01'] },
    ...change,
  };
}

export function bodiesOf(request: Buffer | string | null, response: Buffer | string | null): RecordBodies {
  return {
    request: request === null ? null : [Buffer.from(request)],
    response: response === null ? null : [Buffer.from(response)],
    requestTruncated: false,
    responseTruncated: false,
    requestEncoding: '',
    responseEncoding: '',
  };
}

export function aQuery(change: Partial<LogQuery> = {}): LogQuery {
  return {
    account: 'local',
    gateway: 'main',
    filters: [],
    search: null,
    from: null,
    to: null,
    orderBy: 'created_at',
    direction: 'desc',
    limit: 1000,
    offset: 0,
    after: null,
    withRanges: false,
    ...change,
  };
}

export interface TestLogs extends Logs {
  readonly health: Health;
  readonly lines: string[];
}

export const LOG_MODULE = new URL('../../src/stores/sqlite/logs.ts', import.meta.url);
export const BODY_MODULE = new URL('../../src/stores/files/bodies.ts', import.meta.url);
const CONVERSATION_MODULE = new URL('../../src/dialects/conversation/read-conversation.ts', import.meta.url);

export function openTestLogs(dataDir: string, change: Partial<LogsOptions> = {}): TestLogs {
  const health = new Health();
  const lines: string[] = [];
  const line = (_fields: unknown, message: string) => void lines.push(message);
  const logger: Logger = { debug: line, info: line, warn: line, error: line };
  const logs = openLogs({
    dataDir,
    clock,
    health,
    logger,
    logModule: LOG_MODULE,
    bodyModule: BODY_MODULE,
    conversationModule: CONVERSATION_MODULE,
    timing: { gatherMs: 5, sweepMs: 50, shrinkMs: 100, restMs: 0 },
    ...change,
  });
  return { ...logs, health, lines };
}

/** Waits until it holds; fails with the last value when it never does. */
export async function eventually<T>(value: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const until = clock.tick() + 10_000;
  for (;;) {
    const last = await value();
    if (holds(last)) return last;
    if (clock.tick() > until) throw new Error(`it never came: ${JSON.stringify(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
