import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newGateway } from '../../../config/gateway-defaults.ts';
import { SEMANTIC_DEFAULTS } from '../../../config/semantic-schema.ts';
import { findHeader } from '../../../core/headers.ts';
import { Health } from '../../../core/health.ts';
import { newId } from '../../../core/ids.ts';
import type { InsideCall, InsideReply } from '../../../core/inside-call.ts';
import type { Embedder, SemanticSettings } from '../../../core/semantic.ts';
import type { Gateway } from '../../../core/stores/config.ts';
import type { SemanticAnswer } from '../../../core/stores/semantic.ts';
import type { SimilarHit } from '../../../core/stores/semantic-evidence.ts';
import { SqliteEvidenceStore } from '../../../stores/sqlite/evidence.ts';
import { HitChecker } from './checker.ts';
import type { CheckedRequest } from './checks.ts';
import { semanticDesk } from './desk.ts';

const DAY_MS = 86_400_000;
const NOON = 20_000 * DAY_MS + DAY_MS / 2;

let folder: string;
let now: number;
let evidence: SqliteEvidenceStore;
let checker: HitChecker;
let calls: InsideCall[];
let removed: (string | null)[];
let lines: string[];
let health: Health;
/** What the provider answers; a number is a status. */
let answerTo: (call: InsideCall) => string | number;
let costNanos: number | null;
let random: () => number;
let embedder: Embedder | null;
/** While set, nothing is answered. */
let held: Promise<void> | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-checker-'));
  now = NOON;
  calls = [];
  removed = [];
  lines = [];
  answerTo = () => 'Paris';
  costNanos = 1_000;
  random = () => 0.99;
  embedder = null;
  held = null;
  health = new Health();
  const clock = { now: () => now, tick: () => performance.now() };
  const line = (fields: object, message: string) => void lines.push(JSON.stringify({ ...fields, message }));
  evidence = new SqliteEvidenceStore({
    path: join(folder, 'semantic-evidence.db'),
    clock,
    onTrouble: (message) => void lines.push(message),
  });
  checker = new HitChecker({
    evidence,
    entries: { remove: async ({ id }) => removed.push(id) },
    clock,
    health,
    logger: { debug: line, info: line, warn: line, error: line },
    callGateway: async (call) => {
      calls.push(call);
      await Promise.race([held, given(call)]);
      return replyOf(call);
    },
    forms: {
      requestTo: (judge, _, material) => ({
        rest: judge,
        headers: [],
        body: Buffer.from(JSON.stringify(material)),
      }),
      verdictIn: (_, body) => JSON.parse(body),
    },
    embedderOf: () => embedder,
    readAnswer: ({ body }) => body.toString(),
    random: () => random(),
  });
});
afterEach(async () => {
  await checker.close();
  evidence.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Rejects when the call is given up. */
const given = ({ signal }: InsideCall): Promise<never> | null =>
  held && new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));

function replyOf(call: InsideCall): InsideReply {
  const answer = answerTo(call);
  return {
    status: typeof answer === 'number' ? answer : 200,
    headers: [],
    body: new Blob([String(answer)]).stream(),
    costNanos: () => costNanos,
  };
}

const gatewayWith = (change: Partial<SemanticSettings> = {}): Gateway => ({
  ...newGateway('a', 'g', NOON - 1_000),
  semanticCache: { ...SEMANTIC_DEFAULTS, mode: 'verify', sampleRate: 0, ...change },
});

const hit = (change: Partial<SimilarHit> = {}): SimilarHit => ({
  id: newId(now),
  account: 'a',
  gateway: 'g',
  at: now,
  served: true,
  entryId: 'entry-1',
  partition: 'p',
  asked: 'What is the capital of France?',
  stored: 'Capital of France?',
  similarity: 0.95,
  probability: 0.99,
  storedRecordId: newId(now),
  model: 'm',
  ageMs: 1,
  savedNanos: 2_000,
  savedMs: 3,
  ...change,
});

const requestTo = (gateway: Gateway): CheckedRequest => ({
  gateway,
  token: null,
  method: 'POST',
  rest: 'openai/chat/completions',
  path: 'chat/completions',
  headers: [
    'Authorization',
    'Bearer sk-client',
    'cf-aig-authorization',
    'Bearer t',
    'Tidegate-Semantic-Cache',
    'on',
    'cf-aig-cache-ttl',
    '600',
    'x-mine',
    '1',
  ],
  body: Buffer.from('{"model":"m"}'),
});

const answer = (text: string): SemanticAnswer => ({ headers: [], body: Buffer.from(text) });
const verdictOf = (id: string) => evidence.findHit('a', 'g', id)?.verdict ?? null;
const summary = () => evidence.summarise('a', 'g', NOON, NOON + 1);

