import { jsonAnswer, ProviderFailure } from './answer.ts';
import { embed } from './openai-embeddings.ts';
import { bareModel, bearer, type Family, isKnownModel, jsonBody } from './provider-request.ts';

const MODEL_PATH = /(?:^|\/)run\/(@(?:cf|hf)\/[^/]+\/[^/?]+)$/;
/** Their vectors have one size each. */
const SIZES: readonly (readonly [RegExp, number])[] = [
  [/small/, 384],
  [/base|gemma/, 768],
];
const OTHER_SIZE = 1024;

const USUAL: Readonly<Record<number, readonly [code: number, message: string]>> = {
  400: [5006, 'Error: required properties are missing'],
  401: [10000, 'Authentication error'],
  404: [7000, 'No route for that URI'],
  429: [3040, 'Capacity temporarily exceeded, please try again.'],
};

const failure = (status: number): ProviderFailure =>
  new ProviderFailure(status, (USUAL[status] ?? [3043, 'Internal server error'])[1]);

/** The REST API of Workers AI, for models that turn texts into vectors. */
export const workersAi: Family = {
  id: 'workers-ai',

  authorize(request) {
    const key = bearer(request.headers);
    if (key === null || !request.acceptsKey(key)) throw failure(401);
  },

  answer(request) {
    const match = MODEL_PATH.exec(decodeURIComponent(request.path));
    if (!match) throw failure(404);
    const model = bareModel(match[1]!);
    if (!isKnownModel(request, model)) throw new ProviderFailure(400, `No such model ${model} or task`);
    const { text } = jsonBody(request, 'Error: invalid JSON');
    const texts = typeof text === 'string' ? [text] : text;
    if (!Array.isArray(texts) || texts.length === 0) throw failure(400);
    const size = SIZES.find(([name]) => name.test(model))?.[1] ?? OTHER_SIZE;
    const data = texts.map((item) => embed(model, String(item), size));
    const result = { shape: [data.length, size], data, pooling: 'mean' };
    return jsonAnswer({ result, success: true, errors: [], messages: [] }, {});
  },

  fail(_request, raised) {
    const code = USUAL[raised.status]?.[0] ?? 3043;
    const errors = [{ code, message: `AiError: ${raised.message}` }];
    const headers = raised.retryAfter === null ? {} : { 'retry-after': raised.retryAfter };
    return jsonAnswer({ result: {}, success: false, errors, messages: [] }, headers, raised.status);
  },

  failFrame: (_request, raised) => Buffer.from(`data: ${JSON.stringify({ error: raised.message })}\n\n`),

  failure,
};
