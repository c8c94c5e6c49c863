/** Vectors of more dimensions are not taken. */
export const MAX_DIMENSIONS = 8192;

const I8_MOST = 127;
const I16_MOST = 32_767;
const I32_MOST = 2_147_483_647;

/** To whole turns of the inner loop. */
export const padded = (dimensions: number): number => Math.ceil(dimensions / 32) * 32;

function largest(vector: Float32Array): number {
  let most = 0;
  for (let i = 0; i < vector.length; i++) most = Math.max(most, Math.abs(vector[i]!));
  return most;
}

/** Writes the vector as i8 into `out` (zeroed as far as it is longer). Returns what one step is worth. */
export function quantiseStored(vector: Float32Array, out: Int8Array): number {
  const most = largest(vector);
  const factor = most > 0 ? I8_MOST / most : 0;
  for (let i = 0; i < vector.length; i++) out[i] = Math.round(vector[i]! * factor);
  out.fill(0, vector.length);
  return most / I8_MOST;
}

/**
 * As i16, in the finest steps with which no sum of products can leave 32 bits: a question costs no more that way than
 * with i8, and its own error vanishes beside that of the stored vectors.
 */
export function quantiseQuery(vector: Float32Array, out: Int16Array): number {
  const limit = Math.min(I16_MOST, Math.floor(I32_MOST / (I8_MOST * vector.length)));
  const most = largest(vector);
  const factor = most > 0 ? limit / most : 0;
  for (let i = 0; i < vector.length; i++) out[i] = Math.round(vector[i]! * factor);
  out.fill(0, vector.length);
  return most / limit;
}
