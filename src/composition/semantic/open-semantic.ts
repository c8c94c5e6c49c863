import { existsSync } from 'node:fs';
import { comparePair } from '../../cache/semantic/compare-pair.ts';
import { type Readiness, SemanticEngine } from '../../cache/semantic/engine.ts';
import type { LadderParts } from '../../cache/semantic/look-up.ts';
import type { Score } from '../../cache/semantic/score/score.ts';
import type { Clock } from '../../core/clock.ts';
import type { Exchange } from '../../core/exchange.ts';
import type { Health } from '../../core/health.ts';
import type { CallGateway } from '../../core/inside-call.ts';
import type { Logger } from '../../core/logger.ts';
import type { Provider } from '../../core/provider.ts';
import type { SemanticDesk, SemanticTier, SemanticTierState } from '../../core/semantic-tier.ts';
import { type Gateway, gatewayKey } from '../../core/stores/config.ts';
import type { SemanticStore } from '../../core/stores/semantic.ts';
import type { EvidenceObserver } from '../../core/stores/semantic-evidence.ts';
import type { SimilarServices } from '../../pipeline/stages/answer-from-similar.ts';
import { type Checker, openChecker } from './open-checker.ts';
import { openModels, type SemanticModels } from './open-models.ts';
import { openSemanticStore } from './open-semantic-store.ts';
import { type QuestionServices, questionOfStep, type StepQuestion } from './semantic-question.ts';
import { similarServices } from './similar-services.ts';

export interface SemanticOptions extends Omit<QuestionServices, 'embedderOf'> {
  /** Path of a file in the data folder. */
  file(name: string): string;
  readonly modelsFolder: string | null;
  readonly semanticMemoryBytes: number;
  readonly semanticDiskBytes: number;
  readonly semanticWaitMs: number;
  readonly semanticObserver: EvidenceObserver | null;
  readonly clock: Clock;
  readonly health: Health;
  readonly logger: Logger;
  callGateway: CallGateway;
  findProvider(account: string, slug: string): Provider | null;
  costOf(exchange: Exchange): number | null;
}

export interface Semantic {
  /** For the stage. */
  readonly similar: SimilarServices<StepQuestion>;
  /** For the management API. */
  readonly desk: SemanticDesk;
  /** Forgets what belonged to gateways that are gone, and to what was purged. */
  gatewaysChanged(gateways: readonly Gateway[]): void;
  close(): Promise<void>;
}

interface Opened extends Checker {
  readonly store: SemanticStore;
  readonly models: SemanticModels;
  readonly desk: SemanticDesk;
}

/** The rungs that are code and tables: read by the first look-up. */
interface Judges {
  readonly gate: LadderParts['gate'];
  readonly score: Score;
}

/**
 * The semantic cache, put together. No file, thread or model is opened before the first request to a gateway that has
 * it, or the first look at it through the API.
 */
