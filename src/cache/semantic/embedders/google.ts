import { type EmbeddingShape, type EmbeddingTarget, fieldAt, listAt, modelPath } from './shape.ts';

/** Its models read 2,048 tokens and cut the rest off; no token is shorter than a byte. */
const WINDOW_BYTES = 2048;

/** `POST models/{model}:batchEmbedContents` of the Gemini API. */
export function googleShape({ slug, model, dimensions }: EmbeddingTarget): EmbeddingShape {
  const name = model.replace(/^models\//, '');
  return {
    mostBytes: WINDOW_BYTES,
    call: (texts) => ({
      rest: `${slug}/v1beta/models/${modelPath(name)}:batchEmbedContents`,
      body: {
        requests: texts.map((text) => ({
          model: `models/${name}`,
          content: { parts: [{ text }] },
          taskType: 'SEMANTIC_SIMILARITY',
          ...(dimensions === null ? {} : { outputDimensionality: dimensions }),
        })),
      },
    }),
    vectors: (answer) =>
      listAt(answer, 'embeddings')?.map((embedding) => fieldAt(embedding, 'values')) ?? null,
  };
}
