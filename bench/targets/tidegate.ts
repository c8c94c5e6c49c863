import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './start.ts';
import { call, freePort, type Target } from './target.ts';

const command = fileURLToPath(new URL('../../bin/tidegate.mjs', import.meta.url));
const ADMIN_TOKEN = 'bench-admin-token-not-a-secret-0000';

/** Everything on but the index of texts: token, exact cache with store, a sliding limit that is counted but not reached, records with payloads. */
const GATEWAY = {
  id: 'default',
  authentication: true,
  cache_ttl: 3600,
  cache_invalidate_on_update: false,
  collect_logs: true,
  rate_limiting_limit: 1_000_000,
  rate_limiting_interval: 60,
  rate_limiting_technique: 'sliding',
};

async function configure(port: number): Promise<void> {
  const base = '/client/v4/accounts/local/ai-gateway/gateways';
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };
  const body = JSON.stringify(GATEWAY);
  const replaced = await call(port, 'PUT', `${base}/default`, headers, body);
  if (replaced?.status === 200) return;
  const created = await call(port, 'POST', base, headers, body);
  if (created?.status !== 200 && created?.status !== 201)
    throw new Error(
      `gateway not configured: PUT ${replaced?.status} ${replaced?.text}, POST ${created?.status} ${created?.text}`,
    );
}

export const tidegate: Target = {
  name: 'tidegate',
  title: 'Tidegate, all but the text index',
  prepare: () => (existsSync(command) ? null : 'bin/tidegate.mjs is not there'),
  async start(upstreamPort) {
    const port = await freePort();
    const data = mkdtempSync(join(tmpdir(), 'bench-tidegate-'));
    return launch({
      command: [process.execPath, command, 'start'],
      env: {
        TIDEGATE_HOST: '127.0.0.1',
        TIDEGATE_PORT: String(port),
        TIDEGATE_DATA: data,
        TIDEGATE_ADMIN_TOKEN: ADMIN_TOKEN,
        TIDEGATE_PROVIDER_OPENAI_URL: `http://127.0.0.1:${upstreamPort}/v1`,
        TIDEGATE_ALLOW_PRIVATE: '127.0.0.0/8',
        // Made when the gateway rests, on a thread of the lowest priority: half a millisecond for each record of this
        // load, which would be charged to whatever is measured next.
        TIDEGATE_SEARCH_TEXT_BYTES: '0',
      },
      port,
      path: '/v1/local/default/openai/chat/completions',
      headers: [
        `cf-aig-authorization: Bearer ${ADMIN_TOKEN}`,
        'cf-aig-metadata: {"user":"bench","team":"load","step":1}',
      ],
      // Stored bodies are compressed when a second has passed with few records: that is to be charged too.
      quietMs: 3000,
      configure: () => configure(port),
      cleanUp: () => rmSync(data, { recursive: true, force: true }),
    });
  },
};
