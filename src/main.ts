import { join } from 'node:path';
import { LogTails } from './api/log-tails.ts';
import { Flights } from './cache/flights.ts';
import { costFinder } from './composition/cost-of-exchange.ts';
import { ensureTokens } from './composition/first-start.ts';
import { followGateways } from './composition/follow-gateways.ts';
import { keyOfStep } from './composition/key-of-step.ts';
import { loadPrices } from './composition/load-prices.ts';
import { lookUps } from './composition/look-ups.ts';
import { controlFacts } from './composition/management/control-facts.ts';
import { openControl } from './composition/management/open-control.ts';
import { openEvaluations } from './composition/management/open-evaluations.ts';
import { replayPreparer } from './composition/management/replay-request.ts';
import { openAccess } from './composition/open-access.ts';
import { openCaches } from './composition/open-caches.ts';
import { openMetrics } from './composition/open-metrics.ts';
import { openTransport } from './composition/open-transport.ts';
import { openSemantic } from './composition/semantic/open-semantic.ts';
import { sendServicesOf } from './composition/send-services.ts';
import { openData } from './config/open-data.ts';
import type { Settings } from './config/settings.ts';
import { systemClock } from './core/clock.ts';
import { Health } from './core/health.ts';
import { newId } from './core/ids.ts';
import type { CallGateway } from './core/inside-call.ts';
import type { Secret } from './core/secret.ts';
import { Peek } from './dialects/peek.ts';
import { readAnswer } from './dialects/read-answer.ts';
import { RequestCounter } from './limits/request-counter.ts';
import { pipeline } from './pipeline/order.ts';
import { readControls } from './pipeline/read-controls.ts';
import { bareToken, CREDENTIAL_HEADERS } from './pipeline/stages/authenticate.ts';
import { parseCustomCost } from './pricing/custom-cost.ts';
import { endpointKind } from './providers/endpoint-kind.ts';
import { PROVIDERS } from './providers/registry.ts';
import { draftBodies, draftRecord } from './records/draft-record.ts';
import { openLogs } from './records/open-logs.ts';
import { findCredential } from './routing/find-credential.ts';
import { trySteps } from './routing/try-steps.ts';
import { tryTargets } from './routing/try-targets.ts';
import { hostGuard } from './server/guard-host.ts';
import { listen } from './server/listen.ts';
import { openPages } from './server/pages.ts';
import { FileCounterJournal } from './stores/files/counter-journal.ts';
import { openConfigStore } from './stores/sqlite/config.ts';
import { refuseNewerLogs } from './stores/sqlite/logs.ts';
import { openSecretStore } from './stores/sqlite/secrets.ts';
import { describeHealth } from './telemetry/describe-health.ts';
import { openLogger } from './telemetry/logger.ts';
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

