import type { Target } from './target.ts';

export const direct: Target = {
  name: 'direct',
  title: 'direct (no gateway)',
  prepare: () => null,
  start: async (upstreamPort) => ({
    port: upstreamPort,
    path: '/v1/chat/completions',
    headers: [],
    pid: null,
    startMs: null,
    anyLength: false,
    quietMs: 0,
    stop: async () => {},
  }),
};
