import { createHash } from 'node:crypto';
import { chooseShape } from '../../cache/semantic/embedders/choose-shape.ts';
import { RememberedVectors } from '../../cache/semantic/embedders/remembered-vectors.ts';
import type { EmbeddingShape } from '../../cache/semantic/embedders/shape.ts';
import type { Clock } from '../../core/clock.ts';
import type { CallGateway } from '../../core/inside-call.ts';
import type { Logger } from '../../core/logger.ts';
import { ModelError } from '../../core/model-error.ts';
import type { Provider } from '../../core/provider.ts';
import type { Embedder, LocalModels, ModelState, SemanticSettings, Verifier } from '../../core/semantic.ts';
import type { Gateway, Token } from '../../core/stores/config.ts';
import {
  type FolderModels,
  openFolderModels,
  openLocalModels,
} from '../../local-models/open-local-models.ts';
import { embedRemotely, TextsRefused } from './remote-embedder.ts';

export interface ModelServices {
  /** Folder with a folder for each model of the operator; null is none. */
  readonly modelsFolder: string | null;
  readonly callGateway: CallGateway;
  readonly clock: Clock;
  readonly logger: Logger;
  findProvider(account: string, slug: string): Provider | null;
  /** Longest wait for a provider's vectors. */
  readonly timeoutMs?: number;
}

/** Every model that the semantic cache asks. */
export interface SemanticModels {
  /**
   * The embedder that a gateway has set. A promise, because the size of a provider's vectors is known by its first
   * answer, which this waits for once; later calls resolve at once. `token` is the one of the request: in its name
   * stored keys are used, and only its own texts are remembered; null uses no stored key and remembers nothing. Rejects
   * with a ModelError, or with the reason of the signal.
   */
  embedderOf(
    settings: SemanticSettings,
    gateway: Gateway,
    token: Token | null,
    signal: AbortSignal | null,
  ): Promise<Embedder>;
  /** Id of that embedder, as far as it is known; null before. */
  embedderIdOf(settings: SemanticSettings, gateway: Gateway): string | null;
  /**
   * How the embedder that a gateway has set is doing. A provider's is failed for a while after a failure, so that whoever
   * asks only what has not failed rests it and then tries again.
   */
  stateOf(settings: SemanticSettings, gateway: Gateway): ModelState;
  readonly verifier: Verifier;
  /** Those that come with the project. */
  readonly local: LocalModels;
  close(): Promise<void>;
}

interface RemoteState {
  /** Null until an answer has shown them. */
  dimensions: number | null;
  state: ModelState;
  failedTick: number;
  /** First questions that are under way, by the id of the token. */
  readonly probes: Map<string | null, Promise<unknown>>;
}

interface Remote {
  readonly shape: EmbeddingShape;
  readonly name: string;
  /** Without the dimensions. */
  readonly id: string;
  /** Dimensions that are set; null is the model's own number. */
  readonly wanted: number | null;
  readonly known: RemoteState;
}

const TIMEOUT_MS = 10_000;
const REMEMBERED_BYTES = 16 * 1024 * 1024;
/** After it, a folder that could not be used is looked at again: its operator may have mended it. */
const FOLDER_AGAIN_MS = 60_000;
const REMOTE_REST_MS = 15_000;
/** Names of models that are not asked any more; far more than anybody uses. */
const MOST_KNOWN = 1000;
const PROBE = 'How many numbers are in the vector of this text?';
const UNUSED: ModelState = { state: 'unused', problem: null };
const READY: ModelState = { state: 'ready', problem: null };
const LOCAL_FOLDER = 'local:';

