import { type Answer, ProviderFailure } from './answer.ts';
import { googleError, googleFail, googleFailure } from './google-error.ts';
import { answerGenerate, contentParts, googleBody, googleJson } from './google-generate.ts';
import { listAt, numberAt, objectAt, textAt } from './loose-json.ts';
import { embed } from './openai-embeddings.ts';
import {
  bareModel,
  bearer,
  type Family,
  header,
  isKnownModel,
  type ProviderRequest,
} from './provider-request.ts';
import { countTokens } from './tokens.ts';

const LISTED = ['gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-2.5-flash-lite', 'gemini-embedding-001'];

/** `/v1beta/models/{model}:{method}`, and the same below a Vertex project. */
const MODEL_PATH =
  /^\/(?:v1|v1beta|v1alpha|v1beta1)?\/?(?:projects\/[^/]+\/locations\/[^/]+\/publishers\/[^/]+\/)?models(?:\/([^:]+?))?(?::(\w+))?$/;

export const google: Family = {
  id: 'google',

  authorize(request) {
    const key = header(request.headers, 'x-goog-api-key') ?? request.query.get('key');
    const token = bearer(request.headers);
    if (key === null && token === null) {
      throw new ProviderFailure(
        403,
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
      );
    }
    if (key !== null && !request.acceptsKey(key)) {
      throw new ProviderFailure(400, 'API key not valid. Please pass a valid API key.', {
        code: 'API_KEY_INVALID',
      });
    }
    if (key === null && token !== null && !request.acceptsKey(token)) throw googleFailure(401);
  },

  answer(request) {
    const match = MODEL_PATH.exec(request.path);
    if (!match) throw googleFailure(404);
    if (match[1] === undefined || (match[2] === undefined && request.method === 'GET')) {
      return answerModels(request, match[1]);
    }
    const model = bareModel(decodeURIComponent(match[1]));
    const method = match[2];
    if (!isKnownModel(request, model)) {
      throw new ProviderFailure(
        404,
        `models/${model} is not found for API version v1beta, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`,
      );
    }
    if (method === 'generateContent') return answerGenerate(request, model, false);
    if (method === 'streamGenerateContent') return answerGenerate(request, model, true);
    if (method === 'countTokens') return answerCount(request);
    if (method === 'embedContent') return answerEmbed(request, model);
    if (method === 'batchEmbedContents') return answerBatchEmbed(request, model);
    throw googleFailure(404);
  },

  fail: googleFail,

  failFrame(request, failure) {
    const body = { error: googleError(failure) };
    if (request.query.get('alt') === 'sse') return Buffer.from(`data: ${JSON.stringify(body)}\r\n\r\n`);
    return Buffer.from(`,\r\n${JSON.stringify(body, null, 2)}\n]\n`);
  },

  failure: googleFailure,
};

function answerCount(request: ProviderRequest): Answer {
  const body = googleBody(request);
  const inner = objectAt(body, 'generateContentRequest');
  const parts = contentParts(Object.keys(inner).length > 0 ? inner : body);
  const total = parts.reduce((sum, part) => sum + part.tokens, 0);
  const promptTokensDetails = [{ modality: 'TEXT', tokenCount: total }];
  return googleJson(request, { totalTokens: total, promptTokensDetails });
}

function embedding(model: string, item: unknown): { values: number[]; tokens: number } {
  const text = listAt(objectAt(item, 'content'), 'parts')
    .map((part) => textAt(part, 'text') ?? '')
    .join('');
  const width = numberAt(item, 'outputDimensionality') ?? 768;
  return {
    values: embed(model, text, Math.min(3072, Math.max(1, width))),
    tokens: countTokens(text),
  };
}

function answerEmbed(request: ProviderRequest, model: string): Answer {
  const { values, tokens } = embedding(model, googleBody(request));
  return googleJson(request, { embedding: { values }, usageMetadata: { promptTokenCount: tokens } });
}

function answerBatchEmbed(request: ProviderRequest, model: string): Answer {
  const items = listAt(googleBody(request), 'requests').map((item) => embedding(model, item));
  const embeddings = items.map(({ values }) => ({ values }));
  const promptTokenCount = items.reduce((sum, item) => sum + item.tokens, 0);
  return googleJson(request, { embeddings, usageMetadata: { promptTokenCount } });
}

function answerModels(request: ProviderRequest, id: string | undefined): Answer {
  const describe = (model: string): object => ({
    name: `models/${model}`,
    version: '001',
    displayName: model.replace(/-/g, ' '),
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: /embedding/.test(model)
      ? ['embedContent', 'countTokens']
      : ['generateContent', 'countTokens', 'batchGenerateContent'],
  });
  if (id === undefined) return googleJson(request, { models: (request.knownModels ?? LISTED).map(describe) });
  const model = bareModel(decodeURIComponent(id));
  if (!isKnownModel(request, model)) {
    throw new ProviderFailure(404, `Model is not found: models/${model} for api version v1beta`);
  }
  return googleJson(request, describe(model));
}
