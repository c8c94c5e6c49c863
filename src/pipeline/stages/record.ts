import { errorEnvelope, GatewayError } from '../../core/errors.ts';
import type { Ending, Exchange } from '../../core/exchange.ts';
import type { HeaderList } from '../../core/headers.ts';
import type { Logger } from '../../core/logger.ts';
import { memo } from '../../core/memo.ts';
import { type BodyOutcome, BytesSource, Reply } from '../../core/reply.ts';
import type { Stage } from '../../core/stage.ts';
import type { LogRecord, RecordBodies, RecordSink } from '../../core/stores/logs.ts';

export interface RecordServices {
  draftRecord(exchange: Exchange, ending: Ending): LogRecord;
  /** `written` are the bytes of a reply that was made here. */
  draftBodies(exchange: Exchange, written: readonly Buffer[], headers: HeaderList): RecordBodies;
  /** Largest part of a body that a record keeps. */
  readonly payloadLimitBytes: number;
  readonly sink: RecordSink;
  /** Sees every request, also one of which no record is kept; null when nobody counts. */
  readonly count: ((record: LogRecord) => void) | null;
  readonly logger: Logger;
  /** Headers about the rate limit, for every reply of a limited gateway. */
  rateHeaders(exchange: Exchange): string[];
}

/**
 * The outermost stage: whatever happens inside, there is one reply, it carries our headers, and when it ends there is
 * one record, on disk before the client sees the end.
 */
export function record(services: RecordServices): Stage<Exchange> {
  return async (exchange, next) => {
    let reply: Reply;
    let error: GatewayError | null = null;
    try {
      reply = await next(exchange);
    } catch (thrown) {
      error = asGatewayError(thrown, exchange, services.logger);
      reply = errorReply(error);
    }
    const controls = exchange.step?.controls;
    const collects = controls?.collectLog ?? exchange.gateway.collectLogs;
    const ownReply = error !== null || exchange.answer === null;
    const written: Buffer[] = [];
    let responseBytes = 0;
    reply.headers = withOurHeaders(exchange, reply.headers, collects, services.rateHeaders(exchange));
    return reply.observe({
      chunk: (bytes) => {
        responseBytes += bytes.length;
        // An upstream's answer is captured where it arrives; only replies made here are kept here.
        if (ownReply && responseBytes <= services.payloadLimitBytes) written.push(bytes);
      },
      end: (outcome: BodyOutcome, failure) => {
        if (!collects && services.count === null) return;
        const draft = services.draftRecord(exchange, {
          status: reply.status,
          outcome,
          error: error ?? failure,
          responseBytes,
          headers: reply.headers,
        });
        services.count?.(draft);
        if (!collects) return;
        const bodies =
          (controls?.collectPayload ?? exchange.gateway.collectPayloads) && !isUnauthorized(error)
            ? services.draftBodies(exchange, written, reply.headers)
            : null;
        services.sink.append(draft, bodies);
      },
    });
  };
}

/** A caller without a token must not be able to fill the disk with bodies. */
function isUnauthorized(error: GatewayError | null): boolean {
  return error?.kind === 'unauthorized';
}

export function errorReply(error: GatewayError): Reply {
  const body = Buffer.from(errorEnvelope(error));
  const headers = [
    'content-type',
    'application/json',
    'content-length',
    String(body.length),
    ...error.headers,
  ];
  // SDKs of the Stainless family retry by this header; the 400 of 2005 alone would stop them.
  if (error.retriable) headers.push('x-should-retry', 'true');
  return new Reply(error.status, headers, new BytesSource([body]));
}

function asGatewayError(thrown: unknown, exchange: Exchange, logger: Logger): GatewayError {
  if (thrown instanceof GatewayError && thrown.kind !== 'internal') return thrown;
  logger.error(
    { id: exchange.id, error: thrown instanceof GatewayError ? (thrown.cause ?? thrown) : thrown },
    'internal error on the request path',
  );
  return new GatewayError('internal', `Internal error; search the gateway's log for ${exchange.id}`, {
    cause: thrown,
  });
}

function withOurHeaders(
  exchange: Exchange,
  upstream: HeaderList,
  collects: boolean,
  rate: string[],
): HeaderList {
  const eventId = exchange.step?.controls?.eventId ?? exchange.id;
  const headers = rate.length > 0 ? withoutRate(upstream) : [...upstream];
  if (collects) headers.push('cf-aig-log-id', exchange.id);
  headers.push(
    'cf-aig-request-id',
    exchange.id,
    'cf-aig-event-id',
    eventId,
    'cf-aig-step',
    String(exchange.step?.index ?? 0),
  );
  if (exchange.cacheStatus) headers.push('cf-aig-cache-status', exchange.cacheStatus);
  const { hit } = exchange;
  if (hit) {
    headers.push('age', String(Math.floor(hit.ageMs / 1000)), 'tidegate-cache-kind', hit.kind);
    if (hit.entry !== null) headers.push('tidegate-cache-entry', hit.entry);
    if (hit.similarity !== null) headers.push('tidegate-cache-similarity', hit.similarity.toFixed(4));
  } else if (exchange.cacheReason !== null) headers.push('tidegate-cache-reason', exchange.cacheReason);
  headers.push(...rate);
  return headers;
}

const saysRate = memo((name) => /^ratelimit-(limit|remaining|reset)$/i.test(name));

/** A limited gateway speaks of its own limit: two of the same header would be read as either. */
function withoutRate(headers: HeaderList): HeaderList {
  const kept: HeaderList = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (!saysRate(headers[i]!)) kept.push(headers[i]!, headers[i + 1]!);
  }
  return kept;
}