async function until(done: () => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!done()) {
    if (performance.now() > end) throw new Error('it never comes to that');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Serves and waits for the verdict. */
async function served(
  gateway: Gateway,
  given: string,
  change: Partial<SimilarHit> = {},
): Promise<SimilarHit> {
  const one = hit(change);
  checker.served(one, requestTo(gateway), answer(given));
  await until(() => verdictOf(one.id) !== null);
  return one;
}

const rest = () => new Promise((resolve) => setTimeout(resolve, 30));

describe('an answer that was served', () => {
  it('is held against a fresh one that no cache gave, asked for as the client did', async () => {
    const one = await served(gatewayWith(), 'paris.');
    expect(evidence.findHit('a', 'g', one.id)).toMatchObject({ verdict: 'right', judgedBy: 'label' });
    const [call] = calls;
    expect(calls).toHaveLength(1);
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
    expect(summary()).toMatchObject({ served: 1, error: { judged: 1, wrong: 0 }, checkNanos: 1_000 });
  });

  it('that a second check finds wrong is evicted, not the first time', async () => {
    const gateway = gatewayWith();
    await served(gateway, 'London');
    expect(removed).toEqual([]);
    await served(gateway, 'London', { entryId: 'entry-2' });
    expect(removed).toEqual([]);
    await served(gateway, 'London');
    expect(removed).toEqual(['entry-1']);
  });

  it('stays without a verdict when the provider answers an error, which costs nothing', async () => {
    answerTo = () => 500;
    costNanos = null;
    const one = hit();
    checker.served(one, requestTo(gatewayWith()), answer('Paris'));
    await until(() => calls.length === 1);
    await rest();
    expect([verdictOf(one.id), summary().checkNanos]).toEqual([null, 0]);
  });

  it('is right by definition when the question was the same, and what differs is noise', async () => {
    const asked = 'What is the capital of France?';
    const one = await served(gatewayWith(), 'London', { asked, stored: `${asked.toUpperCase()} ` });
    expect(evidence.findHit('a', 'g', one.id)).toMatchObject({ verdict: 'right', judgedBy: 'label' });
    expect(summary().noise).toMatchObject({ wrong: 1, judged: 1 });
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
      random = () => 0.999;
      for (let i = 0; i < 60; i++) await served(gateway, 'Paris');
      expect(calls).toHaveLength(60);
      random = () => die;
      checker.served(hit(), requestTo(gateway), answer('Paris'));
      await (isChecked ? until(() => calls.length > 60) : rest());
      expect(calls.length > 60).toBe(isChecked);
      // After a change of the settings it warms up again.
      random = () => 0.999;
      const before = calls.length;
      checker.served(hit(), requestTo({ ...gateway, modifiedAt: now + 1 }), answer('Paris'));
      await until(() => calls.length > before);
    },
  );

  it('asks a few twice, to learn how a model differs from itself', async () => {
    random = () => 0.05;
    let count = 0;
    answerTo = () => (++count % 2 === 1 ? 'Paris' : 'Lyon');
    embedder = null;
    await served(gatewayWith(), 'Paris');
    await until(() => summary().noise.judged === 1);
    expect(calls).toHaveLength(2);
    expect(summary()).toMatchObject({
      noise: { wrong: 1 },
      error: { wrong: 0, judged: 1 },
      checkNanos: 2_000,
    });
  });

  it('is bounded by money and by day; what has no price is taken to cost a cent', async () => {
    const gateway = gatewayWith({ dailyCheckNanos: 25_000_000 });
    costNanos = null;
    for (let i = 0; i < 2; i++) await served(gateway, 'Paris', { savedNanos: null });
    expect(summary().checkNanos).toBe(20_000_000);
    const third = hit({ savedNanos: null });
    checker.served(third, requestTo(gateway), answer('Paris'));
    await rest();
    expect([calls.length, verdictOf(third.id)]).toEqual([2, null]);
    now += DAY_MS;
    await served(gateway, 'Paris', { savedNanos: null });
    expect(calls).toHaveLength(3);
    checker.served(hit(), requestTo(gatewayWith({ dailyCheckNanos: 0 })), answer('Paris'));
    await rest();
    expect(calls).toHaveLength(3);
  });

  it('counts calls that are under way against the budget', async () => {
    const gateway = gatewayWith({ dailyCheckNanos: 3_000 });
    let go = (): void => {};
    held = new Promise((resolve) => {
      go = resolve;
    });
    for (let i = 0; i < 5; i++) checker.served(hit(), requestTo(gateway), answer('Paris'));
    await until(() => calls.length === 1);
    await rest();
    expect(calls).toHaveLength(1);
    go();
    await until(() => summary().error.judged === 1);
    // It came to 1,000 in place of 2,000: there is room for one more, and no third.
    await served(gateway, 'Paris');
    checker.served(hit(), requestTo(gateway), answer('Paris'));
    await rest();
    expect(calls).toHaveLength(2);
  });

  it('is a bounded number at a time, and nothing after the end', async () => {
    const gateway = gatewayWith();
    held = new Promise(() => {});
    for (let i = 0; i < 300; i++) checker.served(hit(), requestTo(gateway), answer('Paris'));
    await until(() => calls.length === 2);
    await rest();
    expect(calls).toHaveLength(2);
    // All of the warm-up fits in line; beyond it nothing was wanted.
    expect(summary().served).toBe(300);
    const [first] = calls;
    await checker.close();
    expect(first!.signal!.aborted).toBe(true);
    checker.served(hit(), requestTo({ ...gateway, modifiedAt: now + 1 }), answer('Paris'));
    await rest();
    expect(calls).toHaveLength(2);
    expect(summary()).toMatchObject({ served: 301, error: { judged: 0 } });
  });
});

describe('in shadow', () => {
  it('the fresh answer says what would have been wrong, and nothing is asked', async () => {
    const gateway = gatewayWith({ mode: 'shadow' });
    const [good, bad, open] = [hit({ served: false }), hit({ served: false }), hit({ served: false })];
    checker.compared(good, requestTo(gateway), answer('Paris'), answer('paris'));
    checker.compared(bad, requestTo(gateway), answer('London'), answer('Paris'));
    checker.compared(open, requestTo(gateway), null, answer('Paris'));
    await until(() => verdictOf(good.id) !== null && verdictOf(bad.id) !== null);
    expect([verdictOf(good.id), verdictOf(bad.id), verdictOf(open.id)]).toEqual(['right', 'wrong', null]);
    expect(calls).toEqual([]);
    expect(summary()).toMatchObject({ served: 0, wouldServe: 3, error: { wrong: 1, judged: 2 } });
  });

  it('what was nearly good enough counts for the curve alone', async () => {
    const gateway = gatewayWith();
    expect(checker.isNearMiss(gateway, 0.96, 0.99)).toBe(true);
    expect(checker.isNearMiss(gateway, 0.93, 0.99)).toBe(false);
    expect(checker.isNearMiss(gateway, 0.99, 0.99)).toBe(false);
    expect(checker.isNearMiss(gatewayWith({ mode: 'on' }), 0.96, 0.99)).toBe(false);
    const near = hit({ served: false, probability: 0.96 });
    checker.nearMiss(near, requestTo(gateway), answer('London'), answer('Paris'));
    await until(() => summary().bins.some(({ wrong }) => wrong > 0));
    expect(summary()).toMatchObject({ wouldServe: 0, error: { judged: 0 } });
    expect(evidence.findHit('a', 'g', near.id)).toBe(null);
  });
});

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
    embedder = embedderAt(cosine);
    answerTo = () => LONG_ONE;
    const one = await served(gatewayWith(), LONG_OTHER);
    expect(evidence.findHit('a', 'g', one.id)).toMatchObject({ verdict, judgedBy: 'embedding' });
  });

  it('are held against what the model differs by from itself, once that is known', async () => {
    for (let i = 0; i < 20; i++) evidence.noteNoiseCosine('a', 'g', 'm', 0.82);
    embedder = embedderAt(0.85);
    answerTo = () => LONG_ONE;
    const one = await served(gatewayWith(), LONG_OTHER);
    expect(verdictOf(one.id)).toBe('right');
    const other = await served(gatewayWith(), LONG_OTHER, { model: 'another' });
    expect(verdictOf(other.id)).toBe('unsure');
  });

  it.each([
    [1, 'right'],
    [0.5, 'unsure'],
    [0, 'wrong'],
  ])('are put to a judge where one is set: a score of %f is %s', async (score, verdict) => {
    embedder = embedderAt(0.95);
    answerTo = ({ rest: to }) =>
      to === 'openai/gpt-x' ? JSON.stringify({ score, reason: 'because' }) : LONG_ONE;
    const one = await served(gatewayWith({ judge: 'openai/gpt-x' }), LONG_OTHER);
    expect(evidence.findHit('a', 'g', one.id)).toMatchObject({ verdict, judgedBy: 'judge', note: 'because' });
    expect(JSON.parse(String(calls[1]!.body))).toEqual({
      question: one.asked,
      reference: LONG_ONE,
      given: LONG_OTHER,
    });
    expect(calls[1]!.origin).toBe('cache-check');
    expect(summary().checkNanos).toBe(2_000);
  });

  it('are unsure when neither embedder nor judge can be asked', async () => {
    answerTo = ({ rest: to }) => (to === 'openai/gpt-x' ? 'no JSON' : LONG_ONE);
    const one = await served(gatewayWith({ judge: 'openai/gpt-x' }), LONG_OTHER);
    expect(evidence.findHit('a', 'g', one.id)).toMatchObject({ verdict: 'unsure', judgedBy: 'text' });
    expect(summary().error.judged).toBe(0);
    // It may have been paid for.
    expect(summary().checkNanos).toBe(2_000);
  });
});

