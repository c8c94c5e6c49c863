import { type EmbeddingShape, type EmbeddingTarget, fieldAt, listAt } from './shape.ts';

/** `POST v2/embed`. Questions are held against questions, so they are neither its queries nor its documents. */
export function cohereShape({ slug, model, dimensions }: EmbeddingTarget): EmbeddingShape {
  return {
    mostBytes: null,
    call: (texts) => ({
      rest: `${slug}/v2/embed`,
      body: {
        model,
        texts,
        input_type: 'clustering',
        embedding_types: ['float'],
        truncate: 'NONE',
        ...(dimensions === null ? {} : { output_dimension: dimensions }),
      },
    }),
    vectors: (answer) => listAt(fieldAt(answer, 'embeddings'), 'float'),
  };
}
