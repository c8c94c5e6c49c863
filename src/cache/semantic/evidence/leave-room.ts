import type { Clock } from '../../../core/clock.ts';
import { findHeader, type HeaderList } from '../../../core/headers.ts';
import { type Gateway, gatewayKey } from '../../../core/stores/config.ts';

/**
 * Where a gateway has a rate limit, checks count towards it as every request does. They stop for as long as less than
 * half of it is left: nobody is to be turned away for their sake.
 */
export class LeaveRoom {
  readonly #clock: Clock;
  readonly #restUntil = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  mayAsk({ account, id }: Gateway): boolean {
    const key = gatewayKey(account, id);
    const until = this.#restUntil.get(key);
    if (until === undefined) return true;
    if (this.#clock.now() < until) return false;
    this.#restUntil.delete(key);
    return true;
  }

  /** Reads from the headers of a reply how much of the limit is left. */
  note({ account, id }: Gateway, headers: HeaderList): void {
    const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
      Number(findHeader(headers, `ratelimit-${name}`) ?? Number.NaN),
    );
    if (!(remaining! * 2 < limit!)) return;
    const waitMs = Number.isFinite(reset) ? Math.max(1, reset!) * 1000 : 1000;
    this.#restUntil.set(gatewayKey(account, id), this.#clock.now() + waitMs);
  }
}
