import { expect } from 'vitest';
import { newId } from '../../src/core/ids.ts';
import type { SemanticEntryListing } from '../../src/core/stores/semantic.ts';
import type { SimilarHit } from '../../src/core/stores/semantic-evidence.ts';
import { ACCOUNT, type Api, startApi } from './management-api-server.ts';

export const G = `/accounts/${ACCOUNT}/ai-gateway/gateways/g`;
export const SEMANTIC = `${G}/cache/semantic`;
export const PARTITION = 'ab'.repeat(32);

/** Gateway `g` answers similar questions and checks itself; `off` and `other` do not. */
export async function startSemanticApi(): Promise<Api> {
  const api = await startApi();
  const semantic_cache = { mode: 'verify', embedder: 'local', error_budget: 0.02, daily_check_budget: 0.25 };
  const made = await api.call('POST', `/accounts/${ACCOUNT}/ai-gateway/gateways`, {
    id: 'g',
    semantic_cache,
  });
  expect(made.status).toBe(200);
  for (const id of ['off', 'other']) {
    await api.call('POST', `/accounts/${ACCOUNT}/ai-gateway/gateways`, { id });
  }
  return api;
}

/** A hit of gateway `g`, in the evidence. */
export function hit(api: Api, change: Partial<SimilarHit> = {}): SimilarHit {
  const now = Date.now();
  const made: SimilarHit = {
    id: newId(now),
    account: ACCOUNT,
    gateway: 'g',
    at: now,
    served: true,
    entryId: newId(now),
    partition: PARTITION,
    asked: 'How was it given?',
    stored: 'How was it received?',
    similarity: 0.97,
    probability: 0.985,
    storedRecordId: newId(now),
    model: 'gpt-4o-mini',
    ageMs: 12_500,
    savedNanos: 3_000,
    savedMs: 700,
    ...change,
  };
  api.semantic.evidence.putHit(made);
  return made;
}

/** An entry of gateway `g`, in the store. */
export function entry(api: Api, change: Partial<SemanticEntryListing> = {}): SemanticEntryListing {
  const now = Date.now();
  const made: SemanticEntryListing = {
    id: newId(now),
    account: ACCOUNT,
    gateway: 'g',
    partition: PARTITION,
    text: 'How was it received?',
    storedAt: now - 60_000,
    expiresAt: now + 60_000,
    recordId: newId(now),
    costNanos: 5_000,
    durationMs: 800,
    model: 'gpt-4o-mini',
    provider: 'openai',
    hits: 3,
    bytes: 2_000,
    ...change,
  };
  api.semantic.entries.push(made);
  return made;
}

/** The last entry of the audit log. */
export const audited = async (api: Api): Promise<Record<string, unknown>> =>
  (await api.call('GET', `/accounts/${ACCOUNT}/ai-gateway/audit-logs?per_page=1`)).json.result[0];
