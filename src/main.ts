import { join } from 'node:path';
import { behaviourHeaders, cacheKey } from './cache/key.ts';
import { TieredCacheStore } from './cache/tiers.ts';
import { openData } from './config/open-data.ts';
import type { Settings } from './config/settings.ts';
import { systemClock } from './core/clock.ts';
import { Health } from './core/health.ts';
import { newId } from './core/ids.ts';
import { NO_BODY } from './core/request-body.ts';
import type { Secret } from './core/secret.ts';
import { costFinder } from './cost-of-exchange.ts';
import { Peek } from './dialects/peek.ts';
import { readAnswer } from './dialects/read-answer.ts';
import { ensureTokens } from './first-start.ts';
import { RequestCounter } from './limits/request-counter.ts';
import { loadPrices } from './load-prices.ts';
import { lookUps } from './look-ups.ts';
import { openControl } from './open-control.ts';
import { pipeline } from './pipeline/order.ts';
import { readControls } from './pipeline/read-controls.ts';
import { bareToken, CREDENTIAL_HEADERS } from './pipeline/stages/authenticate.ts';
import { parseCustomCost } from './pricing/custom-cost.ts';
import { endpointKind } from './providers/endpoint-kind.ts';
import { PROVIDERS } from './providers/registry.ts';
import { draftBodies, draftRecord } from './records/draft-record.ts';
import { openLogs } from './records/open-logs.ts';
import { credentialScope, findCredential } from './routing/find-credential.ts';
import { trySteps } from './routing/try-steps.ts';
import { tryTargets } from './routing/try-targets.ts';
import { hostGuard } from './server/guard-host.ts';
import { listen } from './server/listen.ts';
import { FileCounterJournal } from './stores/files/counter-journal.ts';
import { MemoryCacheStore } from './stores/memory/cache.ts';
import { openCacheFile } from './stores/sqlite/cache.ts';
import { openConfigStore } from './stores/sqlite/config.ts';
import { refuseNewerLogs } from './stores/sqlite/logs.ts';
import { openSecretStore } from './stores/sqlite/secrets.ts';
import { describeHealth } from './telemetry/describe-health.ts';
import { openLogger } from './telemetry/logger.ts';
import { watchDescriptors } from './telemetry/watch-descriptors.ts';
import { postForm } from './upstream/post-form.ts';
import { addressOf, type SendServices } from './upstream/send.ts';
import { Transport } from './upstream/transport.ts';
import { VERSION } from './version.ts';
import { type DecodedContent, decodeContent, decodeContentAsync } from './wire/decode-content.ts';
import { scanRequest } from './wire/json-scan.ts';
import { EventBoundary } from './wire/sse.ts';

export interface RunningGateway {
  readonly baseUrl: string;
  readonly port: number;
  /** Generated at this start, to be shown once; null when there was one already. */
  readonly adminToken: Secret | null;
  readonly gatewayToken: Secret | null;
  /** Ends what is open, drains the spool, closes every store. */
  close(): Promise<void>;
}

const MIB = 1024 * 1024;
// Above it, decoding may hold up other requests: so many bytes grow to 200 times as many.
const SYNC_DECODE_BYTES = 16 * 1024;
const DECODE_LIMITS = { maxBytes: 32 * MIB, maxRatio: 200 };
const CLOSE_GRACE_MS = 20_000;
const CONFIG_REFRESH_MS = 1_000;

const decode = (bytes: Buffer, encoding: string): DecodedContent | null | Promise<DecodedContent | null> =>
  bytes.length <= SYNC_DECODE_BYTES
    ? decodeContent(bytes, encoding, DECODE_LIMITS)
    : decodeContentAsync(bytes, encoding, DECODE_LIMITS);

