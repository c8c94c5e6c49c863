import { type Child, GATEWAY_CORE, startChild } from '../child.ts';
import { REQUEST_BODIES } from '../shapes.ts';
import { asObject } from './headers.ts';
import { call, type RunningTarget, untilAnswered } from './target.ts';

export interface Launch {
  readonly command: readonly string[];
  readonly env?: Record<string, string>;
  readonly port: number;
  readonly path: string;
  readonly headers: readonly string[];
  readonly anyLength?: boolean;
  readonly quietMs?: number;
  /** After the first answer: settings that the measurement needs. */
  configure?(child: Child): Promise<void>;
  cleanUp?(): void;
}

/** Starts a gateway on its core, and times it to its first proxied answer. */
export async function launch(setup: Launch): Promise<RunningTarget> {
  const startedAt = performance.now();
  const child = startChild(GATEWAY_CORE, setup.command, setup.env ? { env: setup.env } : {});
  const stop = async (): Promise<void> => {
    await child.stop();
    setup.cleanUp?.();
  };
  try {
    const headers = {
      'content-type': 'application/json',
      authorization: 'Bearer test-key-openai',
      ...asObject(setup.headers),
    };
    await untilAnswered(child, () => call(setup.port, 'POST', setup.path, headers, REQUEST_BODIES.json));
    const startMs = performance.now() - startedAt;
    await setup.configure?.(child);
    return {
      port: setup.port,
      path: setup.path,
      headers: setup.headers,
      pid: child.pid,
      startMs,
      anyLength: setup.anyLength ?? false,
      quietMs: setup.quietMs ?? 1000,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
