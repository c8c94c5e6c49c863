import { afterAll, expect, it } from 'vitest';
import { type TrapOutcome, tryTraps } from '../bench/semantic/trap-figures.ts';
import { loadScore } from '../src/cache/semantic/score/score.ts';
import { systemClock } from '../src/core/clock.ts';
import { openLocalModels } from '../src/local-models/open-local-models.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const models = openLocalModels({ clock: systemClock(), logger: silent });
afterAll(() => models.close());

/** Gate, verifier and score, with the models that are shipped, at the budget that is set when nobody sets one. */
const outcomes = async (): Promise<readonly TrapOutcome[]> => tryTraps(await loadScore(), models, 0.01);

const isKind =
  (...kinds: readonly string[]) =>
  ({ kind }: TrapOutcome): boolean =>
    kinds.includes(kind);

it('look-alikes miss and harmless rewrites hit at an error budget of 1 %', async () => {
  const all = await outcomes();
  const lookAlikes = all.filter(({ isSame }) => !isSame);
  expect(lookAlikes.length).toBeGreaterThanOrEqual(16 * 40);
  const hits = lookAlikes.filter(({ isHit }) => isHit);
  expect(hits.length, hits.map(({ asked, stored }) => `${asked} | ${stored}`).join('\n')).toBeLessThanOrEqual(
    0.005 * lookAlikes.length,
  );
  const shareOf = (isOne: (outcome: TrapOutcome) => boolean): number => {
    const ofKind = all.filter(isOne);
    expect(ofKind.length).toBeGreaterThanOrEqual(40);
    return ofKind.filter(({ isHit }) => isHit).length / ofKind.length;
  };
  for (const kind of ['case', 'spacing', 'punctuation', 'politeness'])
    expect(shareOf(isKind(kind)), kind).toBeGreaterThanOrEqual(0.9);
  for (const kind of ['synonym', 'reorder']) expect(shareOf(isKind(kind)), kind).toBeGreaterThanOrEqual(0.4);
}, 600_000);
