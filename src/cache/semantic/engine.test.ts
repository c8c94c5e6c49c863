import { expect, it } from 'vitest';
import { ModelError } from '../../core/model-error.ts';
import type { Embedder, Verifier } from '../../core/semantic.ts';
import type { Neighbour, SemanticEntry } from '../../core/stores/semantic.ts';
import { type Readiness, SemanticEngine } from './engine.ts';
import type { LadderParts, LookUpOutcome, Question } from './look-up.ts';
import type { PairScore } from './score/score.ts';

const entry = (text: string, id = text): SemanticEntry => ({
  id,
  account: 'a',
  gateway: 'g',
  partition: 'p',
  text,
  storedAt: 0,
  expiresAt: 1,
  recordId: 'r',
  costNanos: 1,
  durationMs: 1,
  model: null,
  provider: null,
});

const never = new Promise<never>(() => {});
const local: Embedder = {
  id: 'local',
  dimensions: 2,
  // The cosine of 'asked' and 'n' is .n in this world.
  embed: async (texts) =>
    texts.map((text) => {
      const cosine = /\d+$/.test(text) ? Number(`.${/\d+$/.exec(text)![0]}`) : 1;
      return Float32Array.of(cosine, Math.sqrt(1 - cosine * cosine));
    }),
};
/** The logit of a pair is the number that its stored text is. */
const verifier: Verifier = {
  id: 'v',
  verify: async (pairs) => pairs.map(([one, other]) => Number(/\d+/.exec(one + other)![0])),
};

function parts(near: readonly Neighbour[], change: Partial<LadderParts> = {}): LadderParts {
  return {
    store: {
      nearest: async () => near,
      answer: async (id) => ({ headers: [], body: Buffer.from(id) }),
    },
    evidence: { verdictsOf: () => ({ right: 0, wrong: 0 }) },
    checks: { isKnownWrong: () => false },
    embedder: local,
    verifier,
    score: {
      embedder: 'local',
      verifier: 'v',
      scorePair: ({ logit }): PairScore => ({ probability: logit / 100, upperError: 0 }),
      leastProbability: (budget) => 1 - budget,
    },
    gate: () => null,
    ...change,
  };
}

const question = (change: Partial<Question> = {}): Question => ({
  account: 'a',
  gateway: 'g',
  text: 'asked',
  errorBudget: 0.1,
  embedder: async () => local,
  vector: async () => Float32Array.of(1, 0),
  partition: () => 'p',
  ...change,
});

async function look(
  readiness: Readiness | (() => Promise<Readiness>),
  asked = question(),
  deadlineMs = 30_000,
): Promise<string> {
  const ready = typeof readiness === 'function' ? readiness : async () => readiness;
  return told(await new SemanticEngine().lookUp(asked, ready, deadlineMs, null));
}
const told = (outcome: LookUpOutcome): string =>
  outcome.kind === 'hit'
    ? `hit ${outcome.candidate.entry.id} ${outcome.candidate.probability.toFixed(2)} ${outcome.answer.body}`
    : `${outcome.reason}${outcome.candidate === null ? '' : ` ${outcome.candidate.entry.id} ${outcome.candidate.probability?.toFixed(2) ?? '-'}`}`;
const near = (...texts: string[]): Neighbour[] => texts.map((text) => ({ entry: entry(text), cosine: 0.9 }));

it('serves the most probable of the best three, when it is good enough', async () => {
  expect(await look(parts(near('95', '97', '92')))).toBe('hit 97 0.97 97');
  expect(await look(parts(near('80', '81', '82', '99')))).toBe('score 82 0.82');
  expect(await look(parts([]))).toBe('no-neighbour');
});

it('does not let the verifier read what the gate or a person has told apart', async () => {
  const read: string[] = [];
  const spy: Verifier = {
    id: 'v',
    verify: async (pairs, signal) => {
      read.push(...pairs.map(([one, other]) => (one === 'asked' ? other : one)));
      return verifier.verify(pairs, signal);
    },
  };
  const gate: LadderParts['gate'] = (_, stored) =>
    stored === '99' ? { reason: 'numbers', detail: 'a text' } : null;
  const checks: LadderParts['checks'] = { isKnownWrong: (_a, _g, _asked, stored) => stored === '98' };
  const change = { gate, checks, verifier: spy };
  expect(await look(parts(near('99', '98', '91', '50', '93'), change))).toBe('hit 93 0.93 93');
  expect([...new Set(read)]).toEqual(['91', '50', '93']);
  expect(await look(parts(near('99', '98'), change))).toBe('gate-numbers 99 -');
  expect(await look(parts(near('98', '99'), change))).toBe('known-wrong 98 -');
});

