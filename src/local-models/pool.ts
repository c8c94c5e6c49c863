import type { Output } from './graph.ts';
import type { EmbedderFile } from './manifest.ts';

/** One vector of length 1 from what the graph says of a text. Throws when its form does not fit. */
export function pool({ data, shape }: Output, { pooling, normalise }: EmbedderFile): Float32Array {
  const isPerToken = shape.length === 2;
  const way = pooling ?? (isPerToken ? 'mean' : 'none');
  if (isPerToken === (way === 'none') || shape.length === 0 || shape.length > 2)
    throw new Error(`the model's output has the form [${['1', ...shape].join(', ')}], not that for '${way}'`);
  const width = shape.at(-1)!;
  const vector = way === 'mean' ? meanOf(data, width) : data.slice(0, width);
  const length = Math.hypot(...vector);
  if (!(length > 0 && Number.isFinite(length))) throw new Error('the model gives no vector for a text');
  if (!normalise && Math.abs(length - 1) > 0.01)
    throw new Error('the model gives vectors of another length than 1: let the manifest say normalise');
  return vector.map((value) => value / length);
}

function meanOf(data: Float32Array, width: number): Float32Array {
  const sum = new Float64Array(width);
  for (let i = 0; i < data.length; i++) sum[i % width]! += data[i]!;
  return Float32Array.from(sum, (value) => (value * width) / data.length);
}
