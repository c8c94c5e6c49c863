import type { Clock } from './clock.ts';
import type { ServedHit, Step } from './exchange.ts';

/** An answer that was kept, as far as its record wants to know. */
interface Kept extends Pick<ServedHit, 'recordId' | 'model' | 'costNanos' | 'durationMs'> {
  /** Epoch ms. */
  readonly storedAt: number;
}

/** Enters that a step is answered with what was kept. Returns the age of that, in ms. */
export function noteHit(
  step: Step,
  kept: Kept,
  { kind, entry, similarity }: Pick<ServedHit, 'kind' | 'entry' | 'similarity'>,
  clock: Clock,
): number {
  const { exchange } = step;
  // An entry of before a restart may bear a time to come, when the machine’s clock was set back.
  const ageMs = Math.max(0, clock.now() - kept.storedAt);
  exchange.step = step;
  exchange.cacheStatus = 'HIT';
  exchange.firstByteTick = clock.tick();
  exchange.hit = {
    kind,
    entry,
    similarity,
    recordId: kept.recordId,
    model: kept.model,
    costNanos: kept.costNanos,
    durationMs: kept.durationMs,
    ageMs,
  };
  return ageMs;
}
