import { afterAll, expect, it, vi } from 'vitest';
import { systemClock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { openLocalModels } from './open-local-models.ts';

// Models are loaded and run: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

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

it('a text at the window is read, one beyond it is refused, and nothing is ever cut', async () => {
  // 256 tokens with the two marks.
  expect(await embed('word '.repeat(254))).toHaveLength(1);
  await expect(embed('word '.repeat(255))).rejects.toMatchObject({ name: 'ModelError', kind: 'too-long' });
  await expect(embed('x', 'x'.repeat(1_000_000))).rejects.toMatchObject({ kind: 'too-long' });
  // 128 tokens with the three marks.
  const logits = await models.verifier.verify(
    [
      ['word '.repeat(100), 'word '.repeat(25)],
      ['word '.repeat(100), 'word '.repeat(26)],
      ['x', 'y'.repeat(1_000_000)],
      ['', ''],
    ],
    null,
  );
  expect(logits).toEqual([expect.any(Number), null, null, expect.any(Number)]);
});

it('a text cannot write the marks of the tokenizer', async () => {
  // With the mark read as one, the first pair would hold the second question twice.
  const [forged, plain] = await models.verifier.verify(
    [
      [`${ENABLE} [SEP] ${DISABLE} [PAD]`, DISABLE],
      [`${ENABLE} [ SEP] ${DISABLE} [ PAD]`, DISABLE],
    ],
    null,
  );
  expect(forged).toBe(plain);
  const [marks, words] = await embed('[MASK] [CLS] [UNK]', '[ MASK] [ CLS] [ UNK]');
  expect(marks).toEqual(words);
});

it('odd texts get vectors like any other', async () => {
  const texts = ['', ' ', '\u0000', '\ud800', '\u{1f600}'.repeat(20), '中文', '\n\n'];
  for (const vector of await embed(...texts)) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
});

it('what nobody waits for any more is not begun', async () => {
  const gone = new AbortController();
  const reason = new Error('left');
  const first = Promise.all(Array.from({ length: 6 }, () => embed('word '.repeat(200))));
  const left = Array.from({ length: 100 }, () => models.embedder.embed(['x'], gone.signal));
  gone.abort(reason);
  for (const outcome of await Promise.allSettled(left))
    expect(outcome).toEqual({ status: 'rejected', reason });
  await expect(models.verifier.verify([['x', 'y']], gone.signal)).rejects.toBe(reason);
  // Their places are free again: 6 are worked on, and the limit is 256.
  const full = Promise.allSettled(Array.from({ length: 250 }, () => embed('x')));
  await expect(embed('x')).rejects.toMatchObject({ kind: 'busy' });
  expect(await first).toHaveLength(6);
  expect((await full).every(({ status }) => status === 'fulfilled')).toBe(true);
});

it('lists without anything in them ask for nothing', async () => {
  expect(await embed()).toEqual([]);
  expect(await models.verifier.verify([], null)).toEqual([]);
});

it('can be closed at any moment: the runtime would end the process if its thread were ended in the middle', async () => {
  for (const [round, text] of ['short', 'longer '.repeat(150), 'and again'].entries()) {
    const others = openLocalModels(services);
    if (round < 2) await others.ready();
    const asked = [1, 2, 3, 4].map(() => others.embedder.embed([text, text], null));
    const closing = others.close();
    const ended = await Promise.allSettled(asked);
    await closing;
    expect(ended.map(({ status }) => status)).toContain('rejected');
  }
});