/** Opens nothing yet: threads, folders and providers are used when they are asked. */
export function openModels(services: ModelServices): SemanticModels {
  const { modelsFolder, callGateway, clock, logger, findProvider, timeoutMs = TIMEOUT_MS } = services;
  const local = openLocalModels({ clock, logger });
  const remembered = new RememberedVectors(REMEMBERED_BYTES);
  const folders = new Map<
    string,
    { readonly models: FolderModels; readonly openedTick: number; id: string | null }
  >();
  const remotes = new Map<string, RemoteState>();

  const folderOf = (name: string) => {
    const known = folders.get(name);
    const isStale =
      known?.models.state.state === 'failed' && clock.tick() - known.openedTick > FOLDER_AGAIN_MS;
    if (known && !isStale) return known;
    void known?.models.close();
    const opened = {
      models: openFolderModels(modelsFolder, name, { clock, logger }),
      openedTick: clock.tick(),
      id: null,
    };
    keepBounded(folders, name, opened, (dropped) => void dropped.models.close());
    return opened;
  };

  /** Throws a ModelError when the embedder names nothing that can be asked. */
  const remoteOf = (settings: SemanticSettings, gateway: Gateway): Remote => {
    const { embedder: name, embedderDimensions: dimensions } = settings;
    const slash = name.indexOf('/');
    const slug = name.slice(0, slash);
    const model = name.slice(slash + 1);
    const provider = findProvider(gateway.account, slug);
    if (provider === null) throw new ModelError('failed', `there is no provider ${slug}`);
    const shape = chooseShape({
      slug,
      model,
      dimensions,
      providerId: provider.id,
      isOpenaiShaped: provider.dialect('embeddings') === 'openai',
    });
    if (typeof shape === 'string') throw new ModelError('failed', shape);
    // Behind an address that has changed there may be another model of the same name.
    const address = gateway.providerUrls[provider.id] ?? provider.revision;
    const id = `${provider.id}${address === undefined ? '' : `@${shortHash(address)}`}/${model}`;
    const key = JSON.stringify([gateway.account, gateway.id, id, dimensions]);
    let known = remotes.get(key);
    if (!known) {
      known = { dimensions: null, state: UNUSED, failedTick: 0, probes: new Map() };
      keepBounded(remotes, key, known, () => {});
    }
    return { shape, name, id, wanted: dimensions, known };
  };

  const askRemote = async (
    { shape, name, wanted, known }: Remote,
    gateway: Gateway,
    token: Token | null,
    texts: readonly string[],
    signal: AbortSignal | null,
  ): Promise<Float32Array[]> => {
    try {
      const asked = { callGateway, shape, name, gateway, token, timeoutMs };
      const vectors = await embedRemotely(asked, texts, signal);
      const found = vectors[0]!.length;
      const expected = known.dimensions ?? wanted ?? found;
      if (found !== expected) {
        // Another model may stand behind the name now: the next request finds out.
        known.dimensions = null;
        throw new ModelError(
          'failed',
          `${name} answered ${found} dimensions where ${expected} were expected`,
        );
      }
      known.dimensions = found;
      known.state = READY;
      return vectors;
    } catch (error) {
      // What one caller's text or missing key brings about must not stop the others.
      const isOwnFault = token === null || (error instanceof TextsRefused && texts[0] !== PROBE);
      if (error instanceof ModelError && error.kind !== 'too-long' && !isOwnFault) {
        known.state = { state: 'failed', problem: error.message };
        known.failedTick = clock.tick();
      }
      throw error;
    }
  };

  /** One for all who wait at the same time with the same token, so none of them can end it. */
  const probe = (remote: Remote, gateway: Gateway, token: Token | null): Promise<unknown> => {
    const { probes } = remote.known;
    const key = token?.id ?? null;
    const running = probes.get(key) ?? askRemote(remote, gateway, token, [PROBE], null);
    if (!probes.has(key)) {
      probes.set(key, running);
      const end = (): void => void probes.delete(key);
      running.then(end, end);
    }
    return running;
  };

  const openRemote = async (
    settings: SemanticSettings,
    gateway: Gateway,
    token: Token | null,
    signal: AbortSignal | null,
  ): Promise<Embedder> => {
    const remote = remoteOf(settings, gateway);
    const { known } = remote;
    if (known.dimensions === null) await orAborted(probe(remote, gateway, token), signal);
    const { dimensions } = known;
    if (dimensions === null) throw new ModelError('failed', `${remote.name} gives vectors of changing size`);
    return {
      id: `${remote.id}/${dimensions}`,
      dimensions,
      embed: async (texts, signal) => {
        if (texts.length === 0) return [];
        if (known.dimensions === dimensions) return askRemote(remote, gateway, token, texts, signal);
        throw new ModelError('failed', `${remote.name} gives vectors of another size now`);
      },
    };
  };

  const openEmbedder: SemanticModels['embedderOf'] = async (settings, gateway, token, signal) => {
    const { embedder } = settings;
    if (embedder === 'local') return local.embedder;
    if (!embedder.startsWith(LOCAL_FOLDER)) return openRemote(settings, gateway, token, signal);
    const folder = folderOf(embedder.slice(LOCAL_FOLDER.length));
    const opened = await folder.models.embedder();
    folder.id = opened.id;
    return opened;
  };

  return {
    local,
    verifier: local.verifier,
    async embedderOf(settings, gateway, token, signal) {
      const embedder = await openEmbedder(settings, gateway, token, signal);
      if (token === null) return embedder;
      return remembered.over(embedder, JSON.stringify([gateway.account, gateway.id, token.id]));
    },
    embedderIdOf(settings, gateway) {
      const { embedder } = settings;
      if (embedder === 'local') return local.embedder.id;
      if (embedder.startsWith(LOCAL_FOLDER))
        return folders.get(embedder.slice(LOCAL_FOLDER.length))?.id ?? null;
      try {
        const { id, known } = remoteOf(settings, gateway);
        return known.dimensions === null ? null : `${id}/${known.dimensions}`;
      } catch {
        return null;
      }
    },
    stateOf(settings, gateway) {
      const { embedder } = settings;
      if (embedder === 'local') return local.state;
      if (embedder.startsWith(LOCAL_FOLDER))
        return folderOf(embedder.slice(LOCAL_FOLDER.length)).models.state;
      try {
        const { state, failedTick } = remoteOf(settings, gateway).known;
        return state.state === 'failed' && clock.tick() - failedTick > REMOTE_REST_MS ? UNUSED : state;
      } catch (error) {
        return { state: 'failed', problem: (error as Error).message };
      }
    },
    async close() {
      await Promise.all([local.close(), ...[...folders.values()].map(({ models }) => models.close())]);
    },
  };
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** Leaves the promise to others when the signal says so. */
async function orAborted(promise: Promise<unknown>, signal: AbortSignal | null): Promise<void> {
  if (signal === null) {
    await promise;
    return;
  }
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const leave = (): void => reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function keepBounded<V>(map: Map<string, V>, key: string, value: V, drop: (value: V) => void): void {
  map.delete(key);
  map.set(key, value);
  for (const [oldest, old] of map) {
    if (map.size <= MOST_KNOWN) return;
    map.delete(oldest);
    drop(old);
  }
}
