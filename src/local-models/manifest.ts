import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of a models folder. What is null was not written down, so it is not checked. */
export interface ModelFile {
  /** Below the folder, with forward slashes. */
  readonly file: string;
  readonly bytes: number | null;
  /** Lower-case hex. */
  readonly sha256: string | null;
}

export interface EmbedderFile extends ModelFile {
  /** Name of the output to read; null takes the only one, or the one with a usual name. */
  readonly output: string | null;
  /** How one vector is made of one for each token; null goes by the output's form: `mean`, or `none` where it is one vector. */
  readonly pooling: 'mean' | 'cls' | 'none' | null;
  readonly normalise: boolean;
  readonly dimensions: number | null;
  /** Longest text, in tokens with the special ones. */
  readonly maxTokens: number;
}

export interface VerifierFile extends ModelFile {
  readonly output: string;
  /** Longest pair, in tokens with the special ones. */
  readonly maxTokens: number;
}

/** What a folder of models holds. */
export interface Manifest {
  readonly name: string;
  readonly tokenizer: ModelFile;
  /** Null when the folder has none. */
  readonly tokenizerConfig: ModelFile | null;
  readonly embedder: EmbedderFile;
  /** Null in folders of others: only the project's own has one. */
  readonly verifier: VerifierFile | null;
}

const MANIFEST = 'manifest.json';
const DEFAULT_MAX_TOKENS = 256;
const MOST_TOKENS = 8192;
/** Below it hardly a question fits. */
const LEAST_TOKENS = 32;
const POOLINGS = ['mean', 'cls', 'none'] as const;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads `manifest.json` of a folder. Where it may be missing, the folder is expected to hold model.onnx and
 * tokenizer.json. Throws an Error for people when it is no manifest.
 */
export function readManifest(folder: string, name: string, isRequired: boolean): Manifest {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST), 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isRequired || !isMissing)
      throw new Error(
        isMissing ? `${MANIFEST} is missing` : `${MANIFEST} cannot be read: ${(error as Error).message}`,
      );
    text = '{}';
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${MANIFEST} is no JSON`);
  }
  return parseManifest(value, name);
}

/** Throws an Error that names the field. What may be left out has the values of the most common export. */
export function parseManifest(value: unknown, name: string): Manifest {
  const fields = fieldsOf(value, MANIFEST);
  const embedder = fieldsOf(fields.embedder ?? {}, 'embedder');
  const verifier = fields.verifier === undefined ? null : fieldsOf(fields.verifier, 'verifier');
  const config = fields.tokenizer_config;
  return {
    name: text(fields.name, 'name', /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/) ?? name,
    tokenizer: fileOf(fieldsOf(fields.tokenizer ?? {}, 'tokenizer'), 'tokenizer', 'tokenizer.json'),
    tokenizerConfig:
      config === undefined
        ? null
        : fileOf(fieldsOf(config, 'tokenizer_config'), 'tokenizer_config', 'tokenizer_config.json'),
    embedder: {
      ...fileOf(embedder, 'embedder', 'model.onnx'),
      output: text(embedder.output, 'embedder.output', /^[\w./:-]{1,200}$/),
      pooling: poolingOf(embedder.pooling),
      normalise: booleanOf(embedder.normalise) ?? true,
      dimensions: count(embedder.dimensions, 'embedder.dimensions', MOST_TOKENS),
      maxTokens:
        count(embedder.max_tokens, 'embedder.max_tokens', MOST_TOKENS, LEAST_TOKENS) ?? DEFAULT_MAX_TOKENS,
    },
    verifier: verifier && {
      ...fileOf(verifier, 'verifier', 'verifier.onnx'),
      output: text(verifier.output, 'verifier.output', /^[\w./:-]{1,200}$/) ?? 'logit',
      maxTokens:
        count(verifier.max_tokens, 'verifier.max_tokens', MOST_TOKENS, LEAST_TOKENS) ?? DEFAULT_MAX_TOKENS,
    },
  };
}

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${name} is no JSON object`);
  return value as Fields;
}

function fileOf(fields: Fields, name: string, usual: string): ModelFile {
  // No way out of the folder: plain names with slashes between them.
  const file = text(fields.file, `${name}.file`, /^(?!\.)[\w.-]+(?:\/(?!\.)[\w.-]+)*$/) ?? usual;
  return {
    file,
    bytes: count(fields.bytes, `${name}.bytes`, Number.MAX_SAFE_INTEGER),
    sha256: text(fields.sha256, `${name}.sha256`, /^[0-9a-f]{64}$/),
  };
}

function text(value: unknown, name: string, form: RegExp): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || !form.test(value)) throw new Error(`${name} has a value that cannot be`);
  return value;
}

function count(value: unknown, name: string, most: number, least = 1): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most)
    throw new Error(`${name} is no whole number from ${least} to ${most}`);
  return value;
}

function poolingOf(value: unknown): EmbedderFile['pooling'] {
  if (value === undefined || value === null) return null;
  const known = POOLINGS.find((pooling) => pooling === value);
  if (known === undefined) throw new Error(`embedder.pooling is none of ${POOLINGS.join(', ')}`);
  return known;
}

function booleanOf(value: unknown): boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'boolean') throw new Error('embedder.normalise is neither true nor false');
  return value;
}
