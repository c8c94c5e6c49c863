import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { semanticDesk } from '../../src/cache/semantic/evidence/desk.ts';
import type { Embedder } from '../../src/core/semantic.ts';
import type { Gateway } from '../../src/core/stores/config.ts';
import { answer, gatewayWith, NOON, requestTo, TestChecker, until } from './checker-fixtures.ts';

let test: TestChecker;
beforeEach(() => {
  test = new TestChecker();
});
afterEach(() => test.close());

const LONG_ONE =
  'The capital of this large country lies on a river, and people have lived there for very long.';
const LONG_OTHER =
  'On the banks of a river lies the capital; many people live in the city, and always have done.';

/** Every text gets the same vector but those that begin with `The capital`, at a given cosine from it. */
const embedderAt = (cosine: number): Embedder => ({
  id: 'e',
  dimensions: 2,
  embed: async (texts) =>
    texts.map((text) =>
      text.startsWith('The capital')
        ? new Float32Array([1, 0])
        : new Float32Array([cosine, Math.sqrt(1 - cosine * cosine)]),
    ),
});

describe('answers that words do not decide', () => {
  it.each([
    [0.95, 'right'],
    [0.85, 'unsure'],
    [0.5, 'wrong'],
  ])('with a cosine of %f are %s', async (cosine, verdict) => {
    test.embedder = embedderAt(cosine);
    test.answerTo = () => LONG_ONE;
    const one = await test.served(gatewayWith(), LONG_OTHER);
    expect(test.evidence.findHit('a', 'g', one.id)).toMatchObject({ verdict, judgedBy: 'embedding' });
  });

  it('are held against what the model differs by from itself, once that is known', async () => {
    for (let i = 0; i < 20; i++) test.evidence.noteNoiseCosine('a', 'g', 'm', 0.82);
    test.embedder = embedderAt(0.85);
    test.answerTo = () => LONG_ONE;
    const one = await test.served(gatewayWith(), LONG_OTHER);
    expect(test.verdictOf(one.id)).toBe('right');
    const other = await test.served(gatewayWith(), LONG_OTHER, { model: 'another' });
    expect(test.verdictOf(other.id)).toBe('unsure');
  });

  it.each([
    [1, 'right'],
    [0.5, 'unsure'],
    [0, 'wrong'],
  ])('are put to a judge where one is set: a score of %f is %s', async (score, verdict) => {
    test.embedder = embedderAt(0.95);
    test.answerTo = ({ rest: to }) =>
      to === 'openai/gpt-x' ? JSON.stringify({ score, reason: 'because' }) : LONG_ONE;
    const one = await test.served(gatewayWith({ judge: 'openai/gpt-x' }), LONG_OTHER);
    expect(test.evidence.findHit('a', 'g', one.id)).toMatchObject({
      verdict,
      judgedBy: 'judge',
      note: 'because',
    });
    expect(JSON.parse(String(test.calls[1]!.body))).toEqual({
      question: one.asked,
      reference: LONG_ONE,
      given: LONG_OTHER,
    });
    expect(test.calls[1]!.origin).toBe('cache-check');
    expect(test.summary().checkNanos).toBe(2_000);
  });

  it('are unsure when neither test.embedder nor judge can be asked', async () => {
    test.answerTo = ({ rest: to }) => (to === 'openai/gpt-x' ? 'no JSON' : LONG_ONE);
    const one = await test.served(gatewayWith({ judge: 'openai/gpt-x' }), LONG_OTHER);
    expect(test.evidence.findHit('a', 'g', one.id)).toMatchObject({ verdict: 'unsure', judgedBy: 'text' });
    expect(test.summary().error.judged).toBe(0);
    // It may have been paid for.
    expect(test.summary().checkNanos).toBe(2_000);
  });
});

