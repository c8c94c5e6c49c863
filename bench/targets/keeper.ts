import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './start.ts';
import { freePort, type Target } from './target.ts';

export const keeper: Target = {
  name: 'keeper',
  title: 'relay that hashes and keeps',
  prepare: () => null,
  async start(upstreamPort) {
    const port = await freePort();
    const script = fileURLToPath(new URL('../keeper.ts', import.meta.url));
    const folder = mkdtempSync(join(tmpdir(), 'bench-keeper-'));
    return launch({
      command: [process.execPath, script, String(port), String(upstreamPort), join(folder, 'kept')],
      port,
      path: '/v1/chat/completions',
      headers: [],
      cleanUp: () => rmSync(folder, { recursive: true, force: true }),
    });
  },
};
