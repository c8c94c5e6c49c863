import type { Neighbour } from '../../core/stores/semantic.ts';
import type { VectorCandidate } from '../../core/stores/vector-index.ts';
import type { SemanticReader } from './semantic-reader.ts';
import type { UnwrittenEntries } from './semantic-unwritten.ts';

export interface NeighbourQuery {
  readonly partition: string;
  readonly vector: Float32Array;
  readonly limit: number;
  readonly minCosine: number;
}

/** The nearest of the candidates of a search by their true cosines, read as far as they can matter. */
export function readNeighbours(
  { partition, vector, limit, minCosine }: NeighbourQuery,
  candidates: readonly VectorCandidate[],
  unwritten: UnwrittenEntries,
  reader: SemanticReader,
): Neighbour[] {
  const best: { readonly number: number; readonly cosine: number }[] = [];
  for (const { number, upper } of candidates) {
    // They come by what their cosine may be at most: none of the others can come in.
    if (best.length === limit && upper < best.at(-1)!.cosine) break;
    const stored = unwritten.get(number)?.vector ?? reader.vector(number);
    if (stored === null) continue;
    const cosine = Math.min(1, dot(vector, stored));
    if (cosine < minCosine) continue;
    best.push({ number, cosine });
    best.sort((one, other) => other.cosine - one.cosine);
    if (best.length > limit) best.pop();
  }
  return best.flatMap(({ number, cosine }) => {
    const entry = unwritten.get(number)?.entry ?? reader.entry(number, partition);
    // The partition is asked for once more, of the entry itself: whatever may go wrong, nothing crosses it.
    return entry?.partition === partition ? [{ entry, cosine }] : [];
  });
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
}
