import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '../../src/config/settings.ts';
import {
  type ScriptedProvider,
  type ScriptedProviderOptions,
  startScriptedProvider,
} from '../../src/demo/provider/server.ts';
import { type RunningGateway, startGateway } from '../../src/main.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';

export const ADMIN_TOKEN = 'test-admin-token-0123456789';

/** A gateway in this process, over a scripted provider that plays every provider. */
export interface TestGateway {
  readonly gateway: RunningGateway;
  readonly provider: ScriptedProvider;
  readonly dataFolder: string;
  /** `http://127.0.0.1:port/v1/local/{gateway}` */
  base(gateway?: string): string;
  /** Calls the management API as the administrator; returns `result`. Throws when it answers an error. */
  manage(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The record of a reply, once the store has it. */
  record(response: { headers: Headers }, gateway?: string): Promise<Record<string, unknown>>;
  /** Closes the gateway, keeping provider and data, and starts it again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface TestGatewayOptions {
  /** Variables beside those that the harness sets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly provider?: ScriptedProviderOptions;
}

/** The five settings that every gateway must name, with fields of one's own over them. */
export const gatewayBody = (fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  cache_invalidate_on_update: false,
  cache_ttl: 0,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
  ...fields,
});

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const provider = await startScriptedProvider(options.provider);
  const dataFolder = mkdtempSync(join(tmpdir(), 'tidegate-test-'));
  const ids = [...new Set([...PROVIDERS.values()].map(({ id }) => id))];
  const providerUrls = Object.fromEntries(
    // OpenAI's own base has the version in it; the rest of the world is a folder of the scripted provider.
    ids.map((id) => [providerVariable(id), `${provider.url}/${id}${id === 'openai' ? '/v1' : ''}`]),
  );
  const settings = loadSettings({
    flags: new Map(),
    file: null,
    providers: ids,
    env: {
      TIDEGATE_PORT: '0',
      TIDEGATE_DATA: join(dataFolder, 'data'),
      TIDEGATE_ADMIN_TOKEN: ADMIN_TOKEN,
      TIDEGATE_ALLOW_PRIVATE: '127.0.0.0/8',
      TIDEGATE_LOG_LEVEL: 'silent',
      ...providerUrls,
      ...options.env,
    },
  });
  let gateway = await startGateway(settings);

  const manage = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${gateway.baseUrl}/client/v4/accounts/local/ai-gateway${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { success: boolean; result: unknown };
    if (!answer.success) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer.result;
  };
  return {
    get gateway() {
      return gateway;
    },
    provider,
    dataFolder: join(dataFolder, 'data'),
    base: (id = 'default') => `${gateway.baseUrl}/v1/local/${id}`,
    manage,
    async record(response, id = 'default') {
      const logId = response.headers.get('cf-aig-log-id');
      if (logId === null) throw new Error('the reply has no cf-aig-log-id');
      const end = performance.now() + 5000;
      for (;;) {
        try {
          return (await manage('GET', `/gateways/${id}/logs/${logId}`)) as Record<string, unknown>;
        } catch (error) {
          if (performance.now() > end) throw error;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    },
    async restart() {
      await gateway.close();
      gateway = await startGateway(settings);
    },
    async close() {
      await gateway.close();
      await provider.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

const providerVariable = (id: string): string =>
  `TIDEGATE_PROVIDER_${id.replaceAll('-', '_').toUpperCase()}_URL`;
