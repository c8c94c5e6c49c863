import type { CostFinding, Ending, Exchange } from '../core/exchange.ts';
import { findHeader, type HeaderList } from '../core/headers.ts';
import type { LogRecord, RecordBodies } from '../core/stores/logs.ts';
import { emptyUsage, type Usage } from '../core/usage.ts';
import { resendFacts } from './resend.ts';

export interface DraftServices {
  /** Largest part of a body that a record keeps. */
  readonly payloadLimitBytes: number;
  /** Monotonic ms. */
  tick(): number;
  costOf(exchange: Exchange): CostFinding;
  /** chat, embeddings, messages … from the endpoint; null when it cannot be told. */
  kindOf(endpoint: string): string | null;
}

// Session headers of agents in use, most specific first (field notes on clients).
const SESSION_HEADERS = [
  'cf-aig-session-id',
  'x-claude-code-session-id',
  'session_id',
  'x-session-id',
  'x-session-affinity',
];

const HIT_USAGE: Usage = { ...emptyUsage(), inputTokens: 0, outputTokens: 0 };

/** Everything that is known about an exchange when its reply has ended. */
export function draftRecord(exchange: Exchange, ending: Ending, services: DraftServices): LogRecord {
  const { step, answer, hit, gateway } = exchange;
  const facts = answer?.facts ?? null;
  const nowTick = services.tick();
  const durationMs = nowTick - exchange.arrivedTick;
  const firstByteMs = exchange.firstByteTick === null ? null : exchange.firstByteTick - exchange.arrivedTick;
  const usage = hit ? HIT_USAGE : (facts?.usage ?? null);
  const cost = services.costOf(exchange);
  if (cost.rule !== null || cost.detail !== null)
    exchange.decide(
      'price',
      cost.costNanos === null ? 'unknown' : `${cost.costNanos} nano-dollars`,
      cost.rule,
      cost.detail,
    );
  const left = exchange.left || ending.outcome === 'left';
  const path = step?.endpoint.split('?', 1)[0] ?? '';
  const responseContentType = findHeader(ending.headers, 'content-type');
  const success =
    ending.status < 400 && ending.outcome === 'complete' && !exchange.left && facts?.ending !== 'failed';
  return {
    id: exchange.id,
    account: exchange.account,
    gateway: gateway.id,
    createdAt: exchange.arrivedAt,
    eventId: step?.controls?.eventId ?? exchange.id,
    method: exchange.method,
    provider:
      step?.provider.id ??
      (exchange.requestType === 'universal' ? 'universal' : exchange.rest.split(/[/?]/, 1)[0]!.slice(0, 64)),
    model: facts?.model ?? hit?.model ?? step?.model ?? null,
    modelRequested: step?.model ?? null,
    modelType: step ? services.kindOf(step.endpoint) : null,
    path,
    requestType: exchange.origin ?? exchange.requestType,
    requestContentType: step?.header('content-type') ?? null,
    responseContentType,
    statusCode: ending.status,
    success,
    cached: hit !== null,
    cacheStatus: exchange.cacheStatus,
    cacheKind: hit?.kind ?? null,
    cacheReason: hit === null ? exchange.cacheReason : null,
    rateLimited: ending.error?.kind === 'rate-limited',
    streamed:
      (responseContentType !== null && /event-?stream/.test(responseContentType)) ||
      step?.facts.stream === true ||
      /:stream|-stream$/.test(path),
    durationMs: round(durationMs),
    firstByteMs: firstByteMs === null ? null : round(firstByteMs),
    overheadMs: overhead(exchange, durationMs),
    tokensPerSecond: tokensPerSecond(usage, hit !== null, durationMs, firstByteMs),
    usage,
    costNanos: cost.costNanos,
    customCost: cost.isCustom,
    savedNanos: hit ? hit.costNanos : null,
    savedMs:
      hit === null || hit.durationMs === null || !success
        ? null
        : Math.max(0, Math.round(hit.durationMs - durationMs)),
    metadata: step?.controls?.metadata ?? null,
    step: step?.index ?? 0,
    attempts: exchange.attempts,
    decisions: exchange.decisions,
    userAgent: exchange.header('user-agent'),
    sessionId: sessionOf(exchange),
    requestSize:
      exchange.body.kind === 'held' ? exchange.body.size : (exchange.body.size ?? exchange.body.head.length),
    responseSize: ending.responseBytes,
    finishReason: facts?.finishReason ?? null,
    errorType:
      ending.error?.kind ??
      // Before the leaving: clients leave because of the error that the provider stated in its stream.
      facts?.errorType ??
      (left ? 'client-closed' : ending.status >= 400 ? `status ${ending.status}` : null),
    errorMessage: ending.error?.message ?? facts?.errorMessage ?? null,
    outcome: left ? 'left' : ending.outcome,
    authentication: gateway.authentication,
    byok: exchange.usedStoredKey,
    tokenId: exchange.token?.id ?? null,
    userId: userOf(exchange),
    resend: resendFacts(exchange),
  };
}

