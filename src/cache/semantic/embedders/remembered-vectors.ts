import { createHash } from 'node:crypto';
import type { Embedder } from '../../../core/semantic.ts';

const BYTES_PER_ENTRY = 150;

/**
 * Vectors of texts that were embedded lately, by a hash of whom they were made for and the text: whoever measures time
 * cannot learn what others asked. The least recently used ones go first.
 */
export class RememberedVectors {
  readonly #mostBytes: number;
  readonly #vectors = new Map<string, Float32Array>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The embedder, which is asked only for texts that are not known. `scope`: whose texts they are. */
  over(embedder: Embedder, scope: string): Embedder {
    const prefix = `${embedder.id}\n${scope}\n`;
    return {
      id: embedder.id,
      dimensions: embedder.dimensions,
      embed: async (texts, signal) => {
        const keys = texts.map((text) => keyOf(prefix, text));
        const found = keys.map((key) => this.#find(key));
        const missing = texts.filter((_, index) => found[index] === null);
        if (missing.length === 0) return found.map((vector) => vector!);
        const made = await embedder.embed(missing, signal);
        let next = 0;
        return found.map((vector, index) => {
          if (vector !== null) return vector;
          const fresh = made[next++]!;
          this.#keep(keys[index]!, fresh);
          return fresh;
        });
      },
    };
  }

  #find(key: string): Float32Array | null {
    const vector = this.#vectors.get(key);
    if (!vector) return null;
    this.#vectors.delete(key);
    this.#vectors.set(key, vector);
    // A copy: who gets it may hand its memory to a thread.
    return vector.slice();
  }

  #keep(key: string, vector: Float32Array): void {
    const known = this.#vectors.get(key);
    if (known) this.#drop(key, known);
    this.#vectors.set(key, vector.slice());
    this.#bytes += vector.byteLength + BYTES_PER_ENTRY;
    for (const [oldest, old] of this.#vectors) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#drop(oldest, old);
    }
  }

  #drop(key: string, vector: Float32Array): void {
    this.#vectors.delete(key);
    this.#bytes -= vector.byteLength + BYTES_PER_ENTRY;
  }
}

/** The prefix holds no line break of the caller's: ids of models and tokens have none. */
const keyOf = (prefix: string, text: string): string =>
  createHash('sha256').update(prefix).update(text).digest('base64');
