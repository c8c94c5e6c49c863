import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Clock, systemClock } from '../../core/clock.ts';
import { findBench } from './bench.ts';
import type { Timing } from './deliver.ts';
import type { Fault } from './fault.ts';
import { Journal, type RecordedRequest } from './journal.ts';
import { PromptCache } from './prompt-cache.ts';
import { Script } from './script.ts';
import { serve, type World } from './serve.ts';

export interface ScriptedProviderOptions {
  /** 0 for any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly clock?: Clock;
  /** Keys that are accepted; without it, any key that is not empty. */
  readonly keys?: readonly string[];
  /** When given, AWS signatures are checked against this secret. */
  readonly awsSecretKey?: string;
  /** Models that are served; without it, all whose name does not say `unknown`, `no-such` or `nonexistent`. */
  readonly models?: readonly string[];
  readonly timing?: Partial<Timing>;
  /** Changes what is said. */
  readonly seed?: string;
  /** How many of the last requests `requests` holds. */
  readonly recordLimit?: number;
  /** Larger bodies are answered 413. */
  readonly bodyLimitBytes?: number;
  /** Prompts shorter than this are not cached by the provider. The real ones say 1,024. */
  readonly promptCacheMinTokens?: number;
}

export interface ScriptedProvider {
  readonly url: string;
  readonly port: number;
  /** What arrived, oldest first. Requests under `/bench/` are left out. */
  readonly requests: readonly RecordedRequest[];
  /** Requests that are being served or held right now. */
  readonly openStreams: number;
  /** Sockets that are open now, and that were ever opened. */
  readonly connections: { readonly open: number; readonly total: number };
  /** Faults for the next requests, one each; an empty one means that nothing goes wrong. */
  script(faults: readonly (Fault | string)[]): void;
  /** The fault of every request that no other fault is meant for. */
  always(fault: Fault): void;
  /** Forgets requests, scripts, prompt caches and what was said before: the same requests get the same answers again. */
  reset(): void;
  close(): Promise<void>;
}

export async function startScriptedProvider(
  options: ScriptedProviderOptions = {},
): Promise<ScriptedProvider> {
  const clock = options.clock ?? systemClock();
  const world: World = {
    clock,
    journal: new Journal(clock, options.recordLimit ?? 1000),
    script: new Script(),
    promptCache: new PromptCache(clock, options.promptCacheMinTokens ?? 32),
    seenBodies: new Map(),
    keys: options.keys ?? null,
    awsSecretKey: options.awsSecretKey ?? null,
    models: options.models ?? null,
    timing: { firstTokenMs: options.timing?.firstTokenMs ?? 0, tokenMs: options.timing?.tokenMs ?? 0 },
    seed: options.seed ?? 'tidegate',
    bodyLimitBytes: options.bodyLimitBytes ?? 256 << 20,
    closing: new AbortController(),
    windowStart: 0,
    windowCount: 0,
  };
  // Every request in flight listens to it.
  setMaxListeners(0, world.closing.signal);
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const bench = findBench(request);
    if (bench) bench(request, response);
    else void serve(world, request, response);
  };
  // Long idle connections: whoever reuses one decides when it ends, except where a script says otherwise.
  const server = createServer(
    { keepAliveTimeout: 120_000, requestTimeout: 0, maxHeaderSize: 1 << 20 },
    listener,
  );
  const sockets = new Set<Socket>();
  let total = 0;
  server.on('connection', (socket) => {
    total++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    requests: world.journal.entries,
    get openStreams() {
      return world.journal.open;
    },
    get connections() {
      return { open: sockets.size, total };
    },
    script: (faults) => world.script.add(faults),
    always: (fault) => {
      world.script.standing = fault;
    },
    reset: () => {
      world.journal.clear();
      world.script.clear();
      world.promptCache.clear();
      world.seenBodies.clear();
      world.windowCount = 0;
    },
    close: () =>
      new Promise((resolve) => {
        world.closing.abort();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
