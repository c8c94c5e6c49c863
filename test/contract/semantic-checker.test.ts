import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findHeader } from '../../src/core/headers.ts';
import { answer, DAY_MS, gatewayWith, requestTo, rest, TestChecker, until } from './checker-fixtures.ts';

let test: TestChecker;
beforeEach(() => {
  test = new TestChecker();
});
afterEach(() => test.close());

describe('an answer that was served', () => {
  it('is held against a fresh one that no cache gave, asked for as the client did', async () => {
    const one = await test.served(gatewayWith(), 'paris.');
    expect(test.evidence.findHit('a', 'g', one.id)).toMatchObject({ verdict: 'right', judgedBy: 'label' });
    const [call] = test.calls;
    expect(test.calls).toHaveLength(1);
    expect(call).toMatchObject({
      origin: 'cache-check',
      purpose: one.id,
      rest: 'openai/chat/completions',
      token: null,
    });
    const sent = (name: string) => findHeader(call!.headers, name);
    expect([sent('authorization'), sent('x-mine'), sent('cf-aig-authorization')]).toEqual([
      'Bearer sk-client',
      '1',
      null,
    ]);
    expect([sent('tidegate-semantic-cache'), sent('cf-aig-skip-cache'), sent('cf-aig-cache-ttl')]).toEqual([
      'off',
      'true',
      '0',
    ]);
    expect(call!.headers.filter((name) => name.toLowerCase() === 'tidegate-semantic-cache')).toHaveLength(1);
    expect(test.summary()).toMatchObject({ served: 1, error: { judged: 1, wrong: 0 }, checkNanos: 1_000 });
  });

  it('that a second check finds wrong is evicted, not the first time', async () => {
    const gateway = gatewayWith();
    await test.served(gateway, 'London');
    expect(test.removed).toEqual([]);
    await test.served(gateway, 'London', { entryId: 'entry-2' });
    expect(test.removed).toEqual([]);
    await test.served(gateway, 'London');
    expect(test.removed).toEqual(['entry-1']);
  });

  it('stays without a verdict when the provider answers an error, which costs nothing', async () => {
    test.answerTo = () => 500;
    test.costNanos = null;
    const one = test.hit();
    test.checker.served(one, requestTo(gatewayWith()), answer('Paris'));
    await until(() => test.calls.length === 1);
    await rest();
    expect([test.verdictOf(one.id), test.summary().checkNanos]).toEqual([null, 0]);
  });

  it('is right by definition when the question was the same, and what differs is noise', async () => {
    const asked = 'What is the capital of France?';
    const one = await test.served(gatewayWith(), 'London', { asked, stored: `${asked.toUpperCase()} ` });
    expect(test.evidence.findHit('a', 'g', one.id)).toMatchObject({ verdict: 'right', judgedBy: 'label' });
    expect(test.summary().noise).toMatchObject({ wrong: 1, judged: 1 });
  });
});

