import { hash } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { SemanticScope } from '../../core/semantic.ts';
import type { Eligible } from './eligibility.ts';

/** Version of the rules by which answers are shared: part of every partition, raised when gate, score or this file change meaning. */
const POLICY_VERSION = 'tidegate-semantic-1';

/** Stands where the question stood. Which text it replaces follows from the request's form, so no text can pretend to be it. */
const PLACEHOLDER = '\u0000question\u0000';

/** Everything but the question that an answer depends on, and who may share it. */
export interface PartitionParts {
  readonly account: string;
  readonly gateway: string;
  /** When the gateway was made: another one under the same name is another one. */
  readonly gatewayCreatedAt: number;
  /** Raised by a purge. */
  readonly epoch: number;
  readonly scope: readonly string[];
  readonly model: string | null;
  readonly provider: string;
  readonly base: string;
  readonly upstream: string;
  readonly endpoint: string;
  readonly method: string;
  readonly stream: boolean;
  readonly behaviourHeaders: readonly string[];
  readonly embedder: string;
  /** cf-aig-cache-key. */
  readonly customKey: string | null;
  readonly request: Eligible;
}

/** SHA-256 over every part, each with its length in front. Only within one are questions ever compared. */
export function partitionOf(parts: PartitionParts): string {
  const list = [
    POLICY_VERSION,
    parts.account,
    parts.gateway,
    String(parts.gatewayCreatedAt),
    String(parts.epoch),
    String(parts.scope.length),
    ...parts.scope,
    parts.model === null ? '-' : `=${parts.model}`,
    parts.provider,
    parts.base,
    parts.upstream,
    parts.endpoint,
    parts.method,
    parts.stream ? 'stream' : 'whole',
    String(parts.behaviourHeaders.length),
    ...parts.behaviourHeaders,
    parts.embedder,
    parts.customKey === null ? '-' : `=${parts.customKey}`,
    parts.request.place.shape,
    withoutQuestion(parts.request),
  ];
  let text = '';
  for (const part of list) text += `${Buffer.byteLength(part)}:${part},`;
  return hash('sha256', text, 'hex');
}

function withoutQuestion({ place, body }: Eligible): string {
  const { holder, key, text } = place;
  holder[key] = PLACEHOLDER;
  const rest = canonicalJson(body);
  holder[key] = text;
  return rest;
}

export interface Caller {
  readonly tokenId: string | null;
  /** Kind first, then what is secret about it. */
  readonly credential: readonly string[];
  readonly userId: string | null;
}

/** Who shares an answer; null when the callers of this scope cannot be told apart. */
export function scopeOf(scope: SemanticScope, caller: Caller): readonly string[] | null {
  const { tokenId, credential, userId } = caller;
  const kind = credential[0] ?? 'none';
  if (scope === 'gateway') return ['gateway', kind];
  if (tokenId === null && kind === 'none') return null;
  const one = ['token', tokenId === null ? '-' : `=${tokenId}`, ...credential];
  if (scope === 'token') return one;
  return userId === null ? null : ['user', userId, ...one];
}