const DASHBOARD = join(import.meta.dirname, '../dashboard/dist');
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
  const basics = { clock, health, logger };
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
    const secrets = opened(openSecretStore(config.database, data.masterKey), (store) => store.close());
    if (!config.snapshot().accounts.has(settings.account)) config.putAccount(settings.account);
    const tokens = ensureTokens(config, settings.account, settings.adminToken, clock);
    const access = opened(openAccess(file('access.db'), clock.now(), settings.trustProxy), (open) =>
      open.close(),
    );
    const refresh = setInterval(() => {
      if (config.refresh()) secrets.refresh();
    }, CONFIG_REFRESH_MS);
    opened(refresh, clearInterval);

    refuseNewerLogs(file('logs'));
    const logs = opened(
      openLogs({
        dataDir: data.path,
        ...basics,
        logModule: new URL('./stores/sqlite/logs.ts', import.meta.url),
        bodyModule: new URL('./stores/files/bodies.ts', import.meta.url),
        textBytes: settings.searchTextBytes,
        conversationModule: new URL('./dialects/conversation/read-conversation.ts', import.meta.url),
      }),
      (store) => store.close(),
    );
    const caches = openCaches(settings, { path: file('cache.db'), ...basics });
    const cache = opened(caches.store, (store) => store.close());
    const gateways = followGateways(config, caches, logs, settings);
    const journal = new FileCounterJournal(file('counters.journal'), health);
    const counters = opened(new RequestCounter(journal, clock.now()), (store) => store.close());
    const transport = opened(openTransport(settings, health, clock), (open) => open.close());
    const prices = loadPrices(file('prices.json'), health, clock);

    const { findToken, findProvider, findGateway } = lookUps(config, clock, gateways.apply);
    const load = () => ({
      version: VERSION,
      openRequests: server.openExchanges(),
      openUpstream: transport.open,
      heldRequestBytes: server.bodies.heldBytes,
    });
    const metrics = opened(
      openMetrics({
        settings,
        clock,
        findToken,
        noteRequest: access.noteRequest,
        caches,
        state: () => ({ health, ...load(), ...logs.stats() }),
      }),
      (open) => open.close(),
    );
    const credentialServices = {
      config,
      secrets,
      tokenHeaders: CREDENTIAL_HEADERS,
      isGatewayToken: (account: string, value: string) => findToken(account, bareToken(value)) !== null,
    };
    const sendServices = sendServicesOf(transport, clock, settings);
    const costOf = costFinder(prices);
    const drafts = {
      payloadLimitBytes: settings.logPayloadBytes,
      tick: () => clock.tick(),
      costOf,
      kindOf: endpointKind,
    };
    const callGateway: CallGateway = (call) => server.callInside(call);
    const semantic = openSemantic({
      ...settings,
      semanticObserver: metrics.semanticObserver,
      file,
      ...basics,
      callGateway,
      findProvider,
      decode,
      credentials: credentialServices,
      upstream: sendServices,
      costOf: (exchange) => costOf(exchange).costNanos,
    });
    gateways.follow(semantic.gatewaysChanged);
    const captureBytes = Math.max(settings.logPayloadBytes, 10 * MIB);
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
        keyOf: (step) => keyOfStep(step, credentialServices, sendServices),
        ...clock,
        costOf: (exchange) => costOf(exchange).costNanos,
      },
      flights: new Flights({ ...clock, costOf, holdBytes: captureBytes }),
      similar: semantic.similar,
      limits: { counters, now: () => clock.now() },
      records: {
        sink: logs.sink,
        count: metrics.count,
        logger,
        payloadLimitBytes: settings.logPayloadBytes,
        draftRecord: (exchange, ending) => draftRecord(exchange, ending, drafts),
        draftBodies: (exchange, written, headers) => draftBodies(exchange, written, headers, drafts),
      },
      trySteps,
      tryTargets: tryTargets({
        ...sendServices,
        captureBytes,
        ...clock,
        findCredential: (step) => (step.credential ??= findCredential(step, credentialServices)),
        peek: (dialect, contentType) => new Peek(dialect, contentType),
        reader: { readAnswer, decode },
      }),
    });

    const isKnownHost = hostGuard(settings.allowedHosts, settings.host);
    const pages = openPages({ enabled: settings.management, folder: DASHBOARD, isKnownHost, logger });
    const logTails = new LogTails(logs.store, clock, logger);
    const evaluations = opened(
      openEvaluations({
        path: file('evaluations.db'),
        ...basics,
        config,
        logs: logs.store,
        conversations: logs.store,
        callGateway,
      }),
      (open) => open.close(),
    );
    const startedTick = clock.tick();
    const figures = () => ({
      ...load(),
      uptimeSeconds: Math.round((clock.tick() - startedTick) / 1000),
      spool: logs.stats(),
    });
    const facts = controlFacts({
      settings,
      prices,
      secrets,
      clock,
      health,
      dataFolder: data.path,
      callGateway,
      figures,
    });
    const server = await listen(
      { ...settings, maxBytes: settings.maxBodyBytes, holdBytes: settings.bufferBytes },
      {
        logger,
        handle,
        ...clock,
        newId,
        findGateway,
        admitted: access.noteRequest,
        control: openControl({
          enabled: settings.management,
          isKnownHost,
          api: {
            homeAccount: settings.account,
            ...facts,
            config,
            secrets,
            access: access.store,
            tokenUses: access.tokenUses,
            trustProxy: settings.trustProxy,
            logs: logs.store,
            conversations: logs.store,
            logTails,
            evaluations,
            semantic: semantic.desk,
            analytics: logs.store,
            cache,
            clock,
            logger,
            providers: new Map([...PROVIDERS].map(([slug, { id }]) => [slug, id])),
            publicBaseUrl: access.publicBaseUrl,
            allowInsecure: (url) => transport.guard.allows(url.hostname),
            callGateway,
            prepareReplay: replayPreparer({ findProvider, decode }),
            onGatewayChanged: gateways.apply,
          },
        }),
        pages: (request, response) => metrics.answer(request, response) || pages(request, response),
        health: () => describeHealth(health, figures()),
      },
    );
    opened(server, (listening) => listening.close(CLOSE_GRACE_MS));
    opened(evaluations.resume(), (runs) => runs.close());
    // Before the server, which waits for its connections and calls.
    opened(semantic, (open) => open.close());
    opened(logTails, (tails) => tails.close());
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
