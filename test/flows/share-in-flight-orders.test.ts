import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { type Client, COST, Scene, settle, whole } from '../support/flight-scene.ts';

/** What must be true however it went. */
function check(scene: Scene, allLeft: boolean): void {
  const { clients, upstream } = scene;
  const sent = Buffer.concat(upstream.sent);
  for (const client of clients) {
    expect(client.outcome).not.toBe('waiting');
    expect(sent.subarray(0, client.bytes.length).equals(client.bytes)).toBe(true);
    if (client.end_ === 'ended')
      expect([upstream.state, client.bytes.length]).toEqual(['ended', sent.length]);
    if (client.end_ === 'failed')
      expect([upstream.state, client.bytes.length]).toEqual(['failed', sent.length]);
    if (client.outcome === 'reply') {
      expect(client.recordedAs).toBe(
        client.end_ === 'ended' ? 'complete' : client.end_ === 'failed' ? 'failed' : 'left',
      );
      expect(client.exchange.left || client.end_ !== 'open').toBe(true);
      expect(client.exchange.cacheStatus).toBe(client.told);
    }
  }
  if (scene.calls === 0) return;
  expect(scene.calls).toBe(1);
  const paying = clients.filter(({ exchange }) => exchange.attempts.length > 0);
  expect(paying.map(({ exchange }) => exchange.attempts.length)).toEqual([1]);
  const [payer] = paying as [Client];
  if (scene.thrown) {
    const stayed = clients.filter(({ leftWhileWaiting }) => !leftWhileWaiting);
    for (const client of stayed) {
      if (client === clients[0]) expect(client.error).toBe(scene.thrown);
      else expect(client.outcome).toBe('own call');
    }
  }
  if (payer.outcome === 'reply') {
    expect([payer.exchange.hit, payer.exchange.cacheStatus]).toEqual([null, 'MISS']);
    expect(payer.recordedFacts).toBe(whole);
    for (const client of clients) {
      if (client === payer || client.outcome !== 'reply') continue;
      expect(client.exchange.hit).toMatchObject({ kind: 'shared', recordId: expect.any(String) });
      expect(client.exchange.cacheStatus).toBe('HIT');
      if (client.end_ !== 'open') {
        expect(client.exchange.hit).toMatchObject({
          recordId: payer.exchange.id,
          costNanos: COST,
          model: 'm-1',
        });
      }
    }
  }
  // Read to its end by anyone, it is stored once, in the name of the one who pays.
  expect(scene.stored).toEqual(upstream.toldEnd ? [payer.exchange.id] : []);
  if (upstream.state === 'open') expect(scene.headGiven).toBe(false);
  if (allLeft && scene.headGiven && !clients.some(({ end_ }) => end_ !== 'open')) {
    expect(['cancelled', 'ended', 'failed']).toContain(upstream.state);
  }
  expect(scene.flights.size).toBe(0);
  for (const { exchange, reply } of clients) {
    // The one that the client of this test put there itself may be left.
    expect(exchange.listeners).toBeLessThanOrEqual(reply && !exchange.left ? 1 : 0);
  }
}

/** Brings a scene to its end: everyone reads on, or everyone leaves. */
async function bringToEnd(scene: Scene, leaving: boolean): Promise<void> {
  await settle();
  if (leaving) {
    for (const client of scene.clients) if (client.end_ === 'open') client.leave();
  } else {
    scene.head();
    await settle();
    for (const client of scene.clients) client.slow = false;
    for (let round = 0; round < 3; round++) {
      for (const client of scene.clients) client.drain();
      // Nobody holds up anything any more.
      const isRead = scene.clients.some(({ reply, exchange }) => reply && !exchange.left);
      if (isRead && scene.upstream.state === 'open') expect(scene.upstream.paused).toBe(false);
      scene.upstream.push(Buffer.from('last'));
    }
    if (scene.headGiven) scene.upstream.finish(null);
  }
  await settle();
}

