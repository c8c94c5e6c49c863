import { openModels, type SemanticModels } from '../../src/composition/semantic/open-models.ts';
import { newGateway } from '../../src/config/gateway-defaults.ts';
import { SEMANTIC_DEFAULTS } from '../../src/config/semantic-schema.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { CallGateway, InsideCall } from '../../src/core/inside-call.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { Provider } from '../../src/core/provider.ts';
import type { Embedder, SemanticSettings } from '../../src/core/semantic.ts';
import type { Gateway, Token } from '../../src/core/stores/config.ts';
import { customProvider } from '../../src/providers/custom.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import { ADMIN_TOKEN, type TestGateway } from '../support/gateway.ts';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Calls from inside, by the door that the management API has for them: the same pipeline, the same stored keys. */
export function callThrough(test: TestGateway, calls: InsideCall[] = []): CallGateway {
  return async (call) => {
    calls.push(call);
    const headers = new Headers({ authorization: `Bearer ${ADMIN_TOKEN}` });
    for (let i = 0; i < call.headers.length; i += 2) headers.set(call.headers[i]!, call.headers[i + 1]!);
    const response = await fetch(
      `${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/${call.gateway.id}/run/${call.rest}`,
      { method: call.method, headers, body: call.body as Buffer<ArrayBuffer>, signal: call.signal },
    );
    return {
      status: response.status,
      headers: [...response.headers].flat(),
      body: response.body!,
      costNanos: () => null,
    };
  };
}

export const tokenOf = (id: string): Token => ({
  id,
  account: 'local',
  name: id,
  hash: '',
  preview: '',
  permissions: ['run'],
  createdAt: 0,
  expiresAt: null,
  revokedAt: null,
});

export interface Asking {
  readonly gateway?: Partial<Gateway>;
  readonly token?: Token | null;
  readonly dimensions?: number | null;
  readonly signal?: AbortSignal;
}

export interface Models extends SemanticModels {
  open(embedder: string, asking?: Asking): Promise<Embedder>;
}

/** Models over a way to call, with gateways that are named `g` and tokens that are named `t` unless said otherwise. */
export function modelsOver(
  callGateway: CallGateway,
  customUrl = 'http://127.0.0.1:1',
  timeoutMs = 20_000,
): Models {
  const custom: Provider = customProvider({
    id: 'c',
    account: 'local',
    slug: 'mine',
    name: 'Mine',
    baseUrl: customUrl,
    description: null,
    link: null,
    enable: true,
    beta: false,
    curlExample: null,
    jsExample: null,
    headers: {},
    position: null,
    createdAt: 1,
    modifiedAt: 1,
  });
  const models = openModels({
    modelsFolder: null,
    callGateway,
    clock: systemClock(),
    logger: silent,
    findProvider: (_, slug) => (slug === 'custom-mine' ? custom : (PROVIDERS.get(slug) ?? null)),
    timeoutMs,
  });
  return Object.assign(models, {
    open: (embedder: string, { gateway, token = tokenOf('t'), dimensions = null, signal }: Asking = {}) =>
      models.embedderOf(settingsOf(embedder, dimensions), gatewayOf(gateway), token, signal ?? null),
  });
}

export const settingsOf = (embedder: string, embedderDimensions: number | null = null): SemanticSettings => ({
  ...SEMANTIC_DEFAULTS,
  embedder,
  embedderDimensions,
});

export const gatewayOf = (fields: Partial<Gateway> = {}): Gateway => ({
  ...newGateway('local', 'g', 0),
  ...fields,
});

export const cosine = (one: Float32Array, other: Float32Array): number =>
  one.reduce((sum, value, index) => sum + value * other[index]!, 0);
