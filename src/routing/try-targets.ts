import type { DialectId } from '../core/dialect.ts';
import { GatewayError } from '../core/errors.ts';
import type { Credential, Step } from '../core/exchange.ts';
import { findHeader } from '../core/headers.ts';
import { Reply } from '../core/reply.ts';
import type { Handler } from '../core/stage.ts';
import type { AttemptLine } from '../core/stores/logs.ts';
import { forwardedReplyHeaders } from '../upstream/request-headers.ts';
import { type SendServices, send } from '../upstream/send.ts';
import type { AnswerHead, PeekVerdict, UpstreamAnswer } from '../upstream/transport.ts';
import { type AnswerReader, AnswerTap } from './answer-tap.ts';
import { delayBefore, isRetriableStatus, MAX_DELAY_MS, retryAfterMs } from './retry.ts';

// How long an answer is held back at most while its first content event is awaited.
const PEEK_LIMIT_MS = 30_000;

export interface TargetServices extends SendServices {
  readonly reader: AnswerReader;
  readonly captureBytes: number;
  /** Monotonic ms. */
  tick(): number;
  now(): number;
  findCredential(step: Step): Credential;
  /** Watches the first bytes of a stream for its first content, or an error inside a 200. */
  peek(dialect: DialectId, contentType: string): { push(chunk: Buffer): PeekVerdict };
}

type OpenLine = { -readonly [K in keyof AttemptLine]: AttemptLine[K] };

/** The attempt ring: deadline and retry around one target, until one attempt starts to answer. */
export function tryTargets(services: TargetServices): Handler<Step> {
  return async (step) => {
    const { exchange } = step;
    const credential = services.findCredential(step);
    exchange.usedStoredKey = credential.kind === 'stored';
    const { retry } = step.controls;
    // A body that streams through is gone once it was sent.
    const maxAttempts = step.body.kind === 'held' ? retry.maxAttempts : 1;
    const hasFallback = step.index < exchange.steps.length - 1;

    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= maxAttempts;
      const startedTick = services.tick();
      const line = openLine(step, attempt, startedTick - exchange.arrivedTick);
      exchange.attempts.push(line);
      let answer: UpstreamAnswer | null = null;
      let failure: { readonly delayMs: number | null };
      let stopListening: () => void = () => {};
      try {
        exchange.firstSentTick ??= startedTick;
        const sending = send(step, credential, services);
        const sent = sending instanceof Promise ? await sending : sending;
        answer = sent;
        stopListening = exchange.onLeave(() => sent.cancel());
        const head = await sent.head;
        line.status = head.status;
        line.firstByteMs = services.tick() - startedTick;
        const hasAlternative = !isLast || hasFallback;
        const judged = hasFailed(step, head, sent, services, hasAlternative, line.firstByteMs);
        const failed = judged instanceof Promise ? await judged : judged;
        const askedMs =
          failed !== null ? retryAfterMs((name) => findHeader(head.headers, name), services.now()) : null;
        const delayMs = failed !== null && !isLast ? delayBefore(attempt, retry, askedMs) : null;
        if (delayMs === null) {
          step.failed = failed !== null || head.status >= 400;
          if (failed !== null && !isLast) {
            exchange.decide(
              'retry',
              'not tried again',
              'retry-after',
              `the provider asks for ${askedMs} ms, the limit is ${MAX_DELAY_MS}`,
            );
          }
          return commit(step, head, sent, line, failed, startedTick, stopListening, services);
        }
        line.error = failed;
        line.message = sent.error?.message ?? null;
        failure = { delayMs };
        sent.cancel();
      } catch (error) {
        answer?.cancel();
        const known =
          error instanceof GatewayError
            ? error
            : new GatewayError('internal', 'Internal error', { cause: error });
        line.error = known.kind;
        line.message = known.message;
        line.durationMs = services.tick() - startedTick;
        if (exchange.left)
          throw new GatewayError('client-closed', 'The client closed the connection', { cause: known });
        if (isLast || !known.retriable) throw known;
        failure = { delayMs: delayBefore(attempt, retry, null) };
      } finally {
        if (line.error !== null) stopListening();
      }
      line.durationMs = services.tick() - startedTick;
      line.waitedMs = failure.delayMs ?? 0;
      exchange.decide(
        'retry',
        'tried again',
        'attempts',
        `${line.error} after ${Math.round(line.durationMs)} ms, waited ${line.waitedMs} ms`,
      );
      await wait(step, line.waitedMs);
    }
  };
}

/**
 * Why an attempt counts as failed although it was answered: a retriable status, or (when something else could be tried)
 * an answer that breaks, falls silent or turns out an error before its first content. Null when it does not.
 */
function hasFailed(
  step: Step,
  head: AnswerHead,
  answer: UpstreamAnswer,
  services: TargetServices,
  hasAlternative: boolean,
  elapsedMs: number,
): string | null | Promise<string | null> {
  if (isRetriableStatus(head.status)) return `status ${head.status}`;
  if (!hasAlternative || head.status >= 300) return null;
  return hasBegunBadly(step, head, answer, services, elapsedMs);
}

async function hasBegunBadly(
  step: Step,
  head: AnswerHead,
  answer: UpstreamAnswer,
  services: TargetServices,
  elapsedMs: number,
): Promise<string | null> {
  const contentType = findHeader(head.headers, 'content-type') ?? '';
  const peek = services.peek(step.provider.dialect(step.endpoint), contentType);
  const timeoutMs = step.controls.requestTimeoutMs;
  let seen: PeekVerdict = 'pending';
  const verdict = await answer.peek(
    (chunk) => {
      seen = peek.push(chunk);
      return seen;
    },
    timeoutMs === null ? PEEK_LIMIT_MS : Math.max(0, timeoutMs - elapsedMs),
  );
  if (verdict === 'silent') return timeoutMs === null ? null : 'upstream-timeout';
  if (verdict === 'content') return null;
  return (seen as PeekVerdict) === 'error'
    ? 'error event in the stream'
    : (answer.error?.kind ?? 'empty answer');
}

function commit(
  step: Step,
  head: AnswerHead,
  answer: UpstreamAnswer,
  line: OpenLine,
  failed: string | null,
  startedTick: number,
  stopListening: () => void,
  services: TargetServices,
): Reply {
  const { exchange } = step;
  exchange.step = step;
  exchange.firstByteTick = startedTick + (line.firstByteMs ?? 0);
  const tap = new AnswerTap(
    step,
    head.status,
    head.headers,
    services.captureBytes,
    services.reader,
    (facts, outcome) => {
      stopListening();
      line.durationMs = services.tick() - startedTick;
      line.error =
        facts.errorType ??
        (outcome === 'failed'
          ? 'upstream-failed'
          : (failed ?? (head.status >= 400 ? `status ${head.status}` : null)));
      line.message = facts.errorMessage ?? answer.error?.message ?? null;
    },
  );
  exchange.answer = tap.answer;
  return new Reply(head.status, forwardedReplyHeaders(head.headers), answer).observe(tap);
}

function openLine(step: Step, attempt: number, startedMs: number): OpenLine {
  return {
    step: step.index,
    attempt,
    provider: step.provider.id,
    model: step.model,
    startedMs,
    firstByteMs: null,
    durationMs: 0,
    status: null,
    error: null,
    message: null,
    waitedMs: null,
  };
}

/** Waits, unless the client leaves. */
async function wait(step: Step, delayMs: number): Promise<void> {
  const { exchange } = step;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    exchange.onLeave(() => {
      clearTimeout(timer);
      resolve();
    });
  });
  if (exchange.left) throw new GatewayError('client-closed', 'The client closed the connection');
}
