import { type Answer, dataFrame, ProviderFailure, typedFrame } from './answer.ts';
import { answerChat } from './openai-chat.ts';
import { answerCompletions } from './openai-completions.ts';
import { answerEmbeddings } from './openai-embeddings.ts';
import { openaiError, openaiFail, openaiFailure } from './openai-error.ts';
import { answerImages, answerModerations, answerSpeech, answerTranscription } from './openai-media.ts';
import { answerModels } from './openai-models.ts';
import { answerResponses } from './openai-responses.ts';
import { bearer, type Family, header, type ProviderRequest } from './provider-request.ts';

const POST: Readonly<Record<string, (request: ProviderRequest) => Answer>> = {
  '/chat/completions': answerChat,
  '/responses': answerResponses,
  '/completions': answerCompletions,
  '/embeddings': answerEmbeddings,
  '/images/generations': answerImages,
  '/audio/speech': answerSpeech,
  '/audio/transcriptions': answerTranscription,
  '/moderations': answerModerations,
};

/** OpenAI, and the many that speak as it does. `/v1` in front of the path may be left out. */
export const openai: Family = {
  id: 'openai',

  authorize(request) {
    const key = bearer(request.headers) ?? header(request.headers, 'api-key');
    if (key === null) {
      throw new ProviderFailure(
        401,
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.",
        { code: 'missing_api_key' },
      );
    }
    if (!request.acceptsKey(key)) throw openaiFailure(401);
  },

  answer(request) {
    const path = openaiPath(request);
    const model = /^\/models(?:\/(.+))?$/.exec(path);
    if (model && request.method === 'GET') {
      return answerModels(request, model[1] === undefined ? null : decodeURIComponent(model[1]));
    }
    const handle = POST[path];
    if (!handle) throw new ProviderFailure(404, `Invalid URL (${request.method} ${request.path})`);
    if (request.method !== 'POST') {
      throw new ProviderFailure(
        405,
        `Not allowed to ${request.method} on ${request.path}. (HINT: Perhaps you meant to use a different HTTP method?)`,
      );
    }
    return handle(request);
  },

  fail: openaiFail,

  failFrame(request, failure) {
    const error = openaiError(failure);
    if (openaiPath(request) !== '/responses') return dataFrame({ error }).bytes;
    const { code, message, param } = error;
    return typedFrame({ type: 'error', code, message, param, sequence_number: 0 } as { type: string }).bytes;
  },

  failure: openaiFailure,
};

function openaiPath(request: ProviderRequest): string {
  const path = request.path.replace(/^\/v1(?=\/)/, '');
  // Azure names the deployment in the path and the version in the query.
  return path.replace(/^\/(?:openai\/)?deployments\/[^/]+(?=\/)/, '');
}