describe('a gateway with too many wrong answers', () => {
  /** So many wrong ones, then so many right ones. */
  async function serve(gateway: Gateway, wrong: number, right: number): Promise<void> {
    for (let i = 0; i < wrong + right; i++) {
      await test.served(gateway, i < wrong ? 'London' : 'Paris', { entryId: `entry-${i}`, at: test.now });
    }
  }

  it('is paused when even the lower bound is beyond its budget, from twenty verdicts on', async () => {
    const gateway = gatewayWith({ errorBudget: 0.05 });
    await serve(gateway, 19, 0);
    expect(test.checker.isPaused(gateway)).toBe(false);
    await serve(gateway, 1, 0);
    await until(() => test.checker.isPaused(gateway));
    expect(test.evidence.pauseOf('a', 'g')).toMatchObject({
      since: NOON,
      reason: expect.stringContaining('20 of 20'),
    });
    expect(test.health.counters.get('semantic-cache-paused')).toBe(1);
    expect(test.lines.join('\n')).toContain('paused');
    expect(test.lines.join('\n')).not.toMatch(/capital|London|Paris/);
    expect(test.checker.isPaused({ ...gateway, id: 'other' })).toBe(false);
  });

  it('is not paused while chance may explain them', async () => {
    const gateway = gatewayWith({ errorBudget: 0.05 });
    await serve(gateway, 2, 22);
    expect(test.checker.isPaused(gateway)).toBe(false);
  });

  it('is not paused for what is the model’s own disagreement with itself', async () => {
    const gateway = gatewayWith({ errorBudget: 0.05 });
    for (let i = 0; i < 50; i++) test.evidence.noteNoise('a', 'g', NOON, i % 2 === 0);
    await serve(gateway, 8, 14);
    expect(test.checker.isPaused(gateway)).toBe(false);
  });

  it('goes on when somebody says so, and is judged by what comes afterwards', async () => {
    const gateway = gatewayWith({ errorBudget: 0.05 });
    await serve(gateway, 20, 0);
    await until(() => test.checker.isPaused(gateway));
    expect(test.checker.watch.resume({ ...gateway, id: 'other' })).toBe(false);
    test.now += 1_000;
    expect(test.checker.watch.resume(gateway)).toBe(true);
    expect(test.checker.isPaused(gateway)).toBe(false);
    await serve(gateway, 0, 20);
    expect(test.checker.isPaused(gateway)).toBe(false);
    await serve(gateway, 19, 0);
    await until(() => test.checker.isPaused(gateway));
  });

  it('goes on when its settings are changed', async () => {
    const gateway = gatewayWith({ errorBudget: 0.05 });
    await serve(gateway, 20, 0);
    await until(() => test.checker.isPaused(gateway));
    const changed = { ...gateway, modifiedAt: test.now + 1 };
    expect(test.checker.isPaused(changed)).toBe(false);
    expect(test.evidence.pauseOf('a', 'g')).toBe(null);
  });
});

describe('a person', () => {
  it('who says wrong evicts the answer and keeps the two questions apart, until he says right', async () => {
    const desk = semanticDesk({
      tier: {} as never,
      evidence: test.evidence,
      entries: { remove: async ({ id }) => test.removed.push(id) },
      watch: test.checker.watch,
      clock: { now: () => test.now, tick: () => 0 },
    });
    const one = test.hit();
    test.checker.served(one, requestTo(gatewayWith({ dailyCheckNanos: 0 })), answer('Paris'));
    expect(test.checker.isKnownWrong('a', 'g', one.asked, one.stored)).toBe(false);
    expect(await desk.judge('a', 'g', one.id, 'wrong', 'bad')).toMatchObject({
      verdict: 'wrong',
      note: 'bad',
    });
    expect(await desk.judge('a', 'g', one.id, 'wrong', 'bad')).toMatchObject({ judgedBy: 'person' });
    expect(test.removed).toEqual(['entry-1', 'entry-1']);
    expect(test.evidence.wrongPairs('a', 'g')).toHaveLength(1);
    expect(test.checker.isKnownWrong('a', 'g', one.stored.toUpperCase(), ` ${one.asked}`)).toBe(true);
    expect(test.checker.isKnownWrong('a', 'other', one.asked, one.stored)).toBe(false);
    await desk.judge('a', 'g', one.id, 'right', null);
    expect(test.checker.isKnownWrong('a', 'g', one.asked, one.stored)).toBe(false);
    expect(await desk.judge('a', 'g', 'nothing', 'wrong', null)).toBe(null);
    desk.forget('a', 'g');
    expect(test.removed.at(-1)).toBe(null);
    expect(test.summary().served).toBe(0);
  });
});
