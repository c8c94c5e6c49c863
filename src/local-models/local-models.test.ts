import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { openLocalModels } from './open-local-models.ts';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const services = { clock: systemClock(), logger: silent };
const models = openLocalModels(services);
afterAll(() => models.close());

const ENABLE = 'How do I enable 2FA?';
const TURN_ON = 'How can I turn on 2FA?';
const DISABLE = 'How do I disable 2FA?';

const dot = (one: Float32Array, other: Float32Array): number =>
  one.reduce((sum, value, index) => sum + value * other[index]!, 0);
const probability = (logit: number | null): number => 1 / (1 + Math.exp(-logit!));
const embed = async (...texts: string[]): Promise<readonly Float32Array[]> =>
  models.embedder.embed(texts, null);

it('nothing is loaded until it is used, and the name is known before', async () => {
  expect(models.state).toEqual({ state: 'unused', problem: null });
  expect(models.embedder.id).toMatch(/^local\/all-MiniLM-L6-v2-int8\/1c9bc2ddcb6c-[0-9a-f]{4}\/384$/);
  expect(models.embedder.dimensions).toBe(384);
  expect(await models.ready()).toEqual({ state: 'ready', problem: null });
});

it('the embedder finds both alike, the verifier tells them apart', async () => {
  const [enable, turnOn, disable, water] = await embed(ENABLE, TURN_ON, DISABLE, 'Why is the sea salty?');
  expect(Math.hypot(...enable!)).toBeCloseTo(1, 5);
  expect(dot(enable!, turnOn!)).toBeCloseTo(0.88, 1);
  expect(dot(enable!, disable!)).toBeCloseTo(0.88, 1);
  expect(dot(enable!, water!)).toBeLessThan(0.2);
  const [same, opposite] = await models.verifier.verify(
    [
      [ENABLE, TURN_ON],
      [ENABLE, DISABLE],
    ],
    null,
  );
  expect(probability(same!)).toBeCloseTo(0.98, 1);
  expect(probability(opposite!)).toBeLessThan(0.03);
});

it('a text gets the same vector alone and among others, to the last bit', async () => {
  const long = 'word '.repeat(200);
  const alone = await embed(ENABLE);
  const among = await embed(long, ENABLE, 'x');
  expect(among[1]).toEqual(alone[0]);
  const pair = [ENABLE, TURN_ON] as const;
  const [one] = await models.verifier.verify([pair], null);
  const [, many] = await models.verifier.verify([[long.slice(0, 300), DISABLE], pair], null);
  expect(many).toBe(one);
});