describe('what is checked', () => {
  it.each([
    ['verify', 0.2, 0.19, true],
    ['verify', 0.2, 0.21, false],
    ['on', 0.2, 0.039, true],
    ['on', 0.2, 0.041, false],
  ] as const)(
    'in %s at a rate of %f, with a die that shows %f: %s',
    async (mode, sampleRate, die, isChecked) => {
      const gateway = gatewayWith({ mode, sampleRate });
      // The warm-up: the first sixty, whatever the die shows.
      test.random = () => 0.999;
      for (let i = 0; i < 60; i++) await test.served(gateway, 'Paris');
      expect(test.calls).toHaveLength(60);
      test.random = () => die;
      test.checker.served(test.hit(), requestTo(gateway), answer('Paris'));
      await (isChecked ? until(() => test.calls.length > 60) : rest());
      expect(test.calls.length > 60).toBe(isChecked);
      // After a change of the settings it warms up again.
      test.random = () => 0.999;
      const before = test.calls.length;
      test.checker.served(test.hit(), requestTo({ ...gateway, modifiedAt: test.now + 1 }), answer('Paris'));
      await until(() => test.calls.length > before);
    },
  );

  it('asks a few twice, to learn how a model differs from itself', async () => {
    test.random = () => 0.05;
    let count = 0;
    test.answerTo = () => (++count % 2 === 1 ? 'Paris' : 'Lyon');
    test.embedder = null;
    await test.served(gatewayWith(), 'Paris');
    await until(() => test.summary().noise.judged === 1);
    expect(test.calls).toHaveLength(2);
    expect(test.summary()).toMatchObject({
      noise: { wrong: 1 },
      error: { wrong: 0, judged: 1 },
      checkNanos: 2_000,
    });
  });

  it('is bounded by money and by day; what has no price is taken to cost a cent', async () => {
    const gateway = gatewayWith({ dailyCheckNanos: 25_000_000 });
    test.costNanos = null;
    for (let i = 0; i < 2; i++) await test.served(gateway, 'Paris', { savedNanos: null });
    expect(test.summary().checkNanos).toBe(20_000_000);
    const third = test.hit({ savedNanos: null });
    test.checker.served(third, requestTo(gateway), answer('Paris'));
    await rest();
    expect([test.calls.length, test.verdictOf(third.id)]).toEqual([2, null]);
    test.now += DAY_MS;
    await test.served(gateway, 'Paris', { savedNanos: null });
    expect(test.calls).toHaveLength(3);
    test.checker.served(test.hit(), requestTo(gatewayWith({ dailyCheckNanos: 0 })), answer('Paris'));
    await rest();
    expect(test.calls).toHaveLength(3);
  });

  it('counts calls that are under way against the budget', async () => {
    const gateway = gatewayWith({ dailyCheckNanos: 3_000 });
    let go = (): void => {};
    test.held = new Promise((resolve) => {
      go = resolve;
    });
    for (let i = 0; i < 5; i++) test.checker.served(test.hit(), requestTo(gateway), answer('Paris'));
    await until(() => test.calls.length === 1);
    await rest();
    expect(test.calls).toHaveLength(1);
    go();
    await until(() => test.summary().error.judged === 1);
    // It came to 1,000 in place of 2,000: there is room for one more, and no third.
    await test.served(gateway, 'Paris');
    test.checker.served(test.hit(), requestTo(gateway), answer('Paris'));
    await rest();
    expect(test.calls).toHaveLength(2);
  });

  it('leaves half of a rate limit to those whom it is for', async () => {
    const gateway = gatewayWith();
    test.headers = ['RateLimit-Limit', '10', 'RateLimit-Remaining', '5', 'RateLimit-Reset', '60'];
    await test.served(gateway, 'Paris');
    test.headers[3] = '4';
    await test.served(gateway, 'Paris');
    test.checker.served(test.hit(), requestTo(gateway), answer('Paris'));
    await rest();
    expect(test.calls).toHaveLength(2);
    test.now += 60_000;
    await test.served(gateway, 'Paris');
    expect(test.calls).toHaveLength(3);
  });

  it('is a bounded number at a time, and nothing after the end', async () => {
    const gateway = gatewayWith();
    test.held = new Promise(() => {});
    for (let i = 0; i < 300; i++) test.checker.served(test.hit(), requestTo(gateway), answer('Paris'));
    await until(() => test.calls.length === 2);
    await rest();
    expect(test.calls).toHaveLength(2);
    // All of the warm-up fits in line; beyond it nothing was wanted.
    expect(test.summary().served).toBe(300);
    const [first] = test.calls;
    await test.checker.close();
    expect(first!.signal!.aborted).toBe(true);
    test.checker.served(test.hit(), requestTo({ ...gateway, modifiedAt: test.now + 1 }), answer('Paris'));
    await rest();
    expect(test.calls).toHaveLength(2);
    expect(test.summary()).toMatchObject({ served: 301, error: { judged: 0 } });
  });
});

describe('in shadow', () => {
  it('the fresh answer says what would have been wrong, and nothing is asked', async () => {
    const gateway = gatewayWith({ mode: 'shadow' });
    const [good, bad, open] = [
      test.hit({ served: false }),
      test.hit({ served: false }),
      test.hit({ served: false }),
    ];
    test.checker.compared(good, requestTo(gateway), answer('Paris'), answer('paris'));
    test.checker.compared(bad, requestTo(gateway), answer('London'), answer('Paris'));
    test.checker.compared(open, requestTo(gateway), null, answer('Paris'));
    await until(() => test.verdictOf(good.id) !== null && test.verdictOf(bad.id) !== null);
    expect([test.verdictOf(good.id), test.verdictOf(bad.id), test.verdictOf(open.id)]).toEqual([
      'right',
      'wrong',
      null,
    ]);
    expect(test.calls).toEqual([]);
    expect(test.summary()).toMatchObject({ served: 0, wouldServe: 3, error: { wrong: 1, judged: 2 } });
  });

  it('what was nearly good enough counts for the curve alone', async () => {
    const gateway = gatewayWith();
    expect(test.checker.isNearMiss(gateway, 0.96, 0.99)).toBe(true);
    expect(test.checker.isNearMiss(gateway, 0.93, 0.99)).toBe(false);
    expect(test.checker.isNearMiss(gateway, 0.99, 0.99)).toBe(false);
    expect(test.checker.isNearMiss(gatewayWith({ mode: 'on' }), 0.96, 0.99)).toBe(false);
    const near = test.hit({ served: false, probability: 0.96 });
    test.checker.nearMiss(near, requestTo(gateway), answer('London'), answer('Paris'));
    await until(() => test.summary().bins.some(({ wrong }) => wrong > 0));
    expect(test.summary()).toMatchObject({ wouldServe: 0, error: { judged: 0 } });
    expect(test.evidence.findHit('a', 'g', near.id)).toBe(null);
  });
});
