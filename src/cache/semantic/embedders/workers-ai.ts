import { type EmbeddingShape, type EmbeddingTarget, fieldAt, listAt, modelPath } from './shape.ts';

/** Longer texts are cut off; no token is shorter than a byte, and two are marks. */
const WINDOW_BYTES = 510;
const LONG_WINDOW_BYTES = 8190;

/** `POST run/{model}` with `text`. The REST API puts the answer under `result`. Sizes cannot be chosen. */
export function workersAiShape({ slug, model }: EmbeddingTarget): EmbeddingShape {
  return {
    mostBytes: /\/bge-m3$/.test(model) ? LONG_WINDOW_BYTES : WINDOW_BYTES,
    call: (texts) => ({ rest: `${slug}/run/${modelPath(model)}`, body: { text: texts } }),
    vectors: (answer) => listAt(fieldAt(answer, 'result') ?? answer, 'data'),
  };
}
