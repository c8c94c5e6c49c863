import { setHeader, withoutHeaders } from '../core/headers.ts';
import type { Provider } from '../core/provider.ts';
import { googleModel } from './google-model.ts';
import { hostedProvider } from './hosted.ts';

const OPENAI_SHAPED = /(?:^|\/)openai(?:\/|$)/;

export const googleAiStudio: Provider = hostedProvider({
  id: 'google-ai-studio',
  name: 'Google AI Studio',
  root: 'https://generativelanguage.googleapis.com',
  version: 'v1beta',
  versionFor: /^(?:models|tunedModels|cachedContents|files|openai|interactions|batches)(?:\/|$)/,
  credential: { header: 'x-goog-api-key', prefix: '' },
  credentialHeaders: ['x-goog-api-key', 'authorization'],
  credentialQuery: ['key', 'api_key'],
  dialect: (path) => (OPENAI_SHAPED.test(path) ? 'openai' : 'google'),
  modelFromPath: (endpoint) => googleModel(endpoint),
  authorize(outgoing, secret) {
    const path = outgoing.path.split('?', 1)[0]!;
    if (!OPENAI_SHAPED.test(path))
      return { ...outgoing, headers: setHeader(outgoing.headers, 'x-goog-api-key', secret) };
    // The OpenAI-shaped endpoints read the key as OpenAI does.
    const headers = withoutHeaders(outgoing.headers, (name) => name === 'x-goog-api-key');
    return { ...outgoing, headers: setHeader(headers, 'authorization', `Bearer ${secret}`) };
  },
});
