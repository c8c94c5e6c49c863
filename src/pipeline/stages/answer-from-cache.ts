import type { Step } from '../../core/exchange.ts';
import { noteHit } from '../../core/note-hit.ts';
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
}

/** The exact cache (spec 5): a hit answers with the bytes of the stored reply. What a miss brings is kept by keepAnswer. */
export function answerFromCache(services: CacheServices): Stage<Step> {
  return (step, next) => {
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
    step.cacheKey = key;
    const goOn = (entry: CacheEntry | null): Promise<Reply> => {
      if (entry) return Promise.resolve(replay(step, entry, services));
      exchange.decide('cache', 'miss', wanted.rule, key);
      exchange.cacheStatus = 'MISS';
      return next(step);
    };
    if (wanted.skipRead) {
      exchange.decide('cache', 'not read', 'cf-aig-skip-cache');
      exchange.cacheStatus = 'MISS';
      return next(step);
    }
    const found = services.store.find(key);
    return found instanceof Promise ? found.then(goOn) : goOn(found);
  };
}

function replay(step: Step, entry: CacheEntry, services: CacheServices): Reply {
  const ageMs = noteHit(step, entry, { kind: 'exact', entry: entry.key, similarity: null }, services);
  step.exchange.decide(
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
