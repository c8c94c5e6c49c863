import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import Cloudflare from 'cloudflare';
import { createApi } from '../../src/api/app.ts';
import { LogTails } from '../../src/api/log-tails.ts';
import { openEvaluations } from '../../src/composition/management/open-evaluations.ts';
import { priceList } from '../../src/composition/management/price-list.ts';
import { providerList } from '../../src/composition/management/provider-list.ts';
import { TokenUses } from '../../src/config/token-uses.ts';
import { mintToken } from '../../src/config/tokens.ts';
import { systemClock } from '../../src/core/clock.ts';
import { Health } from '../../src/core/health.ts';
import { newId } from '../../src/core/ids.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { CacheEntry } from '../../src/core/stores/cache.ts';
import type { Permission, Token } from '../../src/core/stores/config.ts';
import type { LogTailStore } from '../../src/core/stores/log-tail.ts';
import type { LogRecord, RecordBodies } from '../../src/core/stores/logs.ts';
import { emptyUsage } from '../../src/core/usage.ts';
import { PriceBook } from '../../src/pricing/price.ts';
import { MemoryLogStore } from '../../src/stores/memory/logs.ts';
import { openAccessStore } from '../../src/stores/sqlite/access.ts';
import { openConfigStore } from '../../src/stores/sqlite/config.ts';
import { openSecretStore } from '../../src/stores/sqlite/secrets.ts';
import { openTestDesk } from '../support/semantic-desk.ts';

export const ACCOUNT = 'local';

const NO_TAIL: LogTailStore = {
  newest: () => Promise.resolve(0),
  tail: () => Promise.resolve({ rows: [], skipped: 0, last: 0 }),
};
const silence = (): void => {};
const SILENT: Logger = { debug: silence, info: silence, warn: silence, error: silence };

