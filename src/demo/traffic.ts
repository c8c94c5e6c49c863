import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '../core/clock.ts';
import { AGENT_SCENE } from './agent-scene.ts';
import type { Scene, Visitor } from './demo-visitor.ts';
import { EVERYDAY_SCENES } from './everyday-scenes.ts';
import { callGateway, type GatewayReply } from './gateway-call.ts';
import { HELP_DESK_SCENES } from './help-desk-scenes.ts';
import { Dice } from './provider/dice.ts';
import { BURST_SCENE, TROUBLE_SCENES } from './trouble-scenes.ts';

export interface DemoTrafficOptions {
  /** The gateway's address with account and gateway: `http://127.0.0.1:8787/v1/local/demo`. */
  readonly baseUrl: string;
  /** Where bursts go, when a gateway of their own carries the rate limit; without it, to `baseUrl`. */
  readonly limitedBaseUrl?: string;
  /** Gateway token, sent as `cf-aig-authorization`; null for an open gateway. */
  readonly token: string | null;
  readonly signal: AbortSignal;
  /** Gets one short line for each thing worth seeing. */
  readonly log: (line: string) => void;
  /** Scenes begun per second, on average. An agent's scene is several requests. */
  readonly ratePerSecond?: number;
  /** How often a burst runs into the rate limit; 0 for never. */
  readonly burstEverySeconds?: number;
  /** Changes the order of things. */
  readonly seed?: string;
  readonly clock?: Clock;
}

export interface DemoTraffic {
  /** What was sent and what came back so far. */
  readonly counts: Readonly<{
    sent: number;
    served: number;
    cacheHits: number;
    refused: number;
    failed: number;
  }>;
  /** Ends when the signal has fired and everything in flight has ended. Never fails. */
  readonly done: Promise<void>;
}

const MAX_SCENES_AT_ONCE = 50;

/** Plays a small office's day through the gateway, until told to stop. */
export function startDemoTraffic(options: DemoTrafficOptions): DemoTraffic {
  const { signal, log } = options;
  const clock = options.clock ?? systemClock();
  // Every request in flight listens to it.
  setMaxListeners(0, signal);
  const dice = new Dice(options.seed ?? 'demo');
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const counts = { sent: 0, served: 0, cacheHits: 0, refused: 0, failed: 0 };
  const running = new Set<Promise<void>>();
  let isUnreachableTold = false;

  const count = (reply: GatewayReply): void => {
    if (reply.ending === 'unreachable' && !isUnreachableTold) {
      isUnreachableTold = true;
      log(`no gateway answers at ${options.baseUrl}`);
    } else if (reply.status !== null) {
      isUnreachableTold = false;
    }
    if (reply.headers['cf-aig-cache-status'] === 'HIT') counts.cacheHits++;
    if (reply.status === 200 && reply.ending === 'whole') counts.served++;
    else if (reply.status !== null && reply.status >= 400 && reply.status < 500) counts.refused++;
    else counts.failed++;
  };

  const send: Visitor['send'] = async (path, body, more = {}) => {
    const base = more.toLimited ? (options.limitedBaseUrl ?? options.baseUrl) : options.baseUrl;
    const metadata = {
      feature: more.feature ?? 'demo',
      user: `user-${dice.below(20)}`,
      plan: dice.pick(PLANS),
    };
    const headers: Record<string, string> = {
      ...providerKey(path),
      'user-agent': more.userAgent ?? 'curl/8.14.1',
      'cf-aig-metadata': JSON.stringify(metadata),
      ...more.headers,
    };
    if (options.token !== null) headers['cf-aig-authorization'] = `Bearer ${options.token}`;
    counts.sent++;
    const left = more.leaveAfterBytes === undefined ? {} : { leaveAfterBytes: more.leaveAfterBytes };
    const reply = await callGateway(agent, signal, {
      url: path === '' ? base : `${base}/${path}`,
      headers,
      body,
      ...left,
    });
    count(reply);
    return reply;
  };

  // While no gateway answers, and once we are leaving, the scenes have nothing true to tell.
  const tell = (line: string): void => {
    if (!isUnreachableTold && !signal.aborted) log(line);
  };

  const begin = (scene: Scene): void => {
    if (running.size >= MAX_SCENES_AT_ONCE) return;
    // Each scene throws its own dice: what it says does not hang on how fast the others were.
    const visitor: Visitor = { dice: new Dice(`${dice.next()}`), clock, signal, send, tell };
    const play = scene
      .play(visitor)
      .catch((error: unknown) => {
        if (!signal.aborted)
          log(`scene '${scene.name}' failed: ${error instanceof Error ? error.message : error}`);
      })
      .finally(() => running.delete(play));
    running.add(play);
  };

  const run = async (): Promise<void> => {
    const ratePerSecond = options.ratePerSecond ?? 3;
    const burstEveryMs = (options.burstEverySeconds ?? 45) * 1000;
    // The first round shows one of each; the everyday twice, so that the cache has something to give; a burst ends it.
    const opening = [
      ...EVERYDAY_SCENES,
      AGENT_SCENE,
      ...EVERYDAY_SCENES,
      ...HELP_DESK_SCENES,
      ...TROUBLE_SCENES,
    ];
    let burstAt = clock.tick() + Math.min(burstEveryMs, (opening.length / ratePerSecond) * 1000);
    while (!signal.aborted) {
      if (burstEveryMs > 0 && clock.tick() >= burstAt) {
        burstAt = clock.tick() + burstEveryMs;
        begin(BURST_SCENE);
      } else {
        begin(opening.shift() ?? pickScene(dice));
      }
      // Arrivals are independent of each other, as those of many users are.
      const waitMs = (-Math.log(1 - dice.next()) * 1000) / ratePerSecond;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
    await Promise.all(running);
    agent.destroy();
  };

  return { counts, done: run() };
}

const PLANS = ['free', 'team', 'team', 'enterprise'] as const;
const SCENES: readonly Scene[] = [...EVERYDAY_SCENES, ...HELP_DESK_SCENES, AGENT_SCENE, ...TROUBLE_SCENES];
const TOTAL_WEIGHT = SCENES.reduce((sum, scene) => sum + scene.weight, 0);

function pickScene(dice: Dice): Scene {
  let at = dice.next() * TOTAL_WEIGHT;
  for (const scene of SCENES) {
    at -= scene.weight;
    if (at < 0) return scene;
  }
  return SCENES[0]!;
}

/** The scripted provider takes any key; each family wants it in a place of its own. */
function providerKey(path: string): Record<string, string> {
  if (path === '') return {};
  if (path.startsWith('anthropic/')) return { 'x-api-key': 'demo-key' };
  if (path.startsWith('google-ai-studio/')) return { 'x-goog-api-key': 'demo-key' };
  return { authorization: 'Bearer demo-key' };
}
