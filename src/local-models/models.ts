import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFile } from './check-files.ts';
import { Graph, type Runtime } from './graph.ts';
import { embedderIdOf } from './identity.ts';
import type { EmbedderFile, Manifest } from './manifest.ts';
import { pool } from './pool.ts';
import type { Answer, Loaded, Task, WorkerStart } from './protocol.ts';
import { testEmbedder, testVerifier } from './self-test.ts';
import { TokenReader } from './tokens.ts';

const USUAL_OUTPUTS = ['sentence_embedding', 'embedding', 'last_hidden_state', 'token_embeddings'];
/** A word longer than this is one unknown token for the tokenizer, so tokens alone do not bound the work on a text. */
const MOST_CHARACTERS_PER_TOKEN = 16;
const TOO_LONG: Answer = {
  kind: 'refused',
  isTooLong: true,
  message: 'the text is longer than the model reads',
};

interface VerifierGraph {
  readonly graph: Graph;
  readonly maxTokens: number;
}

/** The models of a folder, loaded. Runs on the thread's side. */
export class Models {
  readonly loaded: Loaded;
  readonly #reader: TokenReader;
  readonly #embedder: Graph;
  readonly #file: EmbedderFile;
  readonly #verifier: VerifierGraph | null;

  private constructor(
    loaded: Loaded,
    reader: TokenReader,
    embedder: Graph,
    file: EmbedderFile,
    verifier: VerifierGraph | null,
  ) {
    this.loaded = loaded;
    this.#reader = reader;
    this.#embedder = embedder;
    this.#file = file;
    this.#verifier = verifier;
  }

  /** Checks every hash, loads, and lets the models show that they work. Throws an Error for people. */
  static async load({ folder, manifest, runtime }: WorkerStart): Promise<Models> {
    const { tokenizer, tokenizerConfig, embedder, verifier } = manifest;
    const hashes = {
      tokenizer: await checkFile(folder, tokenizer),
      tokenizerConfig: tokenizerConfig && (await checkFile(folder, tokenizerConfig)),
      embedder: await checkFile(folder, embedder),
      verifier: verifier && (await checkFile(folder, verifier)),
    };
    const onnx = await importRuntime(runtime);
    const reader = await openReader(folder, manifest);
    const graph = await Graph.load(onnx, join(folder, embedder.file), embedder.output, USUAL_OUTPUTS);
    const judge = verifier && {
      graph: await Graph.load(onnx, join(folder, verifier.file), verifier.output, []),
      maxTokens: verifier.maxTokens,
    };
    const probe = pool(await graph.run(reader.read('probe', null)), embedder);
    const dimensions = probe.length;
    if (embedder.dimensions !== null && embedder.dimensions !== dimensions)
      throw new Error(`the model gives ${dimensions} dimensions; the manifest says ${embedder.dimensions}`);
    const embedderId = embedderIdOf(manifest, hashes, dimensions);
    const loaded: Loaded = { kind: 'loaded', embedderId, dimensions };
    const models = new Models(loaded, reader, graph, embedder, judge);
    await models.#test();
    return models;
  }

  async answer(task: Task): Promise<Answer> {
    if (task.kind === 'verify') {
      const logits = new Float64Array(task.pairs.length);
      for (const [index, [one, other]] of task.pairs.entries())
        logits[index] = await this.#verify(one, other);
      return { kind: 'logits', logits };
    }
    const { dimensions } = this.loaded;
    const vectors = new Float32Array(task.texts.length * dimensions);
    for (const [index, text] of task.texts.entries()) {
      const vector = await this.#embed(text);
      if (vector === null) return TOO_LONG;
      vectors.set(vector, index * dimensions);
    }
    return { kind: 'vectors', vectors };
  }

  async #embed(text: string): Promise<Float32Array | null> {
    const { maxTokens } = this.#file;
    if (text.length > maxTokens * MOST_CHARACTERS_PER_TOKEN) return null;
    const tokens = this.#reader.read(text, null);
    if (tokens.ids.length > maxTokens) return null;
    return pool(await this.#embedder.run(tokens), this.#file);
  }

  async #verify(one: string, other: string): Promise<number> {
    if (this.#verifier === null) throw new Error('the folder has no verifier');
    const { graph, maxTokens } = this.#verifier;
    if (one.length + other.length > maxTokens * MOST_CHARACTERS_PER_TOKEN) return Number.NaN;
    const tokens = this.#reader.read(one, other);
    if (tokens.ids.length > maxTokens) return Number.NaN;
    const logit = (await graph.run(tokens)).data[0];
    if (logit === undefined || !Number.isFinite(logit)) throw new Error('the verifier gives no number');
    return logit;
  }

  async #test(): Promise<void> {
    await testEmbedder(async (text) => (await this.#embed(text)) ?? new Float32Array(0));
    if (this.#verifier) await testVerifier((one, other) => this.#verify(one, other));
  }
}

async function importRuntime(module: string): Promise<Runtime> {
  try {
    const imported = (await import(module)) as Runtime & { readonly default?: Runtime };
    return imported.default ?? imported;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND')
      throw new Error(`the optional package ${module} is not installed: npm install --include=optional`);
    throw new Error(`${module} cannot be loaded on this machine: ${firstLine(error)}`);
  }
}

async function openReader(folder: string, { tokenizer, tokenizerConfig }: Manifest): Promise<TokenReader> {
  const { Tokenizer } = await import('@huggingface/tokenizers');
  try {
    const read = async (file: string): Promise<object> =>
      JSON.parse(await readFile(join(folder, file), 'utf8'));
    const config = tokenizerConfig === null ? {} : await read(tokenizerConfig.file);
    return new TokenReader(new Tokenizer(await read(tokenizer.file), config));
  } catch (error) {
    throw new Error(`${tokenizer.file} is no tokenizer: ${firstLine(error)}`);
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!.slice(0, 200);
