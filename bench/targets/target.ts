import { request } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../child.ts';

export type TargetName = 'direct' | 'relay' | 'keeper' | 'nginx' | 'portkey' | 'tidegate';

/** One running instance of something that stands between load and upstream. */
export interface RunningTarget {
  readonly port: number;
  /** Path of chat completions. */
  readonly path: string;
  readonly headers: readonly string[];
  /** Root of the process tree; null for direct. */
  readonly pid: number | null;
  /** From the start of the process to the end of the first proxied answer. */
  readonly startMs: number | null;
  readonly anyLength: boolean;
  /** How long it must use no CPU to be taken as having nothing left to do. */
  readonly quietMs: number;
  stop(): Promise<void>;
}

export interface Target {
  readonly name: TargetName;
  readonly title: string;
  /** Null when it can run here, otherwise why it cannot. Installs what it may. */
  prepare(): string | null;
  start(upstreamPort: number): Promise<RunningTarget>;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** One request on a connection of its own; null while nobody listens. */
export function call(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string | Buffer,
): Promise<Answered | null> {
  return new Promise((resolve) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
      incoming.on('error', () => resolve(null));
    });
    outgoing.on('error', () => resolve(null));
    outgoing.end(body);
  });
}

/** Asks again every few milliseconds until the answer is 200. Throws with the process' last words. */
export async function untilAnswered(
  child: Child,
  ask: () => Promise<Answered | null>,
  limitMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  let ended = false;
  void child.exited.then(() => {
    ended = true;
  });
  let last: Answered | null = null;
  while (performance.now() < deadline && !ended) {
    last = await ask();
    if (last?.status === 200) return;
    await sleep(5);
  }
  throw new Error(
    `no answer: ${ended ? 'the process ended' : `status ${last?.status ?? 'none'} ${last?.text.slice(0, 300) ?? ''}`}\n${child.lastWords()}`,
  );
}
