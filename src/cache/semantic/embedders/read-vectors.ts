const MOST_DIMENSIONS = 8192;

/**
 * The vectors of an answer, all of one size and of length 1. Throws an Error that says what is wrong with them, and
 * holds nothing of the texts.
 */
export function readVectors(list: readonly unknown[] | null, count: number): Float32Array[] {
  if (list === null) throw new Error('answered without vectors');
  if (list.length !== count) throw new Error(`answered ${list.length} vectors for ${count} texts`);
  const vectors = list.map((value) => unit(numbersOf(value)));
  if (vectors.some((vector) => vector.length !== vectors[0]!.length))
    throw new Error('answered vectors of several sizes');
  return vectors;
}

function numbersOf(value: unknown): Float32Array {
  if (typeof value === 'string') return fromBase64(value);
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_DIMENSIONS)
    throw new Error('answered something that is no vector');
  const vector = new Float32Array(value.length);
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] !== 'number') throw new Error('answered a vector that does not consist of numbers');
    vector[i] = value[i];
  }
  return vector;
}

/** Float32, little-endian, as OpenAI writes them when asked for base64; some servers do so unasked. */
function fromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.length % 4 !== 0 || bytes.length > MOST_DIMENSIONS * 4)
    throw new Error('answered something that is no vector');
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
}

function unit(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  if (!(length > 0 && Number.isFinite(length))) throw new Error('answered a vector without a length');
  return vector.map((value) => value / length);
}
