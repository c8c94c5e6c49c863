import { cohereShape } from './cohere.ts';
import { googleShape } from './google.ts';
import { azureShape, mistralShape, openaiShape } from './openai.ts';
import type { EmbeddingShape, EmbeddingTarget } from './shape.ts';
import { workersAiShape } from './workers-ai.ts';

/** Providers whose embeddings have a wire of their own, by the id of the provider. */
const SHAPES: Readonly<Record<string, (target: EmbeddingTarget) => EmbeddingShape>> = {
  'azure-openai': azureShape,
  cohere: cohereShape,
  'google-ai-studio': googleShape,
  mistral: mistralShape,
  'workers-ai': workersAiShape,
};

export interface ShapeChoice extends EmbeddingTarget {
  /** Of the provider that the slug leads to. */
  readonly providerId: string;
  /** True when it answers `embeddings` as OpenAI does. */
  readonly isOpenaiShaped: boolean;
}

/** How a provider is asked for vectors; or, in a sentence, why it cannot be. */
export function chooseShape(choice: ShapeChoice): EmbeddingShape | string {
  const { providerId, model, dimensions } = choice;
  if (providerId === 'azure-openai' && !/^[^/]+\/[^/]+$/.test(model))
    return 'an Azure embedder is named azure-openai/{resource}/{deployment}';
  if (providerId === 'workers-ai' && dimensions !== null)
    return 'the models of Workers AI have one size: embedder_dimensions cannot be set';
  const shape = SHAPES[providerId] ?? (choice.isOpenaiShaped ? openaiShape : null);
  return shape === null
    ? `${providerId} has no embeddings that the gateway knows how to ask for`
    : shape(choice);
}
