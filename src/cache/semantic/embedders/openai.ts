import { type EmbeddingShape, type EmbeddingTarget, fieldAt, listAt, modelPath } from './shape.ts';

const AZURE_VERSION = '2024-10-21';

/** `POST embeddings`: OpenAI, everybody who speaks as it does, and servers of one's own behind a custom provider. */
export function openaiShape({ slug, model, dimensions }: EmbeddingTarget): EmbeddingShape {
  return {
    mostBytes: null,
    call: (texts) => ({
      rest: `${slug}/embeddings`,
      body: { model, input: texts, encoding_format: 'float', ...sized('dimensions', dimensions) },
    }),
    vectors,
  };
}

/** `model` is `{resource}/{deployment}`: the deployment stands for the model. */
export function azureShape({ slug, model, dimensions }: EmbeddingTarget): EmbeddingShape {
  return {
    mostBytes: null,
    call: (texts) => ({
      rest: `${slug}/${modelPath(model)}/embeddings?api-version=${AZURE_VERSION}`,
      // Azure needs no model in the body; its own client sends the deployment as one.
      body: {
        model: model.split('/').at(-1),
        input: texts,
        encoding_format: 'float',
        ...sized('dimensions', dimensions),
      },
    }),
    vectors,
  };
}

/** As OpenAI, but for the name of the size. */
export function mistralShape({ slug, model, dimensions }: EmbeddingTarget): EmbeddingShape {
  return {
    mostBytes: null,
    call: (texts) => ({
      rest: `${slug}/v1/embeddings`,
      body: { model, input: texts, encoding_format: 'float', ...sized('output_dimension', dimensions) },
    }),
    vectors,
  };
}

const sized = (name: string, dimensions: number | null): object =>
  dimensions === null ? {} : { [name]: dimensions };

/** `data[].embedding`, each with its `index`, which decides where it is given. Some servers leave it out. */
function vectors(answer: unknown): readonly unknown[] | null {
  const data = listAt(answer, 'data');
  if (data === null) return null;
  const placed: unknown[] = [];
  for (const [position, item] of data.entries()) {
    const index = fieldAt(item, 'index') ?? position;
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= data.length)
      return null;
    if (index in placed) return null;
    placed[index] = fieldAt(item, 'embedding');
  }
  return placed;
}