describe('a gateway with too many wrong answers', () => {
  /** So many wrong ones, then so many right ones. */
  async function serve(gateway: Gateway, wrong: number, right: number): Promise<void> {
    for (let i = 0; i < wrong + right; i++) {
      await served(gateway, i < wrong ? 'London' : 'Paris', { entryId: `entry-${i}`, at: now });
    }
  }

  it('is paused when even the lower bound is beyond its budget, from twenty verdicts on', async () => {
    const gateway = gatewayWith({ errorBudget: 0.05 });
    await serve(gateway, 19, 0);
    expect(checker.isPaused(gateway)).toBe(false);
    await serve(gateway, 1, 0);
    await until(() => checker.isPaused(gateway));
    expect(evidence.pauseOf('a', 'g')).toMatchObject({
      since: NOON,
      reason: expect.stringContaining('20 of 20'),
    });
    expect(health.counters.get('semantic-cache-paused')).toBe(1);
    expect(lines.join('\n')).toContain('paused');
    expect(lines.join('\n')).not.toMatch(/capital|London|Paris/);
    expect(checker.isPaused({ ...gateway, id: 'other' })).toBe(false);
  });

  it('is not paused while chance may explain them', async () => {
    const gateway = gatewayWith({ errorBudget: 0.05 });
    await serve(gateway, 2, 22);
    expect(checker.isPaused(gateway)).toBe(false);
  });

  it('is not paused for what is the model’s own disagreement with itself', async () => {
    const gateway = gatewayWith({ errorBudget: 0.05 });
    for (let i = 0; i < 50; i++) evidence.noteNoise('a', 'g', NOON, i % 2 === 0);
    await serve(gateway, 8, 14);
    expect(checker.isPaused(gateway)).toBe(false);
  });

  it('goes on when somebody says so, and is judged by what comes afterwards', async () => {
    const gateway = gatewayWith({ errorBudget: 0.05 });
    await serve(gateway, 20, 0);
    await until(() => checker.isPaused(gateway));
    expect(checker.watch.resume({ ...gateway, id: 'other' })).toBe(false);
    now += 1_000;
    expect(checker.watch.resume(gateway)).toBe(true);
    expect(checker.isPaused(gateway)).toBe(false);
    await serve(gateway, 0, 20);
    expect(checker.isPaused(gateway)).toBe(false);
    await serve(gateway, 19, 0);
    await until(() => checker.isPaused(gateway));
  });

  it('goes on when its settings are changed', async () => {
    const gateway = gatewayWith({ errorBudget: 0.05 });
    await serve(gateway, 20, 0);
    await until(() => checker.isPaused(gateway));
    const changed = { ...gateway, modifiedAt: now + 1 };
    expect(checker.isPaused(changed)).toBe(false);
    expect(evidence.pauseOf('a', 'g')).toBe(null);
  });
});