export function openSemantic(options: SemanticOptions): Semantic {
  const { clock, health, logger, callGateway, findProvider } = options;
  const entriesFile = options.file('semantic.db');
  let opened: Opened | null = null;
  let isClosed = false;
  let judges: Judges | null = null;
  let judging: Promise<Judges> | null = null;

  /** Throws when it has been closed, or a file cannot be opened. */
  const open = (): Opened => {
    if (isClosed) throw new Error('the gateway is stopping');
    if (opened !== null) return opened;
    const common = { clock, health, logger, callGateway };
    const store = openSemanticStore({
      ...common,
      path: entriesFile,
      budgetBytes: options.semanticDiskBytes,
      indexBytes: options.semanticMemoryBytes,
    });
    const models = openModels({ ...common, modelsFolder: options.modelsFolder, findProvider });
    const checker = openChecker({
      ...common,
      path: options.file('semantic-evidence.db'),
      observer: options.semanticObserver,
      entries: store,
      embedderOf: () => (models.local.state.state === 'ready' ? models.local.embedder : null),
    });
    opened = { ...checker, store, models, desk: checker.deskOf(tier) };
    return opened;
  };
  /** For the request path, where nothing may break. */
  const openQuietly = (): Opened | null => {
    try {
      const parts = open();
      health.recover('semantic-cache');
      return parts;
    } catch (error) {
      if (!isClosed) health.degrade('semantic-cache', `it cannot be opened: ${String(error)}`, clock.now());
      return null;
    }
  };

  const loadJudges = (): Promise<Judges> => {
    judging ??= Promise.all([
      import('../../cache/semantic/gate/gate.ts'),
      import('../../cache/semantic/score/score.ts').then(({ loadScore }) => loadScore()),
      import('../../cache/semantic/gate/word-table.ts').then(({ loadWordTable }) => loadWordTable()),
    ]).then(([{ compare }, score]) => {
      judges = { gate: compare, score };
      return judges;
    });
    return judging;
  };

  /** Why the models that judge are of no use, for people; null when they are, or may yet be. */
  const problem = (): string | null => {
    const { models } = open();
    const local = models.local.state.problem;
    if (local !== null) return local;
    if (
      judges !== null &&
      (judges.score.embedder !== models.local.embedder.id ||
        judges.score.verifier !== models.local.verifier.id)
    )
      return 'the calibration that is shipped was made for other models than those that are here';
    return null;
  };

  const ladder = async (): Promise<LadderParts> => {
    const { store, evidence, checks, models } = open();
    const [{ gate, score }] = await Promise.all([loadJudges(), models.local.ready()]);
    return {
      store,
      evidence,
      checks,
      embedder: models.local.embedder,
      verifier: models.verifier,
      gate,
      score,
    };
  };

  const ready = async (mayWait: boolean): Promise<Readiness> => {
    if (problem() !== null) return { reason: 'unavailable' };
    const loading = ladder();
    if (!mayWait && !isLoaded()) {
      loading.catch(() => {});
      return { reason: 'late' };
    }
    const parts = await loading;
    return problem() === null ? parts : { reason: 'unavailable' };
  };
  const isLoaded = (): boolean => judges !== null && open().models.local.state.state === 'ready';

  const stateOf = (gateway: Gateway): SemanticTierState => {
    const settings = gateway.semanticCache;
    if (settings === null || settings.mode === 'off')
      return { state: 'off', problem: null, embedder: null, needed: null };
    // Whoever asks how it does wants to know whether it can be loaded.
    ladder().catch(() => {});
    const { models } = open();
    const needed = judges?.score.leastProbability(settings.errorBudget) ?? null;
    // An embedder that failed last is asked again by the next question, and may be well by then.
    const why = problem() ?? models.stateOf(settings, gateway).problem;
    return {
      state: why !== null ? 'unavailable' : isLoaded() ? 'working' : 'loading',
      problem: why,
      embedder: models.embedderIdOf(settings, gateway) ?? settings.embedder,
      needed: needed === null ? null : Math.min(needed, 1),
    };
  };

  const tier: SemanticTier = {
    state: stateOf,
    async compare(gateway, { token, ...pair }) {
      const settings = gateway.semanticCache!;
      const parts = await ladder();
      const why = problem();
      if (why !== null) throw new Error(why);
      const { account, id } = gateway;
      const { errorBudget } = settings;
      const embedder = await open().models.embedderOf(settings, gateway, token, null);
      return comparePair({ ...pair, account, gateway: id, errorBudget, embedder }, parts);
    },
    entries: {
      find: (...query) => open().store.find(...query),
      list: (query) => open().store.list(query),
      remove: (selection) => open().store.remove(selection),
      stats: (...query) => open().store.stats(...query),
    },
  };

  const questions: QuestionServices = {
    ...options,
    embedderOf: ({ exchange }, settings) =>
      open().models.embedderOf(settings, exchange.gateway, exchange.token, null),
  };

  let known: ReadonlyMap<string, Gateway> = new Map();
  return {
    similar: similarServices({
      engine: new SemanticEngine(),
      clock,
      waitMs: options.semanticWaitMs,
      opened: openQuietly,
      ready,
      neededFor: ({ errorBudget }) => judges?.score.leastProbability(errorBudget) ?? null,
      questionOf: (step) => questionOfStep(step, questions),
      decode: options.decode,
      costOf: options.costOf,
    }),
    desk: lazyDesk(() => open().desk, tier),
    gatewaysChanged(gateways) {
      const before = known;
      known = new Map(gateways.map((gateway) => [gatewayKey(gateway.account, gateway.id), gateway]));
      for (const [key, was] of before) {
        const is = known.get(key);
        const isPurged = is !== undefined && is.cacheEpoch !== was.cacheEpoch;
        const isGone = is === undefined || is.createdAt !== was.createdAt;
        if ((!isPurged && !isGone) || (opened === null && !existsSync(entriesFile))) continue;
        // They cannot be found any more: partitions hold the epoch and the gateway's beginning. This frees the room.
        const parts = openQuietly();
        if (parts === null) return;
        const { store, desk } = parts;
        if (isGone) desk.forget(was.account, was.id);
        else
          void store
            .remove({
              account: was.account,
              gateway: was.id,
              id: null,
              partition: null,
              storedBefore: clock.now(),
            })
            .catch(() => {});
      }
    },
    async close() {
      isClosed = true;
      if (opened === null) return;
      const { close, models, store } = opened;
      await close();
      await models.close();
      await store.close();
    },
  };
}

/** Opens nothing before something is asked of it. */
function lazyDesk(desk: () => SemanticDesk, tier: SemanticTier): SemanticDesk {
  return {
    tier,
    get evidence() {
      return desk().evidence;
    },
    judge: (...given) => desk().judge(...given),
    pauseOf: (gateway) => desk().pauseOf(gateway),
    resume: (gateway) => desk().resume(gateway),
    forget: (account, gateway) => desk().forget(account, gateway),
  };
}
