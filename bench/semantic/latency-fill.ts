import { existsSync } from 'node:fs';
import { newId } from '../../src/core/ids.ts';
import type { SemanticEntry } from '../../src/core/stores/semantic.ts';
import { SemanticRows } from '../../src/stores/sqlite/semantic-rows.ts';
import { openSemanticDatabase } from '../../src/stores/sqlite/semantic-schema.ts';
import { Random } from '../logs/random.ts';

export const PARTITION = 'a'.repeat(64);
const AT_ONCE = 2000;
const ANSWER = Buffer.from('{"choices":[{"message":{"content":"An answer of some length."}}]}'.repeat(3));

/** Of length 1; `near` and `share` mix another one in. */
export function randomVector(random: Random, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  let sum = 0;
  for (let i = 0; i < dimensions; i++) {
    const value = random.next() + random.next() - 1;
    vector[i] = value;
    sum += value * value;
  }
  const length = Math.sqrt(sum);
  for (let i = 0; i < dimensions; i++) vector[i]! /= length;
  return vector;
}

/** A vector with a cosine of about `cosine` to another one, as a question asked in other words has. */
export function nearVector(random: Random, vector: Float32Array, cosine: number): Float32Array {
  const other = randomVector(random, vector.length);
  const share = Math.sqrt(1 - cosine * cosine);
  const mixed = vector.map((value, index) => cosine * value + share * other[index]!);
  const length = Math.hypot(...mixed);
  return mixed.map((value) => value / length);
}

export const entryOf = (n: number, nowMs: number): SemanticEntry => ({
  id: newId(nowMs),
  account: 'local',
  gateway: 'main',
  partition: PARTITION,
  text: `How do I do the thing with number ${n} in the part of the product that I mean?`,
  storedAt: nowMs,
  expiresAt: nowMs + 86_400_000,
  recordId: newId(nowMs),
  costNanos: 120_000,
  durationMs: 900,
  model: 'gpt-4o-mini',
  provider: 'openai',
});

/** Makes the file with so many entries in one partition, unless it is there; through the writer of the store. */
export function fillFile(path: string, entries: number, dimensions: number, nowMs: number): void {
  if (existsSync(path)) return;
  const random = new Random(entries);
  const database = openSemanticDatabase(path);
  const rows = new SemanticRows(database);
  for (let first = 1; first <= entries; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, entries - first + 1);
    rows.put(
      Array.from({ length: count }, (_, index) => {
        const vector = randomVector(random, dimensions);
        const entry = entryOf(first + index, nowMs);
        const size = entry.text.length + vector.byteLength + ANSWER.length + 600;
        const headers = ['content-type', 'application/json'];
        const line = { entry, headers, size, vectorBytes: vector.byteLength, bodyBytes: ANSWER.length };
        return { number: first + index, line, vector: new Uint8Array(vector.buffer), body: ANSWER };
      }),
    );
  }
  database.close();
}
