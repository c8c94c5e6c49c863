import type { IncomingHttpHeaders } from 'node:http';
import { anthropic } from './anthropic.ts';
import { bedrock } from './bedrock.ts';
import { cohere } from './cohere.ts';
import { google } from './google.ts';
import { mistral } from './mistral.ts';
import { openai } from './openai.ts';
import type { Family } from './provider-request.ts';
import { workersAi } from './workers-ai.ts';

/** First path segments that name a provider, so that one port can stand for all of them. */
const FOLDERS: Readonly<Record<string, Family>> = {
  openai,
  'azure-openai': openai,
  groq: openai,
  deepseek: openai,
  grok: openai,
  cerebras: openai,
  openrouter: openai,
  'perplexity-ai': openai,
  fireworks: openai,
  anthropic,
  'google-ai-studio': google,
  'google-vertex-ai': google,
  google,
  mistral,
  cohere,
  'aws-bedrock': bedrock,
  bedrock,
};

export interface FamilyChoice {
  readonly family: Family;
  /** The path without the folder. */
  readonly path: string;
}

const MISTRAL_MODEL =
  /"model"\s*:\s*"(?:mistral|codestral|ministral|magistral|pixtral|devstral|voxtral|open-mi)/;

/** Which wire a request is meant for: by folder, else by its path, headers and model. */
export function chooseFamily(path: string, headers: IncomingHttpHeaders, body: Buffer): FamilyChoice {
  const folder = /^\/([^/]+)(\/.*)?$/.exec(path);
  const named = folder ? FOLDERS[folder[1]!] : undefined;
  if (named) return { family: named, path: folder?.[2] ?? '/' };
  return { family: byPath(path, headers, body), path };
}

function byPath(path: string, headers: IncomingHttpHeaders, body: Buffer): Family {
  if (/\/run\/(?:@|%40)(?:cf|hf)\//.test(path)) return workersAi;
  if (/^(?:\/bedrock-runtime\/[^/]+)?\/model\/[^/]+\/(?:converse|invoke)/.test(path)) return bedrock;
  if (/^\/v1(?:beta|alpha|beta1)\/|:\w+$|^\/v1\/projects\//.test(path) || 'x-goog-api-key' in headers)
    return google;
  if (/\/messages(?:\/count_tokens)?$/.test(path) || 'anthropic-version' in headers || path === '/')
    return anthropic;
  if (/^\/v[12]\/(?:chat|embed|rerank)$/.test(path)) return cohere;
  if (/\/(?:chat\/completions|embeddings|fim\/completions)$/.test(path)) {
    const text = body.length < 1 << 20 ? body.toString('latin1') : body.toString('latin1', 0, 4096);
    if (MISTRAL_MODEL.test(text)) return mistral;
  }
  return openai;
}
