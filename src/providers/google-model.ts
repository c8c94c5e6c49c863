import { decodeSegment, splitEndpoint } from './endpoint.ts';

/** The model in `…/models/{model}:verb` of both of Google's APIs. */
export function googleModel(endpoint: string): string | null {
  const { path } = splitEndpoint(endpoint);
  if (/(?:^|\/)openai\//.test(path)) return null;
  const match = /(?:^|\/)(?:models|tunedModels)\/([^/]+)/.exec(path);
  if (!match) return null;
  const named = decodeSegment(match[1]!);
  const verb = named.lastIndexOf(':');
  const model = verb < 0 ? named : named.slice(0, verb);
  return model === '' ? null : model;
}