/** Settings → stores → pipeline → server. What is opened here is closed here, in reverse. */
export async function startGateway(settings: Settings): Promise<RunningGateway> {
  const clock = systemClock();
  const logger = openLogger(settings.logLevel);
  const health = new Health();
  const closers: (() => void | Promise<void>)[] = [];
  const opened = <T>(thing: T, close: (thing: T) => void | Promise<void>): T => {
    closers.unshift(() => close(thing));
    return thing;
  };
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0)) await close();
  };
  try {
    const data = opened(openData(settings, clock.now()), (folder) => folder.close());
    const file = (name: string): string => join(data.path, name);
    const config = opened(openConfigStore(file('config.db')), (store) => store.close());
    const secrets = opened(openSecretStore(file('config.db'), data.masterKey), (store) => store.close());
    if (!config.snapshot().accounts.has(settings.account)) config.putAccount(settings.account);
    const tokens = ensureTokens(config, settings.account, settings.adminToken, clock);
    const refresh = setInterval(() => {
      if (config.refresh()) secrets.refresh();
    }, CONFIG_REFRESH_MS);
    opened(refresh, clearInterval);

    refuseNewerLogs(file('logs'));
    const logs = opened(
      openLogs({
        dataDir: data.path,
        clock,
        health,
        logger,
        logModule: new URL('./stores/sqlite/logs.ts', import.meta.url),
        bodyModule: new URL('./stores/files/bodies.ts', import.meta.url),
      }),
      (store) => store.close(),
    );
    const memoryCache = new MemoryCacheStore(settings.cacheMemoryBytes, () => clock.now());
    const diskCache = openCacheFile({
      path: file('cache.db'),
      budgetBytes: settings.cacheDiskBytes,
      clock,
      health,
      logger,
    });
    const cache = opened(new TieredCacheStore(memoryCache, diskCache), (store) => store.close());
    // What follows from the gateways' settings beside the request path.
    const applyGateways = (): void => {
      const gateways = [...config.snapshot().gateways.values()];
      if (gateways.some(({ cacheTtl }) => cacheTtl > 0)) diskCache.start();
      logs.applyPolicies(
        gateways.map((gateway) => ({
          account: gateway.account,
          gateway: gateway.id,
          maxRows: gateway.logManagement,
          strategy: gateway.logManagementStrategy,
          maxAgeDays: gateway.logRetentionDays ?? settings.logRetentionDays,
        })),
      );
    };
    applyGateways();
    const journal = new FileCounterJournal(file('counters.journal'), health);
    const counters = opened(new RequestCounter(journal, clock.now()), (store) => store.close());
    const transport = opened(
      new Transport({
        allowPrivate: settings.allowPrivate,
        connectTimeoutMs: settings.connectTimeoutMs,
        idleTimeoutMs: settings.upstreamIdleMs,
        maxHeaderBytes: settings.maxHeaderBytes,
        onDial: (error) => watchDescriptors(error, health, clock),
      }),
      (open) => open.close(),
    );
    const prices = loadPrices(file('prices.json'), health, clock);

    const { findToken, findProvider, findGateway } = lookUps(config, clock, applyGateways);
    const credentialServices = {
      config,
      secrets,
      tokenHeaders: CREDENTIAL_HEADERS,
      isGatewayToken: (account: string, value: string) => findToken(account, bareToken(value)) !== null,
    };
    const sendServices: SendServices = {
      transport,
      authorize: {
        get nowMs() {
          return clock.now();
        },
        postForm: (url, form) => postForm(transport, url, form),
      },
      baseUrl: (step) =>
        step.exchange.gateway.providerUrls[step.provider.id] ??
        settings.providerUrls[step.provider.id] ??
        null,
    };
    const costOf = costFinder(prices);
    const drafts = {
      payloadLimitBytes: settings.logPayloadBytes,
      tick: () => clock.tick(),
      costOf,
      kindOf: endpointKind,
    };
    const handle = pipeline({
      heartbeats: { newBoundary: () => new EventBoundary() },
      auth: { findToken },
      steps: {
        findProvider,
        scan: scanRequest,
        decode,
        readControls: (step) => readControls(step, { parseCustomCost }),
      },
      cache: {
        store: cache,
        keyOf: (step) => {
          const { exchange } = step;
          step.credential ??= findCredential(step, credentialServices);
          const address = addressOf(step, step.credential, sendServices);
          return cacheKey({
            account: exchange.account,
            gateway: exchange.gateway.id,
            epoch: exchange.gateway.cacheEpoch,
            credential: credentialScope(step, step.credential),
            provider: `${step.provider.id} ${step.provider.revision ?? ''}`,
            base: sendServices.baseUrl(step) ?? address.origin,
            upstream: address.origin + address.path,
            method: exchange.method,
            stream: step.facts.stream === true || /stream/i.test(step.endpoint),
            behaviourHeaders: behaviourHeaders(step.headers),
            customKey: step.controls.cache?.customKey ?? null,
            body: step.body.kind === 'held' ? step.body : NO_BODY,
          });
        },
        now: () => clock.now(),
        tick: () => clock.tick(),
        costOf: (exchange) => costOf(exchange).costNanos,
      },
      limits: { counters, now: () => clock.now() },
      records: {
        sink: logs.sink,
        logger,
        payloadLimitBytes: settings.logPayloadBytes,
        draftRecord: (exchange, ending) => draftRecord(exchange, ending, drafts),
        draftBodies: (exchange, written, headers) => draftBodies(exchange, written, headers, drafts),
      },
      trySteps,
      tryTargets: tryTargets({
        ...sendServices,
        captureBytes: Math.max(settings.logPayloadBytes, 10 * MIB),
        now: () => clock.now(),
        tick: () => clock.tick(),
        findCredential: (step) => (step.credential ??= findCredential(step, credentialServices)),
        peek: (dialect, contentType) => new Peek(dialect, contentType),
        reader: {
          readAnswer,
          decode,
        },
      }),
    });

    const startedTick = clock.tick();
    const server = await listen(
      { ...settings, maxBytes: settings.maxBodyBytes, holdBytes: settings.bufferBytes },
      {
        logger,
        handle,
        now: () => clock.now(),
        tick: () => clock.tick(),
        newId,
        findGateway,
        control: openControl({
          enabled: settings.management,
          isKnownHost: hostGuard(settings.allowedHosts, settings.host),
          api: {
            config,
            secrets,
            logs: logs.store,
            cache,
            clock,
            logger,
            providers: new Map([...PROVIDERS].map(([slug, { id }]) => [slug, id])),
            publicBaseUrl: (request) => new URL(request.url).origin,
            allowInsecure: (url) => transport.guard.allows(url.hostname),
            onGatewayChanged: applyGateways,
          },
        }),
        health: () =>
          describeHealth(health, {
            version: VERSION,
            uptimeSeconds: Math.round((clock.tick() - startedTick) / 1000),
            openRequests: server.openExchanges(),
            openUpstream: transport.open,
            heldRequestBytes: server.bodies.heldBytes,
            spool: logs.stats(),
          }),
      },
    );
    opened(server, (listening) => listening.close(CLOSE_GRACE_MS));
    const shownHost = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
    return {
      baseUrl: `http://${shownHost}:${server.port}`,
      port: server.port,
      ...tokens,
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
