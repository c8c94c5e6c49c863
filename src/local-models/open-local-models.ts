import { join } from 'node:path';
import { ModelError } from '../core/model-error.ts';
import type { Embedder, LocalModels, ModelState, Verifier } from '../core/semantic.ts';
import { embedderIdOf, promisedHashes, verifierIdOf } from './identity.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { ModelThread, type ModelThreadServices, THREAD_LIMITS, type ThreadLimits } from './model-thread.ts';
import type { Answer } from './protocol.ts';

export interface LocalModelsOptions extends ModelThreadServices {
  /** Folder with manifest.json, the tokenizer and the models; that of the project when left out. */
  readonly folder?: string;
  /** Module that runs the models; it need not be installed. */
  readonly runtime?: string;
  readonly limits?: Partial<ThreadLimits>;
}

/** An embedder whose name and form are known only once it is loaded. */
export interface FolderModels extends Omit<LocalModels, 'embedder' | 'verifier'> {
  /** Resolves when it is loaded; rejects with a ModelError when it cannot be. */
  embedder(): Promise<Embedder>;
}

const SHIPPED_FOLDER = join(import.meta.dirname, '../../models');
const RUNTIME = 'onnxruntime-node';
/** Names of folders below the models folder: no path, nothing hidden. */
const FOLDER_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/;

/**
 * The embedder and the verifier that come with the project, on a thread of their own. Nothing is read but the manifest
 * until they are used. Everything that is wrong with the package or the files is a failed state.
 */
export function openLocalModels(options: LocalModelsOptions): LocalModels {
  const folder = options.folder ?? SHIPPED_FOLDER;
  const opened = openThread(folder, 'local', true, options);
  if ('problem' in opened) return brokenModels(opened.problem);
  const { thread, manifest } = opened;
  const { dimensions } = manifest.embedder;
  const hashes = promisedHashes(manifest);
  const verifierId = hashes && verifierIdOf(manifest, hashes);
  if (hashes === null || verifierId === null || dimensions === null)
    return brokenModels(
      'the manifest of the local models names no verifier, no dimensions, or not every hash',
    );
  return {
    get state() {
      return thread.state;
    },
    ready: () => thread.ready(),
    close: () => thread.close(),
    embedder: threadEmbedder(thread, `local/${embedderIdOf(manifest, hashes, dimensions)}`, dimensions),
    verifier: threadVerifier(thread, `local/${verifierId}`),
  };
}

/** The embedder of a folder below `modelsFolder`; null is no folder at all. */
export function openFolderModels(
  modelsFolder: string | null,
  name: string,
  options: Omit<LocalModelsOptions, 'folder'>,
): FolderModels {
  const problem = !FOLDER_NAME.test(name)
    ? 'the name of the folder of models cannot be'
    : modelsFolder === null
      ? 'no folder of models is set (TIDEGATE_MODELS)'
      : null;
  const opened =
    problem === null ? openThread(join(modelsFolder!, name), name, false, options) : { problem: problem };
  if ('problem' in opened) {
    const { state, ready, close } = brokenModels(opened.problem);
    return { state, ready, close, embedder: () => Promise.reject(new ModelError('failed', opened.problem)) };
  }
  const { thread } = opened;
  return {
    get state() {
      return thread.state;
    },
    ready: () => thread.ready(),
    close: () => thread.close(),
    async embedder() {
      const { problem } = await thread.ready();
      if (problem !== null) throw new ModelError('failed', problem);
      const { embedderId, dimensions } = thread.loaded!;
      return threadEmbedder(thread, `local:${name}/${embedderId}`, dimensions);
    },
  };
}

function openThread(
  folder: string,
  name: string,
  isShipped: boolean,
  options: LocalModelsOptions,
): { readonly thread: ModelThread; readonly manifest: Manifest } | { readonly problem: string } {
  let manifest: Manifest;
  try {
    manifest = readManifest(folder, name, isShipped);
  } catch (error) {
    return { problem: `the local models cannot be used: ${(error as Error).message}` };
  }
  const start = { folder, manifest, runtime: options.runtime ?? RUNTIME };
  return { thread: new ModelThread(start, options, { ...THREAD_LIMITS, ...options.limits }), manifest };
}

function threadEmbedder(thread: ModelThread, id: string, dimensions: number): Embedder {
  return {
    id,
    dimensions,
    async embed(texts, signal) {
      if (texts.length === 0) return [];
      const answer = checked(await thread.run({ kind: 'embed', texts }, texts.length, signal));
      if (answer.kind !== 'vectors' || answer.vectors.length !== texts.length * dimensions)
        throw new ModelError('failed', 'the local model answered something else than was asked');
      return texts.map((_, index) => answer.vectors.slice(index * dimensions, (index + 1) * dimensions));
    },
  };
}

function threadVerifier(thread: ModelThread, id: string): Verifier {
  return {
    id,
    async verify(pairs, signal) {
      if (pairs.length === 0) return [];
      const answer = checked(await thread.run({ kind: 'verify', pairs }, pairs.length, signal));
      if (answer.kind !== 'logits' || answer.logits.length !== pairs.length)
        throw new ModelError('failed', 'the local model answered something else than was asked');
      return Array.from(answer.logits, (logit) => (Number.isNaN(logit) ? null : logit));
    },
  };
}

function checked(answer: Answer): Exclude<Answer, { kind: 'refused' }> {
  if (answer.kind === 'refused')
    throw new ModelError(answer.isTooLong ? 'too-long' : 'failed', answer.message);
  return answer;
}

/** Models that cannot even be tried. */
function brokenModels(problem: string): LocalModels {
  const state: ModelState = { state: 'failed', problem };
  const refuse = (): Promise<never> => Promise.reject(new ModelError('failed', problem));
  return {
    state,
    ready: () => Promise.resolve(state),
    close: () => Promise.resolve(),
    embedder: { id: 'local/none/0', dimensions: 0, embed: refuse },
    verifier: { id: 'local/none', verify: refuse },
  };
}
