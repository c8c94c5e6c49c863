import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RateTechnique } from '../core/stores/config.ts';
import type { RateRule } from '../core/stores/counters.ts';
import { AcceptedLog } from './accepted-log.ts';

const rule = (technique: RateTechnique, limit: number, intervalMs: number): RateRule => ({
  subject: 'a/g',
  limit,
  intervalMs,
  technique,
});

/** What the rule means, said the slow way. */
function allows(
  accepted: readonly number[],
  { technique, limit, intervalMs }: RateRule,
  nowMs: number,
): boolean {
  const from = technique === 'fixed' ? Math.floor(nowMs / intervalMs) * intervalMs : nowMs - intervalMs + 1;
  return accepted.filter((atMs) => atMs >= from).length < limit;
}

describe('AcceptedLog', () => {
  it('agrees with the definition of both techniques on any sequence of requests', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<RateTechnique>('fixed', 'sliding'),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }),
        (technique, limit, intervalMs, gaps) => {
          const log = new AcceptedLog();
          const accepted: number[] = [];
          let nowMs = 1_000_000;
          for (const gap of gaps) {
            nowMs += gap;
            const verdict = log.judge(rule(technique, limit, intervalMs), nowMs);
            expect(verdict.allowed).toBe(allows(accepted, rule(technique, limit, intervalMs), nowMs));
            if (verdict.allowed) {
              log.add(nowMs);
              accepted.push(nowMs);
            }
          }
        },
      ),
    );
  });

  it('lets no window of the interval, wherever it starts, hold more than the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 20, maxLength: 300 }), (gaps) => {
        const sliding = rule('sliding', 5, 30);
        const log = new AcceptedLog();
        const accepted: number[] = [];
        let nowMs = 0;
        for (const gap of gaps) {
          nowMs += gap;
          if (log.judge(sliding, nowMs).allowed) {
            log.add(nowMs);
            accepted.push(nowMs);
          }
        }
        for (const start of accepted) {
          expect(accepted.filter((atMs) => atMs >= start && atMs < start + 30).length).toBeLessThanOrEqual(5);
        }
      }),
    );
  });

  it('says to the millisecond when a sliding window gives a place back', () => {
    const sliding = rule('sliding', 2, 1000);
    const log = new AcceptedLog();
    log.add(10_000);
    log.add(10_400);
    const refused = log.judge(sliding, 10_500);
    expect(refused).toMatchObject({ allowed: false, remaining: 0, resetMs: 500 });
    expect(log.judge(sliding, 10_500 + refused.resetMs - 1).allowed).toBe(false);
    expect(log.judge(sliding, 10_500 + refused.resetMs).allowed).toBe(true);
  });

  it('stays within its memory on very many instants and never allows more than the limit', () => {
    const limit = 400_000;
    const sliding = rule('sliding', limit, 10_000_000);
    const log = new AcceptedLog();
    let allowed = 0;
    for (let atMs = 1; atMs <= 410_000; atMs++) {
      if (log.judge(sliding, atMs).allowed) {
        log.add(atMs);
        allowed++;
      }
    }
    expect(allowed).toBe(limit);
    expect([...log.entries()].length).toBeLessThanOrEqual(262_144);
  });
});
