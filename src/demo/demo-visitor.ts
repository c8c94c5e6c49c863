import type { Clock } from '../core/clock.ts';
import type { GatewayReply } from './gateway-call.ts';
import type { Dice } from './provider/dice.ts';

/** What a scene asks of the one who plays it. */
export interface Visitor {
  readonly dice: Dice;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Sends to `path` below the gateway's base URL; headers of the demo's own are added. */
  send(path: string, body: unknown, more?: SendOptions): Promise<GatewayReply>;
  /** One short line about something worth seeing. */
  tell(line: string): void;
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly userAgent?: string;
  /** Which of the demo's features this belongs to; becomes metadata. */
  readonly feature?: string;
  readonly leaveAfterBytes?: number;
  /** To the gateway with a rate limit, where there is one of its own. */
  readonly toLimited?: boolean;
}

/** A short piece of use: one request, or a few that belong together. */
export interface Scene {
  readonly name: string;
  /** How often it is played, against the others. */
  readonly weight: number;
  play(visitor: Visitor): Promise<void>;
}

export function cacheNote(reply: GatewayReply): string {
  const status = reply.headers['cf-aig-cache-status'];
  return status === undefined ? '' : ` cache ${String(status)}`;
}
