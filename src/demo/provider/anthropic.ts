import { type Answer, jsonAnswer, ProviderFailure, typedFrame } from './answer.ts';
import { anthropicError, anthropicFail, anthropicFailure, anthropicHeaders } from './anthropic-error.ts';
import { answerCountTokens, answerMessages } from './anthropic-messages.ts';
import {
  bareModel,
  bearer,
  type Family,
  header,
  isKnownModel,
  type ProviderRequest,
} from './provider-request.ts';

const LISTED = ['claude-opus-5', 'claude-sonnet-5', 'claude-sonnet-4-6', 'claude-haiku-4-5'];

export const anthropic: Family = {
  id: 'anthropic',

  authorize(request) {
    if (request.method === 'HEAD') return;
    const key = header(request.headers, 'x-api-key') ?? bearer(request.headers);
    if (key === null) throw new ProviderFailure(401, 'x-api-key header is required');
    if (!request.acceptsKey(key)) throw anthropicFailure(401);
    if (header(request.headers, 'anthropic-version') === null) {
      throw new ProviderFailure(400, 'anthropic-version: header is required');
    }
  },

  answer(request) {
    const path = request.path.replace(/^\/v1(?=\/)/, '');
    // Claude Code asks HEAD before its first request and goes on whatever is said, as long as something is.
    if (request.method === 'HEAD') return jsonAnswer({}, anthropicHeaders(request));
    if (request.method === 'POST' && path === '/messages') return answerMessages(request);
    if (request.method === 'POST' && path === '/messages/count_tokens') return answerCountTokens(request);
    const model = /^\/models(?:\/([^/]+))?$/.exec(path);
    if (model && request.method === 'GET') return answerModels(request, model[1]);
    throw anthropicFailure(404);
  },

  fail: anthropicFail,

  failFrame: (_request, failure) =>
    typedFrame({ type: 'error', error: anthropicError(failure) } as { type: string }).bytes,

  failure: anthropicFailure,
};

function answerModels(request: ProviderRequest, id: string | undefined): Answer {
  const describe = (model: string): object => ({
    type: 'model',
    id: model,
    display_name: model.replace(/-/g, ' '),
    created_at: '2025-09-29T00:00:00Z',
  });
  if (id === undefined) {
    const models = request.knownModels ?? LISTED;
    const data = models.map(describe);
    const page = { data, has_more: false, first_id: models[0] ?? null, last_id: models.at(-1) ?? null };
    return jsonAnswer(page, anthropicHeaders(request));
  }
  const model = bareModel(decodeURIComponent(id));
  if (!isKnownModel(request, model)) throw new ProviderFailure(404, `model: ${model}`);
  return jsonAnswer(describe(model), anthropicHeaders(request));
}
