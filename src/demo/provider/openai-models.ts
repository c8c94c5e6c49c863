import { type Answer, jsonAnswer, ProviderFailure } from './answer.ts';
import { openaiHeaders } from './openai-error.ts';
import { bareModel, isKnownModel, type ProviderRequest } from './provider-request.ts';

const LISTED = [
  'gpt-4o',
  'gpt-4o-mini',
  'gpt-4.1',
  'gpt-4.1-mini',
  'gpt-5',
  'gpt-5-mini',
  'o4-mini',
  'gpt-image-1',
  'tts-1',
  'whisper-1',
  'text-embedding-3-small',
  'text-embedding-3-large',
  'omni-moderation-latest',
  'gpt-3.5-turbo-instruct',
];

/** `/models` and `/models/{id}`. */
export function answerModels(request: ProviderRequest, id: string | null): Answer {
  const headers = openaiHeaders(request);
  const describe = (model: string): object => ({
    id: model,
    object: 'model',
    created: 1_715_367_049,
    owned_by: 'system',
  });
  if (id === null) {
    const data = (request.knownModels ?? LISTED).map(describe);
    return jsonAnswer({ object: 'list', data }, headers);
  }
  const model = bareModel(id);
  if (!isKnownModel(request, model)) {
    throw new ProviderFailure(404, `The model '${model}' does not exist`, {
      code: 'model_not_found',
      param: 'model',
    });
  }
  return jsonAnswer(describe(model), headers);
}