describe('all orders of a few events', () => {
  const events: ((scene: Scene) => void)[] = [
    (scene) => scene.join(),
    (scene) => scene.clients[0]?.leave(),
    (scene) => scene.clients[1]?.leave(),
    (scene) => scene.head(),
    (scene) => scene.upstream.push(Buffer.from('chunk')),
    (scene) => scene.upstream.finish(null),
    (scene) => scene.upstream.finish(new GatewayError('upstream-failed', 'broken')),
    (scene) => scene.throw(),
  ];
  const applies = (event: number, scene: Scene): boolean => {
    if (event === 1) return scene.clients[0] !== undefined && !scene.clients[0].exchange.left;
    if (event === 2) return scene.clients[1] !== undefined && !scene.clients[1].exchange.left;
    if (event === 3 || event === 7) return !scene.headGiven && scene.thrown === null;
    if (event >= 4 && event <= 6) return scene.headGiven && scene.upstream.state === 'open';
    return scene.clients.length < 3;
  };

  /** Plays the events; false when one of them could not happen at its place. */
  async function play(order: readonly number[], eager: boolean, slowTap: boolean): Promise<Scene | null> {
    const scene = new Scene();
    scene.slowTap = slowTap;
    scene.join();
    for (const event of order) {
      if (!applies(event, scene)) return null;
      events[event]!(scene);
      if (!eager) await settle();
    }
    return scene;
  }

  it.each([true, false])(
    'leave one payer, the same bytes and nothing behind (in one turn: %s)',
    async (eager) => {
      let played = 0;
      let orders: number[][] = [[]];
      for (let depth = 1; depth <= 5; depth++) {
        const longer: number[][] = [];
        for (const order of orders) {
          for (let event = 0; event < events.length; event++) {
            const next = [...order, event];
            for (const leaving of [true, false]) {
              const scene = await play(next, eager, depth % 2 === 0);
              if (scene === null) break;
              if (leaving) longer.push(next);
              await bringToEnd(scene, leaving);
              try {
                check(scene, leaving);
              } catch (error) {
                throw new Error(`after ${next.join(' ')} ${leaving ? 'leaving' : 'reading on'}`, {
                  cause: error,
                });
              }
              played++;
            }
          }
        }
        orders = longer;
      }
      expect(played).toBeGreaterThan(1000);
    },
  );
});

describe('any order of many events, with readers that stop and go on', () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('join' as const), slow: fc.boolean() }),
    fc.record({ kind: fc.constantFrom('leave' as const, 'drain' as const, 'slow' as const), who: fc.nat(9) }),
    fc.record({ kind: fc.constantFrom('head' as const, 'turn' as const) }),
    fc.record({ kind: fc.constant('chunk' as const), size: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constantFrom('end' as const, 'fail' as const, 'throw' as const) }),
  );

  it('leaves one payer, the same bytes and nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 40 }),
        fc.boolean(),
        fc.boolean(),
        async (order, leaving, slowTap) => {
          const scene = new Scene();
          scene.slowTap = slowTap;
          scene.join();
          let sent = 0;
          for (const one of order) {
            const client = 'who' in one ? scene.clients[one.who] : undefined;
            if (one.kind === 'join') scene.join(one.slow);
            else if (one.kind === 'leave') client?.leave();
            else if (one.kind === 'drain') client?.drain();
            else if (one.kind === 'slow' && client) client.slow = !client.slow;
            else if (one.kind === 'head') scene.head();
            else if (one.kind === 'turn') await settle();
            else if (one.kind === 'chunk' && scene.headGiven)
              scene.upstream.push(Buffer.alloc(one.size, String(sent++ % 10)));
            else if (one.kind === 'end' && scene.headGiven) scene.upstream.finish(null);
            else if (one.kind === 'fail' && scene.headGiven)
              scene.upstream.finish(new GatewayError('upstream-failed', 'broken'));
            else if (one.kind === 'throw') scene.throw();
          }
          await bringToEnd(scene, leaving);
          // Those that stop again and again are let read to the end.
          for (let i = 0; i < 100; i++) for (const client of scene.clients) client.drain();
          await settle();
          check(scene, leaving);
        },
      ),
      { numRuns: 3000, seed: 5 },
    );
  });
});

it('a reader that is too far behind holds up the flow, until it leaves', async () => {
  const scene = new Scene();
  scene.join();
  scene.join(true);
  scene.head();
  await settle();
  for (let i = 0; i < 3; i++) scene.upstream.push(Buffer.alloc(40, 'x'));
  expect(scene.upstream.paused).toBe(true);
  scene.clients[1]!.leave();
  expect(scene.upstream.paused).toBe(false);
  await bringToEnd(scene, false);
  check(scene, false);
});

it('what the call finds in the semantic cache is a semantic hit for everyone, and paid for by nobody', async () => {
  const scene = new Scene();
  scene.hit = {
    kind: 'semantic',
    entry: 'e1',
    similarity: 0.98,
    recordId: 'earlier',
    model: 'm-1',
    costNanos: COST,
    durationMs: 900,
    ageMs: 1000,
  };
  for (let i = 0; i < 3; i++) scene.join();
  scene.head();
  await settle();
  scene.upstream.push(Buffer.from('chunk'));
  scene.clients[0]!.leave();
  await bringToEnd(scene, false);
  for (const { exchange } of scene.clients) {
    expect([exchange.hit, exchange.cacheStatus, exchange.attempts]).toEqual([scene.hit, 'HIT', []]);
  }
  expect(scene.clients.map(({ end_ }) => end_)).toEqual(['open', 'ended', 'ended']);
});
