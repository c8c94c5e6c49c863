import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, ProviderFailure, type WholeAnswer } from './answer.ts';
import type { Dice } from './dice.ts';
import type { Fault } from './fault.ts';
import { isObject, type JsonObject } from './loose-json.ts';
import type { PromptCache } from './prompt-cache.ts';

export type FamilyId = 'openai' | 'mistral' | 'anthropic' | 'google' | 'cohere' | 'bedrock' | 'workers-ai';

/** One request as a family sees it: a path below the provider's root, and everything it needs to answer. */
export interface ProviderRequest {
  readonly method: string;
  /** Without query and without the family's folder, with a leading slash, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The request target as it came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly fault: Fault;
  /** Seeded by the body: decides what is said. */
  readonly dice: Dice;
  /** Seeded by the body and how often it was seen: decides ids. */
  readonly idDice: Dice;
  readonly nowMs: number;
  readonly promptCache: PromptCache;
  /** Who asks; prompt caches are not shared between credentials. */
  readonly principal: string;
  /** True when this key may be used. */
  acceptsKey(key: string): boolean;
  readonly awsSecretKey: string | null;
  readonly knownModels: readonly string[] | null;
  /** How many more requests fit in the rate-limit headers' window. */
  readonly remainingRequests: number;
}

/** A provider's wire: how it answers and how it fails. */
export interface Family {
  readonly id: FamilyId;
  /** Throws ProviderFailure when the request brings no usable credential. */
  authorize(request: ProviderRequest): void;
  answer(request: ProviderRequest): Answer;
  /** The failure as a whole answer, in the family's own shape, with its headers. */
  fail(request: ProviderRequest, failure: ProviderFailure): WholeAnswer;
  /** The failure as an event inside a stream that has begun. */
  failFrame(request: ProviderRequest, failure: ProviderFailure): Buffer;
  /** The usual wording of a status, for scripted failures. */
  failure(status: number): ProviderFailure;
}

/** The body as an object, or a 400 in the family's words. */
export function jsonBody(request: ProviderRequest, complaint: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString('utf8'));
  } catch {
    throw new ProviderFailure(400, complaint);
  }
  if (!isObject(value)) throw new ProviderFailure(400, complaint);
  return value;
}

/** The fault suffix of a model name (`gpt-4o!status=429`) is for the script, not for the answer. */
export function bareModel(model: string): string {
  const at = model.indexOf('!');
  return at < 0 ? model : model.slice(0, at);
}

/** Any name is served, unless the provider was started with a list, or the name says that it is not there. */
export function isKnownModel(request: ProviderRequest, model: string): boolean {
  if (request.knownModels) return request.knownModels.includes(model);
  return !/unknown|no-such|nonexistent|does-not-exist/i.test(model);
}

export function bearer(headers: IncomingHttpHeaders): string | null {
  const match = /^bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '');
  return match?.[1] ?? null;
}

export function header(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined || first === '' ? null : first;
}