it('corrects a probability by what was found about answers of that entry', async () => {
  const evidence = { verdictsOf: (id: string) => ({ right: 0, wrong: id === '99' ? 2 : 0 }) };
  expect(await look(parts(near('99', '93'), { evidence }))).toBe('hit 93 0.93 93');
  expect(await look(parts(near('99'), { evidence }))).toBe('score 99 0.88');
});

it('takes the cosine of the local embedder for the score, whatever embedder found the neighbour', async () => {
  const seen: number[] = [];
  const score: LadderParts['score'] = {
    ...parts([]).score,
    scorePair: ({ cosine, logit }) => {
      seen.push(Number(cosine.toFixed(4)));
      return { probability: logit / 100, upperError: 0 };
    },
  };
  const remote = question({ embedder: async () => ({ ...local, id: 'remote' }) });
  expect(await look(parts(near('95', '96'), { score }), remote)).toBe('hit 96 0.96 96');
  expect(seen).toEqual([0.95, 0.96]);
  seen.length = 0;
  await look(parts(near('95'), { score }));
  expect(seen).toEqual([0.9]);
});

it('looks in the partition of the embedder that is in use', async () => {
  const asked: string[] = [];
  const store: LadderParts['store'] = {
    nearest: async ({ partition }) => {
      asked.push(partition);
      return [];
    },
    answer: async () => null,
  };
  await look(parts([], { store }), question({ partition: (embedder) => `of ${embedder}` }));
  expect(asked).toEqual(['of local']);
});

const failing = async (): Promise<never> => {
  throw new Error('secret words');
};
it.each<[string, Partial<LadderParts>, Partial<Question>]>([
  ['embedder-failed', {}, { vector: failing }],
  ['embedder-failed', {}, { embedder: failing }],
  ['too-long', {}, { vector: () => Promise.reject(new ModelError('too-long', '')) }],
  ['busy', {}, { vector: () => Promise.reject(new ModelError('busy', '')) }],
  ['verifier-failed', { verifier: { id: 'v', verify: failing } }, {}],
  ['too-long 95 -', { verifier: { id: 'v', verify: async () => [null, null] } }, {}],
  ['unavailable', { store: { nearest: failing, answer: failing } }, {}],
  ['unavailable', { store: { nearest: async () => near('95'), answer: failing } }, {}],
  ['answer-gone 95 0.95', { store: { nearest: async () => near('95'), answer: async () => null } }, {}],
  [
    'unavailable',
    {
      gate: () => {
        throw new Error('x');
      },
    },
    {},
  ],
])('is a miss for the reason %s when a part fails so', async (told, change, asked) => {
  expect(await look(parts(near('95'), change), question(asked))).toBe(told);
});

it('is late when a part does not come to an end, and not ready when the models are not', async () => {
  expect(await look(parts([]), question({ vector: () => never }), 20)).toBe('late');
  expect(await look(parts(near('95'), { verifier: { id: 'v', verify: () => never } }), question(), 20)).toBe(
    'late',
  );
  expect(await look(() => never, question(), 20)).toBe('late');
  expect(await look({ reason: 'unavailable' })).toBe('unavailable');
  expect(await look(failing)).toBe('unavailable');
});

it('ends with the client', async () => {
  const left = new AbortController();
  const store: LadderParts['store'] = {
    nearest: ({ signal }) =>
      new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason))),
    answer: async () => null,
  };
  const looking = new SemanticEngine().lookUp(
    question(),
    async () => parts([], { store }),
    30_000,
    left.signal,
  );
  setImmediate(() => left.abort());
  expect(told(await looking)).toBe('late');
});

it('refuses more look-ups at once than it can do, and takes new ones when they have ended', async () => {
  const engine = new SemanticEngine();
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const ready = async (): Promise<Readiness> => {
    await gate;
    return parts(near('95'));
  };
  const running = Array.from({ length: 40 }, () => engine.lookUp(question(), ready, 30_000, null));
  open();
  const outcomes = (await Promise.all(running)).map(told);
  expect(outcomes.filter((each) => each === 'busy')).toHaveLength(8);
  expect(outcomes.filter((each) => each.startsWith('hit'))).toHaveLength(32);
  expect(told(await engine.lookUp(question(), ready, 30_000, null))).toContain('hit');
});
