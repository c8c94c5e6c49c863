import { HALF_BITS, QUERY_BIAS } from './scan-module.ts';

/** Vectors of more dimensions are not taken. */
export const MAX_DIMENSIONS = 8192;

const I8_MOST = 127;
const I32_MOST = 2_147_483_647;

/** To whole turns of the inner loop. */
export const padded = (dimensions: number): number => Math.ceil(dimensions / 32) * 32;

function largest(vector: Float32Array): number {
  let most = 0;
  for (let i = 0; i < vector.length; i++) most = Math.max(most, Math.abs(vector[i]!));
  return most;
}

/**
 * Writes the vector as i8 into `out` (zeroed as far as it is longer). Returns what one step is worth, and the bias that
 * the scan takes off.
 */
export function quantiseStored(vector: Float32Array, out: Int8Array): { scale: number; bias: number } {
  const most = largest(vector);
  const factor = most > 0 ? I8_MOST / most : 0;
  let sum = 0;
  for (let i = 0; i < vector.length; i++) {
    out[i] = Math.round(vector[i]! * factor);
    sum += out[i]!;
  }
  out.fill(0, vector.length);
  return { scale: most / I8_MOST, bias: Math.imul(sum, QUERY_BIAS) };
}

/**
 * Writes the vector as the scan wants it, two bytes a number, in the finest steps with which no sum of products can
 * leave 32 bits: its own error vanishes beside that of the stored vectors. Returns what one step is worth.
 */
export function quantiseQuery(vector: Float32Array, out: Uint8Array): number {
  const limit = Math.min(QUERY_BIAS - 1, Math.floor(I32_MOST / (I8_MOST * vector.length)));
  const most = largest(vector);
  const factor = most > 0 ? limit / most : 0;
  for (let i = 0; i < vector.length; i++) {
    const unsigned = Math.round(vector[i]! * factor) + QUERY_BIAS;
    const at = 32 * (i >> 4) + (i & 15);
    out[at] = unsigned >> HALF_BITS;
    out[at + 16] = unsigned & I8_MOST;
  }
  return most / limit;
}
