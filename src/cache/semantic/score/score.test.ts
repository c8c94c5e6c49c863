import { expect, it } from 'vitest';
import type { Calibration } from './calibration.ts';
import { FEATURES, featuresOf, type PairFacts } from './features.ts';
import { withoutPoliteness } from './politeness.ts';
import { loadScore, makeScore } from './score.ts';
import { withEvidence } from './with-evidence.ts';

const shipped = await loadScore();
const facts = (asked: string, stored: string, cosine = 0.95, logit = 4): PairFacts => ({
  asked,
  stored,
  cosine,
  logit,
  logitBack: logit,
});

/** A sample of so many rows of a hundred pairs, with so many of them wrong. */
const withSample = (...wrong: readonly number[]): Calibration => ({
  embedder: 'e',
  verifier: 'v',
  bias: 0,
  weights: Object.fromEntries(FEATURES.map((name) => [name, 0])) as Calibration['weights'],
  sample: wrong.map((count, at) => [0.99 - at / 10, 100 - count, count, 1]),
});

it('a pair scores the same whichever is asked and which stored', () => {
  const pair = facts(
    'How can I improve my grades?',
    'What is a good way to get better grades, and why?',
    0.9,
    2.5,
  );
  const back = { ...pair, asked: pair.stored, stored: pair.asked, logit: 1 };
  expect(shipped.scorePair({ ...back, logitBack: 2.5 })).toEqual(
    shipped.scorePair({ ...pair, logitBack: 1 }),
  );
});

it('the surer the models, the more probable, over all that they can say', () => {
  const ask = (cosine: number, logit: number): number =>
    shipped.scorePair(facts('How tall is a giraffe?', 'What is the height of a giraffe?', cosine, logit))
      .probability;
  for (let cosine = 0.5; cosine <= 0.98; cosine += 0.04)
    for (let logit = -5; logit <= 4.5; logit += 0.5) {
      expect(ask(cosine + 0.02, logit), `cosine ${cosine}, logit ${logit}`).toBeGreaterThan(
        ask(cosine, logit),
      );
      expect(ask(cosine, logit + 0.5), `cosine ${cosine}, logit ${logit}`).toBeGreaterThan(
        ask(cosine, logit),
      );
    }
});

it('words that are the same are the same, whatever the models make of capitals and marks', () => {
  const least = shipped.leastProbability(0.01);
  const same = [
    ['How do I boil an egg?', 'HOW DO I BOIL AN EGG'],
    ['How do I boil an egg?', 'Hi! How do I boil an egg?? Thanks!'],
    ["What's a comet?", 'Could you tell me what is a comet'],
  ] as const;
  for (const [one, other] of same)
    expect(shipped.scorePair(facts(one, other, 0.8, 1)).probability, other).toBeGreaterThan(least);
  // Signs that mean something are no marks.
  const [less, more] = ['Is x < y here?', 'Is x > y here?'];
  expect(shipped.scorePair(facts(less, more, 0.8, 1)).probability).toBeLessThan(least);
});

it('politeness is taken away at the edges only, and never everything', () => {
  expect(withoutPoliteness('Hello, what is rust? Many thanks in advance!')).toBe('what is rust');
  expect(withoutPoliteness('How do you say thank you?')).toBe('How do you say thank you?');
  expect(withoutPoliteness('Hello!')).toBe('Hello!');
});

it('any text has finite features', () => {
  for (const text of ['', ' ', '???', '\u0000', '𝔘𝔫𝔦𝔠𝔬𝔡𝔢', 'a '.repeat(200), '."'.repeat(300)])
    for (const value of featuresOf(facts(text, 'Why?', 1, 9)))
      expect(Number.isFinite(value), JSON.stringify(text)).toBe(true);
});

it('serves from where the bound on the error, not the error itself, is within the budget', () => {
  expect(makeScore(withSample(0)).leastProbability(0.01)).toBe(Number.POSITIVE_INFINITY);
  expect(makeScore(withSample(0)).leastProbability(0.02)).toBe(0.99);
  expect(makeScore(withSample(0, 0)).leastProbability(0.01)).toBeCloseTo(0.89);
  expect(makeScore(withSample(0, 0, 0, 20)).leastProbability(0.01)).toBeCloseTo(0.79);
  expect(makeScore(withSample(0, 0, 0, 20)).leastProbability(0.1)).toBeCloseTo(0.69);
  expect(makeScore({ ...withSample(), sample: [] }).leastProbability(0.5)).toBe(Number.POSITIVE_INFINITY);
});

it('weighs pairs as they come: wrong ones that were judged too often count for less', () => {
  const plain = withSample(0, 0, 10);
  const rare = {
    ...plain,
    sample: plain.sample.map(([least, right, wrong], at): [number, number, number, number] => [
      least,
      right,
      wrong,
      at === 2 ? 0.05 : 1,
    ]),
  };
  expect(makeScore(plain).leastProbability(0.015)).toBeCloseTo(0.89);
  expect(makeScore(rare).leastProbability(0.015)).toBeCloseTo(0.79);
});

it('a smaller budget never serves more', () => {
  const budgets = [0.005, 0.01, 0.02, 0.05, 0.1];
  const least = budgets.map((budget) => shipped.leastProbability(budget));
  expect(least).toEqual([...least].sort((a, b) => b - a));
  expect(Number.isFinite(shipped.leastProbability(0.01))).toBe(true);
});

it('the bound at a score is that of its neighbours in the sample', () => {
  const score = makeScore({ ...withSample(0, 50), bias: 6 });
  const low = makeScore({ ...withSample(0, 50), bias: 0 });
  const { upperError } = score.scorePair(facts('a', 'b'));
  expect(upperError).toBeLessThan(0.05);
  expect(low.scorePair(facts('a', 'b')).upperError).toBeGreaterThan(0.5);
});

it('evidence moves a probability towards what was found', () => {
  expect(withEvidence(0.99, 0, 0)).toBe(0.99);
  expect(withEvidence(0.99, 0, 1)).toBeLessThan(0.95);
  expect(withEvidence(0.9, 100, 0)).toBeGreaterThan(0.98);
  expect(withEvidence(0.9, 5, 5)).toBeLessThan(0.8);
});
