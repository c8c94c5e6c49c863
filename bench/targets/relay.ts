import { fileURLToPath } from 'node:url';
import { launch } from './start.ts';
import { freePort, type Target } from './target.ts';

export const relay: Target = {
  name: 'relay',
  title: 'bare relay (node:http + undici)',
  prepare: () => null,
  async start(upstreamPort) {
    const port = await freePort();
    const script = fileURLToPath(new URL('../relay.ts', import.meta.url));
    return launch({
      command: [process.execPath, script, String(port), String(upstreamPort)],
      port,
      path: '/v1/chat/completions',
      headers: [],
    });
  },
};
