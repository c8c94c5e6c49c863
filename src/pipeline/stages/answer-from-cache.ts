import type { Exchange, Step } from '../../core/exchange.ts';
import { BytesSource, Reply } from '../../core/reply.ts';
import type { Stage } from '../../core/stage.ts';
import type { CacheEntry, CacheStore } from '../../core/stores/cache.ts';

/** Requests over it are not cached (spec 5, 23). */
const MAX_REQUEST_BYTES = 25 * 1024 * 1024;

export interface CacheServices {
  readonly store: CacheStore;
  /** The key of a step; null when it has none (its address cannot be told). */
  keyOf(step: Step): string | null;
  now(): number;
  tick(): number;
  /** Price of the answer that is being stored, for 'saved' on later hits. */
  costOf(exchange: Exchange): number | null;
}

/** The exact cache (spec 5): a hit answers with the bytes of the stored reply; a clean miss is stored on its way out. */
export function answerFromCache(services: CacheServices): Stage<Step> {
  return async (step, next) => {
    const { exchange, controls } = step;
    const wanted = controls.cache;
    if (
      wanted === null ||
      step.body.kind !== 'held' ||
      step.body.size > MAX_REQUEST_BYTES ||
      exchange.method !== 'POST'
    ) {
      return next(step);
    }
    const key = services.keyOf(step);
    if (key === null) return next(step);

    if (wanted.skipRead) {
      exchange.decide('cache', 'not read', 'cf-aig-skip-cache');
    } else {
      const found = services.store.find(key);
      const entry = found instanceof Promise ? await found : found;
      if (entry) return replay(exchange, step, entry, services);
      exchange.decide('cache', 'miss', wanted.rule, key);
    }
    exchange.cacheStatus = 'MISS';
    const reply = await next(step);
    if (reply.status !== 200) return reply;
    // As they are now: outer stages put fields of this one exchange on the same reply.
    const headers = storedHeaders(reply.headers);
    return reply.observe({
      end: (outcome) => {
        const reason =
          outcome === 'complete' ? refusal(exchange, step) : `the answer was not received whole (${outcome})`;
        if (reason !== null) {
          exchange.decide('cache', 'not stored', null, reason);
          return;
        }
        const { capture } = exchange.answer!;
        const storedAt = services.now();
        services.store.put({
          key,
          account: exchange.account,
          gateway: exchange.gateway.id,
          status: 200,
          headers,
          // A copy: the captured chunks are views into larger socket buffers.
          body: Buffer.concat(capture.chunks),
          storedAt,
          expiresAt: storedAt + wanted.ttlSeconds * 1000,
          recordId: exchange.id,
          costNanos: services.costOf(exchange),
          model: exchange.answer!.facts?.model ?? step.model,
          provider: step.provider.id,
        });
        exchange.decide('cache', 'stored', wanted.rule, `for ${wanted.ttlSeconds} s`);
      },
    });
  };
}

/** Why an answer may not be stored; null when it may. */
function refusal(exchange: Exchange, step: Step): string | null {
  const { answer } = exchange;
  if (!answer || answer.step !== step || !answer.facts) return 'the answer was not read';
  if (!answer.capture.isWhole) return 'the answer is larger than the capture limit';
  switch (answer.facts.ending) {
    case 'whole':
      return null;
    case 'limit':
      return `the answer was cut by a token limit (${answer.facts.finishReason})`;
    case 'refused':
      return `the answer is a refusal (${answer.facts.finishReason})`;
    case 'failed':
      return 'the answer is an error';
    case 'unfinished':
      return 'the answer has no end mark';
  }
}

function replay(exchange: Exchange, step: Step, entry: CacheEntry, services: CacheServices): Reply {
  // An entry of before a restart may bear a time to come, when the machine’s clock was set back.
  const ageMs = Math.max(0, services.now() - entry.storedAt);
  exchange.step = step;
  exchange.cacheStatus = 'HIT';
  exchange.firstByteTick = services.tick();
  exchange.hit = {
    kind: 'exact',
    entry: entry.key,
    similarity: null,
    recordId: entry.recordId,
    model: entry.model,
    costNanos: entry.costNanos,
    ageMs,
  };
  exchange.decide(
    'cache',
    'hit',
    step.controls.cache!.rule,
    `${entry.key}, stored ${Math.round(ageMs / 1000)} s ago by ${entry.recordId}`,
  );
  return new Reply(
    entry.status,
    [...entry.headers],
    new BytesSource(entry.body.length > 0 ? [entry.body] : []),
  );
}

// True of the one call that was paid for, and not of its replays.
const OF_ONE_CALL = new Set([
  'date',
  'age',
  'retry-after',
  'x-request-id',
  'request-id',
  'openai-processing-ms',
]);

function storedHeaders(list: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < list.length; i += 2) {
    const lower = list[i]!.toLowerCase();
    if (!OF_ONE_CALL.has(lower) && !lower.includes('ratelimit')) kept.push(list[i]!, list[i + 1]!);
  }
  return kept;
}
