import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from './start.ts';
import { freePort, type Target } from './target.ts';

const folder = fileURLToPath(new URL('../peers', import.meta.url));
const script = `${folder}/node_modules/@portkey-ai/gateway/build/start-server.js`;

export const portkey: Target = {
  name: 'portkey',
  title: '@portkey-ai/gateway',
  prepare() {
    if (existsSync(script)) return null;
    console.log('installing @portkey-ai/gateway into bench/peers ...');
    const installed = spawnSync('npm', ['ci', '--prefix', folder], { stdio: 'ignore' });
    return existsSync(script) ? null : `npm ci --prefix bench/peers failed (${installed.status})`;
  },
  async start(upstreamPort) {
    const port = await freePort();
    return launch({
      // What `npx @portkey-ai/gateway` runs; --headless leaves its console page out.
      command: [process.execPath, script, `--port=${port}`, '--headless'],
      port,
      path: '/v1/chat/completions',
      headers: ['x-portkey-provider: openai', `x-portkey-custom-host: http://127.0.0.1:${upstreamPort}/v1`],
      // It parses and re-serialises JSON, and adds a field to it.
      anyLength: true,
    });
  },
};