/** Bodies as they were on the wire, cut at the limit. */
export function draftBodies(
  exchange: Exchange,
  written: readonly Buffer[],
  headers: HeaderList,
  services: DraftServices,
): RecordBodies {
  const limit = services.payloadLimitBytes;
  const { body, answer } = exchange;
  const request = body.kind === 'held' ? body.chunks : [body.head];
  const response = answer ? cut(answer.capture.chunks, limit) : written;
  return {
    request: cut(request, limit),
    response,
    requestTruncated: body.kind === 'streaming' || body.size > limit,
    responseTruncated: answer ? answer.capture.totalBytes > limit || !answer.capture.isWhole : false,
    requestEncoding: exchange.header('content-encoding') ?? '',
    responseEncoding: findHeader(headers, 'content-encoding') ?? '',
  };
}

function cut(chunks: readonly Buffer[], limit: number): readonly Buffer[] {
  let total = 0;
  for (const chunk of chunks) total += chunk.length;
  if (total <= limit) return chunks;
  const kept: Buffer[] = [];
  let room = limit;
  for (const chunk of chunks) {
    if (room <= 0) break;
    kept.push(chunk.length <= room ? chunk : chunk.subarray(0, room));
    room -= chunk.length;
  }
  return kept;
}

/** Time in the gateway itself: from the request's last byte to the first attempt, or to the end when the answer was made here. */
function overhead(exchange: Exchange, durationMs: number): number {
  const fromTick = exchange.receivedTick ?? exchange.arrivedTick;
  return round((exchange.firstSentTick ?? exchange.arrivedTick + durationMs) - fromTick);
}

function tokensPerSecond(
  usage: Usage | null,
  isHit: boolean,
  durationMs: number,
  firstByteMs: number | null,
): number | null {
  if (isHit || firstByteMs === null || !usage?.outputTokens) return null;
  const seconds = (durationMs - firstByteMs) / 1000;
  // An answer that came in one piece has no rate.
  return seconds < 0.005 ? null : round(usage.outputTokens / seconds);
}

function sessionOf(exchange: Exchange): string | null {
  for (const name of SESSION_HEADERS) {
    const value = exchange.header(name);
    if (value) return value.slice(0, 256);
  }
  const fromMetadata = exchange.step?.controls?.metadata?.session_id;
  return fromMetadata === undefined ? null : String(fromMetadata).slice(0, 256);
}

// The platform's own key first (spec 17.3), then what applications use.
const USER_KEYS = ['cf.user_id', 'user_id', 'user'];

function userOf(exchange: Exchange): string | null {
  const metadata = exchange.step?.controls?.metadata;
  if (!metadata) return null;
  for (const key of USER_KEYS) {
    const value = metadata[key];
    if (value !== undefined) return String(value).slice(0, 256);
  }
  return null;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
