import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PairFacts } from '../../src/cache/semantic/score/score.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { LocalModels } from '../../src/core/semantic.ts';
import { openLocalModels } from '../../src/local-models/open-local-models.ts';
import type { QuestionPair } from './data.ts';

/** What the local models say of texts and pairs, kept on disk between runs. */
export interface ModelOutputs {
  readonly embedder: string;
  readonly verifier: string;
  readonly models: LocalModels;
  vectors(texts: readonly string[]): Promise<readonly Float32Array[]>;
  /** Null for a pair that is too long for the models. */
  facts(pairs: readonly QuestionPair[]): Promise<readonly (PairFacts | null)[]>;
  close(): Promise<void>;
}

const FOLDER = join(import.meta.dirname, '.outputs');
const TEXTS_AT_ONCE = 32;
const PAIRS_AT_ONCE = 16;

const hash = (text: string): string => createHash('sha256').update(text).digest('base64').slice(0, 24);
const dot = (one: Float32Array, other: Float32Array): number =>
  one.reduce((sum, value, at) => sum + value * other[at]!, 0);

/** A file of lines, `key value`; what is added is written at once. */
const openLines = (
  file: string,
): { readonly map: Map<string, string>; add(key: string, value: string): void } => {
  const map = new Map<string, string>();
  if (existsSync(file))
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const at = line.indexOf(' ');
      if (at > 0) map.set(line.slice(0, at), line.slice(at + 1));
    }
  return {
    map,
    add: (key, value) => {
      map.set(key, value);
      appendFileSync(file, `${key} ${value}\n`);
    },
  };
};

const toVector = (text: string): Float32Array => {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

const quiet = { debug: () => {}, info: () => {}, warn: console.error, error: console.error };

/** Opens the models that come with the project. `report` is told of long work. Rejects when they cannot be loaded. */
export const openOutputs = async (report: (line: string) => void): Promise<ModelOutputs> => {
  const models: LocalModels = openLocalModels({ clock: systemClock(), logger: quiet });
  const { problem } = await models.ready();
  if (problem !== null) throw new Error(problem);
  const folder = join(FOLDER, hash(`${models.embedder.id} ${models.verifier.id}`).replace(/\W/g, ''));
  mkdirSync(folder, { recursive: true });
  const vectors = openLines(join(folder, 'vectors'));
  const logits = openLines(join(folder, 'logits'));

  const missing = async <T>(
    what: string,
    all: readonly T[],
    known: ReadonlyMap<string, string>,
    keyOf: (one: T) => string,
    atOnce: number,
    work: (some: readonly T[]) => Promise<void>,
  ): Promise<void> => {
    const left = [...new Map(all.map((one) => [keyOf(one), one])).entries()]
      .filter(([key]) => !known.has(key))
      .map(([, one]) => one);
    for (let at = 0; at < left.length; at += atOnce) {
      await work(left.slice(at, at + atOnce));
      if (Math.floor(at / 2000) !== Math.floor((at + atOnce) / 2000))
        report(`${what}: ${at + atOnce} of ${left.length}`);
    }
  };

  const vectorsOf = async (texts: readonly string[]): Promise<readonly Float32Array[]> => {
    await missing('texts embedded', texts, vectors.map, hash, TEXTS_AT_ONCE, async (some) => {
      const found = await models.embedder.embed(some, null);
      for (const [at, vector] of found.entries())
        vectors.add(
          hash(some[at]!),
          Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64'),
        );
    });
    return texts.map((text) => toVector(vectors.map.get(hash(text))!));
  };

  return {
    embedder: models.embedder.id,
    verifier: models.verifier.id,
    models,
    vectors: vectorsOf,
    facts: async (pairs) => {
      const both = pairs.flatMap(({ a, b }): [string, string][] => [
        [a, b],
        [b, a],
      ]);
      const keyOf = ([a, b]: readonly [string, string]): string => hash(`${a}\n${b}`);
      await missing('pairs read', both, logits.map, keyOf, PAIRS_AT_ONCE, async (some) => {
        const found = await models.verifier.verify(some, null);
        for (const [at, logit] of found.entries()) logits.add(keyOf(some[at]!), String(logit));
      });
      const texts = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
      const found = await vectorsOf(texts);
      const at = new Map(texts.map((text, index) => [text, index]));
      return pairs.map(({ a, b }): PairFacts | null => {
        const [logit, logitBack] = [
          Number(logits.map.get(keyOf([a, b]))),
          Number(logits.map.get(keyOf([b, a]))),
        ];
        if (Number.isNaN(logit) || Number.isNaN(logitBack)) return null;
        return { asked: a, stored: b, cosine: dot(found[at.get(a)!]!, found[at.get(b)!]!), logit, logitBack };
      });
    },
    close: () => models.close(),
  };
};
