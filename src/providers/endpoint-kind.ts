import { memo } from '../core/memo.ts';
import { splitEndpoint } from './endpoint.ts';

/** First match wins: the narrow before the wide. Matched against the path without query. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)messages\/count_tokens$|:countTokens$|(?:^|\/)count-tokens$|(?:^|\/)tokenize$/, 'count_tokens'],
  [/(?:^|\/)messages(?:\/batches(?:\/.*)?)?$/, 'messages'],
  [/(?:^|\/)chat\/completions$/, 'chat'],
  [/(?:^|\/)responses(?:\/.*)?$/, 'responses'],
  [/(?:^|\/)embed(?:dings)?$|:(?:batchE|e)mbedContents?$|:asyncBatchEmbedContent$/, 'embeddings'],
  [/:(?:stream)?[gG]enerateContent$/, 'generate'],
  [/(?:^|\/)images\/(?:generations|edits|variations)$|(?:^|\/)image_generation/, 'image'],
  [/(?:^|\/)(?:audio\/speech|speak|tts(?:\/.*)?)$|(?:^|\/)text-to-(?:speech|dialogue)(?:\/|$)/, 'speech'],
  [
    /(?:^|\/)audio\/|(?:^|\/)(?:listen|stt|speech-to-text|speech-to-speech|sound-generation)(?:\/|$)/,
    'audio',
  ],
  [/(?:^|\/)(?:moderations|classifications|classify|moderation)$/, 'moderation'],
  [/(?:^|\/)re-?rank$/, 'rerank'],
  [/(?:^|\/)videos?(?:\/|$)/, 'video'],
  [/:predict(?:LongRunning)?$|:fetchPredictOperation$/, 'predict'],
  [/(?:^|\/)(?:fim|code)?\/?completions?$|(?:^|\/)complete$/, 'completion'],
  [/\/converse(?:-stream)?$/, 'chat'],
  [/\/invoke(?:-with-response-stream)?$|:(?:streamR|r)awPredict$/, 'generate'],
  [/(?:^|\/)ideogram-v\d[^/]*\/|^(?:generate|remix|edit|reframe|upscale|describe)$/, 'image'],
  [/(?:^|\/)predictions(?:\/.*)?$/, 'prediction'],
  [/(?:^|\/)(?:search|findall|tasks)(?:\/|$)/, 'search'],
  [/(?:^|\/)files(?:\/|$)|(?:^|\/)upload(?:\/|$)/, 'files'],
  [/(?:^|\/)batch(?:es)?(?:\/|$)/, 'batch'],
  [/^(?:v2\/|v1\/)?chat$/, 'chat'],
  [/^(?:v1[a-z0-9]*\/|openai\/v1\/|api\/v1\/)?(?:openai\/)?models(?:\/[^:]*)?$/, 'models'],
];

/** What an endpoint does, for the record's model type; null when the path does not say. */
export const endpointKind = memo((endpoint: string): string | null => {
  const { path } = splitEndpoint(endpoint);
  for (const [pattern, kind] of KINDS) if (pattern.test(path)) return kind;
  return null;
});