describe('a person', () => {
  it('who says wrong evicts the answer and keeps the two questions apart, until he says right', async () => {
    const desk = semanticDesk({
      tier: {} as never,
      evidence,
      entries: { remove: async ({ id }) => removed.push(id) },
      watch: checker.watch,
      clock: { now: () => now, tick: () => 0 },
    });
    const one = hit();
    checker.served(one, requestTo(gatewayWith({ dailyCheckNanos: 0 })), answer('Paris'));
    expect(checker.isKnownWrong('a', 'g', one.asked, one.stored)).toBe(false);
    expect(await desk.judge('a', 'g', one.id, 'wrong', 'bad')).toMatchObject({
      verdict: 'wrong',
      note: 'bad',
    });
    expect(await desk.judge('a', 'g', one.id, 'wrong', 'bad')).toMatchObject({ judgedBy: 'person' });
    expect(removed).toEqual(['entry-1', 'entry-1']);
    expect(evidence.wrongPairs('a', 'g')).toHaveLength(1);
    expect(checker.isKnownWrong('a', 'g', one.stored.toUpperCase(), ` ${one.asked}`)).toBe(true);
    expect(checker.isKnownWrong('a', 'other', one.asked, one.stored)).toBe(false);
    await desk.judge('a', 'g', one.id, 'right', null);
    expect(checker.isKnownWrong('a', 'g', one.asked, one.stored)).toBe(false);
    expect(await desk.judge('a', 'g', 'nothing', 'wrong', null)).toBe(null);
    desk.forget('a', 'g');
    expect(removed.at(-1)).toBe(null);
    expect(summary().served).toBe(0);
  });
});
