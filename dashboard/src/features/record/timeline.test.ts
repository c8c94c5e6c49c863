import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogObject } from '../../../../src/api/contract.ts';
import { axisTicks, timelineOf } from './timeline.ts';

type Attempt = LogObject['attempts'][number];

const attempt = (patch: Partial<Attempt>): Attempt => ({
  step: 0,
  attempt: 0,
  provider: 'openai',
  model: 'gpt',
  started: 0,
  first_byte: null,
  duration: 0,
  status_code: 200,
  error: null,
  message: null,
  waited: null,
  ...patch,
});
const log = (total: number, attempts: Attempt[], patch: object = {}) => ({
  duration: Math.round(total),
  timings: { total, latency: null },
  ttfb: null,
  cached: false,
  attempts,
  ...patch,
});

describe('the timeline of a record', () => {
  it('cuts one bar at the call, the first byte and the end of the stream', () => {
    const { segments } = timelineOf(log(1000, [attempt({ started: 5, first_byte: 300, duration: 990 })]));
    expect(segments).toEqual([
      { phase: 'gateway', beginMs: 0, endMs: 5 },
      { phase: 'waiting', beginMs: 5, endMs: 305 },
      { phase: 'streaming', beginMs: 305, endMs: 995 },
      { phase: 'finishing', beginMs: 995, endMs: 1000 },
    ]);
  });

  it('shows failed attempts and the pauses between them', () => {
    const { segments, attempts } = timelineOf(
      log(2000, [
        attempt({
          started: 2,
          duration: 800,
          first_byte: 790,
          status_code: 529,
          error: 'status 529',
          waited: 500,
        }),
        attempt({ started: 1302, duration: 690, first_byte: 400 }),
      ]),
    );
    expect(segments.map(({ phase }) => phase)).toEqual([
      'gateway',
      'failed',
      'pause',
      'waiting',
      'streaming',
      'finishing',
    ]);
    expect(attempts.map(({ note, isFailed }) => [note, isFailed])).toEqual([
      ['answered 529, status 529', true],
      ['answered 200', false],
    ]);
  });

  it('knows an answer from the cache and a request that called nobody', () => {
    expect(timelineOf(log(3, [], { cached: true, ttfb: 1 })).segments.map(({ phase }) => phase)).toEqual([
      'cache',
      'streaming',
    ]);
    expect(timelineOf(log(3, [])).segments).toEqual([{ phase: 'gateway', beginMs: 0, endMs: 3 }]);
    expect(timelineOf(log(0, [])).segments).toEqual([]);
  });

  it('has no holes, no overlaps and nothing outside, whatever a record says', () => {
    const number = fc.double({ min: -1e4, max: 1e6, noNaN: true });
    const attempts = fc.array(
      fc.record({ started: number, duration: number, first_byte: fc.option(number) }).map(attempt),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        attempts,
        fc.boolean(),
        (total, list, cached) => {
          const { segments, totalMs } = timelineOf(log(total, list, { cached }));
          let at = 0;
          for (const { beginMs, endMs } of segments) {
            expect(beginMs).toBe(at);
            expect(endMs).toBeGreaterThan(beginMs);
            at = endMs;
          }
          expect(at).toBe(totalMs);
        },
      ),
    );
  });
});

describe('the marks of the axis', () => {
  it('are few and round', () => {
    expect(axisTicks(1000)).toEqual([0, 200, 400, 600, 800, 1000]);
    expect(axisTicks(812)).toEqual([0, 200, 400, 600, 800]);
    expect(axisTicks(0)).toEqual([0]);
    for (const total of [0.3, 7, 64, 9999, 123456]) expect(axisTicks(total).length).toBeLessThanOrEqual(6);
  });
});