/** The management API on a port of its own, with real stores in a folder of its own. */
export async function startApi(options: { readonly trustProxy?: boolean } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-api-'));
  const config = openConfigStore(join(folder, 'config.db'));
  const secrets = openSecretStore(config.database, randomBytes(32));
  const access = openAccessStore(join(folder, 'access.db'), 0);
  const tokenUses = new TokenUses(access);
  const logs = new MemoryLogStore();
  const cached = new Map<string, CacheEntry>();
  const logLines: string[] = [];
  const changes: string[] = [];
  const line = (fields: object, message: string) =>
    void logLines.push(JSON.stringify({ ...fields, message }));
  const time = systemClock();
  let skewMs = 0;
  const clock = { now: () => time.now() + skewMs, tick: () => time.tick() };
  const logger = { debug: line, info: line, warn: line, error: line };
  const callGateway = () => Promise.reject(new Error('there is no pipeline behind this server'));
  const conversations = { conversation: () => Promise.resolve(null) };
  const evaluations = openEvaluations({
    path: join(folder, 'evaluations.db'),
    clock,
    health: new Health(),
    logger,
    config,
    logs,
    conversations,
    callGateway,
  });
  const semantic = openTestDesk(join(folder, 'semantic-evidence.db'), clock, logger);
  const api = createApi({
    homeAccount: ACCOUNT,
    settings: [],
    prices: priceList(PriceBook.bundled()),
    providerList: providerList({}, PriceBook.bundled()),
    testKey: () => Promise.reject(new Error('there is no pipeline behind this server')),
    health: () => Promise.reject(new Error('there is no process behind this server')),
    config,
    secrets,
    access,
    tokenUses,
    trustProxy: options.trustProxy ?? false,
    logs,
    evaluations,
    semantic: semantic.desk,
    conversations,
    logTails: new LogTails(NO_TAIL, clock, SILENT),
    analytics: logs,
    cache: {
      find: (key) => cached.get(key) ?? null,
      delete: (key) => void cached.delete(key),
      purgeSome: () => 0,
      list: () => ({ rows: [], totalCount: 0 }),
      purge: (account, gateway) => {
        for (const entry of cached.values()) {
          if (entry.account === account && entry.gateway === gateway) cached.delete(entry.key);
        }
      },
    },
    clock,
    logger,
    providers: new Map(['openai', 'anthropic', 'workers-ai', 'google-vertex-ai'].map((id) => [id, id])),
    publicBaseUrl: () => 'http://gateway.test:8787',
    allowInsecure: (url) => url.hostname === '127.0.0.1',
    prepareReplay: () => Promise.reject(new Error('there is no pipeline behind this server')),
    callGateway,
    onGatewayChanged: (account, id) => void changes.push(`${account}/${id}`),
  });
  const server = createServer(getRequestListener(api.fetch));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`;

  function token(permissions: Permission[], change: Partial<Token> = {}): string {
    const minted = mintToken();
    const now = clock.now();
    config.putToken({
      id: newId(now),
      account: ACCOUNT,
      name: permissions.join('+'),
      hash: minted.hash,
      preview: minted.preview,
      permissions,
      createdAt: now,
      expiresAt: null,
      revokedAt: null,
      ...change,
    });
    return minted.value.reveal();
  }

  const admin = token(['admin']);

  async function call(
    method: string,
    path: string,
    body?: unknown,
    as: string | null = admin,
  ): Promise<Answer> {
    const response = await fetch(
      path.startsWith('/client') ? base.replace('/client/v4', path) : base + path,
      {
        method: method.toUpperCase(),
        headers: { ...(as !== null && { authorization: `Bearer ${as}` }) },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      },
    );
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : null,
    };
  }

  return {
    base,
    config,
    secrets,
    access,
    tokenUses,
    logs,
    cached,
    semantic,
    logLines,
    changes,
    admin,
    token,
    call,
    later: (ms: number) => {
      skewMs += ms;
    },
    client: (apiToken = admin) => new Cloudflare({ baseURL: base, apiToken, maxRetries: 0 }),
    record: (change: Partial<LogRecord> = {}, bodies: Partial<RecordBodies> | null = null): LogRecord => {
      const record = { ...sampleRecord(newId(clock.now()), clock.now()), ...change };
      logs.append(record, bodies && { ...NO_BODIES, ...bodies });
      return record;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      tokenUses.close();
      access.close();
      await evaluations.close();
      await semantic.close();
      secrets.close();
      config.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Api = Awaited<ReturnType<typeof startApi>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly json: any;
}

const NO_BODIES: RecordBodies = {
  request: null,
  response: null,
  requestTruncated: false,
  responseTruncated: false,
  requestEncoding: '',
  responseEncoding: '',
};

function sampleRecord(id: string, now: number): LogRecord {
  return {
    id,
    account: ACCOUNT,
    gateway: 'g',
    createdAt: now,
    eventId: 'event-1',
    method: 'POST',
    provider: 'openai',
    model: 'gpt-4o-mini',
    modelRequested: 'gpt-4o-mini',
    modelType: 'chat',
    path: 'chat/completions',
    requestType: 'native',
    requestContentType: 'application/json',
    responseContentType: 'application/json',
    statusCode: 200,
    success: true,
    cached: false,
    cacheStatus: 'MISS',
    cacheKind: null,
    cacheReason: null,
    rateLimited: false,
    streamed: false,
    durationMs: 812.4,
    firstByteMs: 401.2,
    overheadMs: 1.1,
    tokensPerSecond: 61.5,
    usage: { ...emptyUsage(), inputTokens: 12, outputTokens: 30, cacheReadTokens: 4 },
    costNanos: 19_800,
    customCost: false,
    savedNanos: null,
    savedMs: null,
    metadata: { team: 'search', paid: true },
    step: 0,
    attempts: [
      {
        step: 0,
        attempt: 1,
        provider: 'openai',
        model: 'gpt-4o-mini',
        startedMs: 1,
        firstByteMs: 400,
        durationMs: 811,
        status: 200,
        error: null,
        message: null,
        waitedMs: null,
      },
    ],
    decisions: [{ stage: 'cache', outcome: 'miss', rule: 'gateway', detail: null }],
    userAgent: 'OpenAI/JS 6.0.0',
    sessionId: null,
    requestSize: 120,
    responseSize: 340,
    finishReason: 'stop',
    errorType: null,
    errorMessage: null,
    outcome: 'complete',
    authentication: true,
    byok: true,
    tokenId: null,
    userId: null,
    resend: null,
  };
}
