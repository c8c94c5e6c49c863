import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chatOf, SOME_PARTS } from '../../../test/support/partition-parts.ts';
import { openSemanticStore } from '../../composition/semantic/open-semantic-store.ts';
import { systemClock } from '../../core/clock.ts';
import { Health } from '../../core/health.ts';
import { newId } from '../../core/ids.ts';
import type { Embedder } from '../../core/semantic.ts';
import type { SemanticStore } from '../../core/stores/semantic.ts';
import { openLogger } from '../../telemetry/logger.ts';
import type { Eligible } from './eligibility.ts';
import { climb, type LadderParts, type LookUpOutcome } from './look-up.ts';
import { type PartitionParts, partitionOf, scopeOf } from './partition.ts';

const REQUESTS = 1000;
const DIMENSIONS = 32;
const clock = systemClock();

let folder = '';
let store: SemanticStore;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-isolation-'));
  store = openSemanticStore({
    path: join(folder, 'semantic.db'),
    budgetBytes: 256 * 1024 * 1024,
    indexBytes: 64 * 1024 * 1024,
    clock,
    health: new Health(),
    logger: openLogger('silent'),
  });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const questionOf = (n: number): string => `What is the story of the ${n}th bridge?`;
/** A direction of its own for each question. */
function vectorOf(n: number): Float32Array {
  let seed = n + 1;
  const vector = Float32Array.from({ length: DIMENSIONS }, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32 - 0.5;
  });
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
const embedder = (id: string): Embedder => ({ id, dimensions: DIMENSIONS, embed: async () => [] });

/** Everything but the partition says yes. */
const yes = (): LadderParts => ({
  store,
  evidence: { verdictsOf: () => ({ right: 0, wrong: 0 }) },
  checks: { isKnownWrong: () => false },
  embedder: embedder('e1'),
  verifier: { id: 'v', verify: async (pairs) => pairs.map(() => 9) },
  score: {
    embedder: 'e1',
    verifier: 'v',
    scorePair: () => ({ probability: 1, upperError: 0 }),
    leastProbability: () => 0.5,
  },
  gate: () => null,
});

const chat =
  (fields: object = {}, system?: string) =>
  (n: number): Eligible =>
    chatOf(questionOf(n), fields, system);

interface Parts extends Omit<PartitionParts, 'request'> {
  readonly request: (n: number) => Eligible;
}
const caller = { tokenId: 't1', credential: ['client', 'authorization', 'a'], userId: 'u1' };
const base: Parts = { ...SOME_PARTS, scope: scopeOf('user', caller)!, embedder: 'e1', request: chat() };

const MUTATIONS: Readonly<Record<string, Partial<Parts>>> = {
  gateway: { gateway: 'h' },
  'epoch of the gateway’s cache': { epoch: 1 },
  token: { scope: scopeOf('user', { ...caller, tokenId: 't2' })! },
  credential: { scope: scopeOf('user', { ...caller, credential: ['client', 'authorization', 'b'] })! },
  user: { scope: scopeOf('user', { ...caller, userId: 'u2' })! },
  model: { model: 'n' },
  provider: { provider: 'openai 2' },
  'base URL': { base: 'https://eu.example.com' },
  endpoint: { endpoint: 'responses', upstream: 'https://api.openai.com/v1/responses' },
  stream: { stream: true },
  'behaviour header': { behaviourHeaders: ['accept: */*', 'openai-beta: x'] },
  embedder: { embedder: 'e2' },
  'system prompt': { request: chat({}, 'Be brief!') },
  setting: { request: chat({ temperature: 0.1 }) },
};

const partition = (parts: Parts, n: number, embedderId = parts.embedder): string =>
  partitionOf({ ...parts, embedder: embedderId, request: parts.request(n) });

function look(parts: Parts, n: number): Promise<LookUpOutcome> {
  const { account, gateway } = parts;
  const used = embedder(parts.embedder);
  return climb(
    {
      account,
      gateway,
      text: questionOf(n),
      errorBudget: 0.01,
      embedder: async () => used,
      vector: async () => vectorOf(n),
      partition: (id) => partition(parts, n, id),
    },
    { ...yes(), embedder: used },
    new AbortController().signal,
  );
}
function keep(parts: Parts, n: number): void {
  const now = clock.now();
  store.put(
    {
      id: newId(now),
      account: parts.account,
      gateway: parts.gateway,
      partition: partition(parts, n),
      text: questionOf(n),
      storedAt: now,
      expiresAt: now + 3_600_000,
      recordId: 'r',
      costNanos: 1,
      durationMs: 1,
      model: null,
      provider: null,
    },
    vectorOf(n),
    { headers: ['x-of', parts.scope.join()], body: Buffer.from(JSON.stringify(parts.base)) },
  );
}
/** How the same thousand questions end when asked with these parts. */
async function outcomes(parts: Parts): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let from = 0; from < REQUESTS; from += 100) {
    const some = await Promise.all(Array.from({ length: 100 }, (_, at) => look(parts, from + at)));
    for (const outcome of some) {
      const name = outcome.kind === 'hit' ? 'hit' : outcome.reason;
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  return counts;
}

it(`no hit across any of ${Object.keys(MUTATIONS).length} parts in ${REQUESTS} requests each, though all else says yes`, async () => {
  expect(Object.keys(MUTATIONS)).toHaveLength(14);
  for (let n = 0; n < REQUESTS; n++) keep(base, n);
  expect(await outcomes(base)).toEqual({ hit: REQUESTS });
  for (const [part, change] of Object.entries(MUTATIONS)) {
    const mutated = { ...base, ...change };
    expect([part, await outcomes(mutated)]).toEqual([part, { 'no-neighbour': REQUESTS }]);
    // Then with one answer there: it is the only one that is found.
    keep(mutated, 0);
    const first = await look(mutated, 0);
    expect([part, first.kind]).toEqual([part, 'hit']);
  }
  expect(await outcomes(base)).toEqual({ hit: REQUESTS });
}, 120_000);
