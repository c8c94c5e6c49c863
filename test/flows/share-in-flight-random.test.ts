import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sleep } from './fault-client.ts';
import {
  Client,
  type LogLine,
  type SharingTest,
  STREAM_HEAD,
  startSharingTest,
  streamOf,
  until,
} from './share-in-flight-calls.ts';

const ROUNDS = 1000;
const AT_ONCE = 25;
const MOST_CLIENTS = 5;
const STEPS = 8;

let sharing: SharingTest;
beforeAll(async () => {
  sharing = await startSharingTest();
});
afterAll(() => sharing.close());

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Mulberry32: the same rounds every time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Visitor {
  readonly joinsAt: number;
  /** Null stays to the end. */
  readonly leavesAt: number | null;
  client: Client | null;
}

/** A call that one leaves and others go on with, before there is an answer and after. */
const HANDED_ON: ReadonlySet<string> = new Set(['taken over', 'left to others']);

const wholes = new Map<string, Buffer>();
/** `cf-aig-cache-status` as clients were given it, by the id of the record. */
const told = new Map<string, string>();
/** Calls that arrived for each question, by its text. */
const callsOf = new Map<string, number>();

/** The provider answers every call in a few pieces, each a moment after the other. */
async function answerCalls(isOver: () => boolean): Promise<void> {
  for (let next = 0; !isOver(); ) {
    for (; next < sharing.calls.length; next++) {
      const call = sharing.calls[next]!;
      const { messages } = JSON.parse(call.body) as { messages: { content: string }[] };
      const question = messages[0]!.content;
      callsOf.set(question, (callsOf.get(question) ?? 0) + 1);
      const pieces = streamOf([`${question}: one`, ' two', ' three', ' four']);
      wholes.set(question, Buffer.concat(pieces));
      void (async () => {
        await sleep(next % 7);
        if (call.isAborted) return;
        call.response.writeHead(200, STREAM_HEAD);
        for (const piece of pieces) {
          if (call.isAborted) return;
          call.response.write(piece);
          await sleep(2 + (next % 5));
        }
        call.response.end();
      })();
    }
    await sleep(1);
  }
}

async function play(round: number, random: (below: number) => number): Promise<Visitor[]> {
  const question = `Round ${round} of many`;
  const body = { model: 'gpt-4o-mini', stream: true, messages: [{ role: 'user', content: question }] };
  const visitors = Array.from({ length: 2 + random(MOST_CLIENTS - 1) }, (): Visitor => {
    const joinsAt = random(STEPS - 2);
    return { joinsAt, leavesAt: random(3) > 0 ? null : joinsAt + 1 + random(4), client: null };
  });
  const headers = { 'cf-aig-metadata': JSON.stringify({ round }) };
  for (let step = 0; step < STEPS + 4; step++) {
    for (const visitor of visitors) {
      if (visitor.joinsAt === step) visitor.client = new Client(sharing.test, { body, headers });
      if (visitor.leavesAt === step) visitor.client!.leave();
    }
    await sleep(3);
  }
  await Promise.all(visitors.map(({ client }) => client!.over));
  for (const { client, leavesAt } of visitors) {
    if (client!.status !== null) told.set(client!.logId, String(client!.headers['cf-aig-cache-status']));
    const whole = wholes.get(question) ?? Buffer.alloc(0);
    expect(whole.subarray(0, client!.body.length).equals(client!.body)).toBe(true);
    if (leavesAt === null)
      expect([client!.status, client!.isWhole, client!.body.length]).toEqual([200, true, whole.length]);
  }
  return visitors;
}

async function playAll(from: number, to: number, seed: number): Promise<void> {
  let next = from;
  const random = randomFrom(seed);
  const lane = async (): Promise<void> => {
    while (next < to) await play(next++, random);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  await until(async () => (await sharing.openRequests()) === 0, 'requests stay open');
}

function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it('a thousand rounds of some that come and go at random leave nothing behind, and every call has one payer', async () => {
  let isOver = false;
  const answering = answerCalls(() => isOver);
  // A first part warms up what is kept on purpose: connections, compiled code, the cache's memory.
  await playAll(0, ROUNDS / 4, 1);
  const before = resources();
  const heapBefore = heapBytes();
  await playAll(ROUNDS / 4, ROUNDS, 2);
  const heapAfter = heapBytes();
  const after = resources();
  isOver = true;
  await answering;

  const lines = await recordsAtRest();
  const rounds = new Map<number, LogLine[]>();
  for (const line of lines) {
    const { round } = line.metadata as { round: number };
    rounds.set(round, [...(rounds.get(round) ?? []), line]);
  }
  let shared = 0;
  let passedOn = 0;
  for (const [round, of] of rounds) {
    const paying = of.filter(({ attempts }) => attempts.length > 0);
    for (const { attempts } of paying) expect(attempts).toHaveLength(1);
    // A call that was given up before it was sent has an attempt and nothing at the provider.
    const arrived = callsOf.get(`Round ${round} of many`) ?? 0;
    expect(paying.length).toBeGreaterThanOrEqual(arrived);
    for (const line of paying)
      expect(line).toMatchObject({ cached: false, cache_status: 'MISS', saved: null });
    for (const line of of) {
      // What the head of the reply has said. Those that left before it came were told nothing.
      const said = told.get(line.id);
      if (said !== undefined) expect(line.cache_status).toBe(said);
      if (line.cached !== true) continue;
      expect(line.cost).toBe(0);
      if (line.cache_kind === 'shared') shared++;
      if (line.outcome === 'complete') expect(paying.map(({ cost }) => cost)).toContain(line.saved);
    }
    if (of.some(({ decisions }) => decisions.some(({ outcome }) => HANDED_ON.has(outcome)))) passedOn++;
  }
  // The rounds are of use only if this happens in many of them.
  expect(shared).toBeGreaterThan(ROUNDS / 4);
  expect(passedOn).toBeGreaterThan(ROUNDS / 50);

  // The cache and the test keep 750 answers of 1 KB and their requests; what is kept of each flight would be more.
  expect(heapAfter - heapBefore).toBeLessThan(12_000_000);
  expect(after.TCPSocketWrap ?? 0).toBeLessThanOrEqual((before.TCPSocketWrap ?? 0) + 150);
  expect(after.Timeout ?? 0).toBeLessThanOrEqual((before.Timeout ?? 0) + 20);
}, 600_000);

/** All records, once no more come. */
async function recordsAtRest(): Promise<LogLine[]> {
  const { test } = sharing;
  await until(async () => {
    const health = (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as {
      spool: { backlogRecords: number };
    };
    return health.spool.backlogRecords === 0;
  }, 'records stay in the spool');
  return sharing.records(ROUNDS);
}
