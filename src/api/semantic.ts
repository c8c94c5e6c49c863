import { z } from 'zod';
import { nanosToUsd } from '../core/money.ts';
import type { SemanticComparison } from '../core/semantic-tier.ts';
import type { Gateway } from '../core/stores/config.ts';
import type { EvidenceSummary } from '../core/stores/semantic-evidence.ts';
import { shareOf } from '../core/wilson.ts';
import { authorise } from './access.ts';
import {
  type ComparisonObject,
  compareBodySchema,
  comparisonSchema,
  resumedSchema,
  type SemanticSummaryObject,
  semanticSummarySchema,
} from './contract/semantic.ts';
import { type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { conflict, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { areasOf, curveOf, showShare } from './semantic-rows.ts';
import type { ApiServices } from './services.ts';
import { readTimeRange, type TimeRange, timeRangeShape } from './time-range.ts';

const tag = 'Cache';
const SEMANTIC = `${GATEWAY}/cache/semantic`;
const DAY_MS = 86_400_000;

export const semanticEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: SEMANTIC,
    permission: 'metadata-read',
    tag,
    summary: 'How the semantic cache of a gateway does: what it saved, and how often it was wrong',
    query: z.strictObject(timeRangeShape('-30d')),
    result: { kind: 'one', schema: semanticSummarySchema },
    handle: async (call) => {
      const range = readTimeRange(call.query, call.services.clock.now());
      return resultResponse(await summarise(call.services, findGateway(call), range));
    },
  }),
  endpoint({
    method: 'post',
    path: `${SEMANTIC}/compare`,
    permission: 'read',
    audit: { none: 'nothing is changed: it explains' },
    tag,
    summary:
      'What would happen if one question were asked and the other stored; with a provider’s embedder it needs `run` as well',
    body: compareBodySchema,
    result: { kind: 'one', schema: comparisonSchema },
    handle: async (call) => resultResponse(showComparison(await compare(call, call.body, false))),
  }),
  endpoint({
    method: 'post',
    path: `${SEMANTIC}/resume`,
    permission: 'edit',
    audit: {
      action: 'resume',
      type: 'ai_gateway.cache',
      id: (call) => findGateway(call).id,
      before: (call) => call.services.semantic.pauseOf(findGateway(call)),
    },
    tag,
    summary:
      'Serve similar answers again after a pause; what was learnt before no longer counts towards the next',
    result: { kind: 'one', schema: resumedSchema },
    handle: (call) => {
      const gateway = findGateway(call);
      return resultResponse({ id: gateway.id, resumed: call.services.semantic.resume(gateway) });
    },
  }),
];

/** Runs the ladder on two questions. Refuses where there is none, and tells why it cannot be asked. */
export async function compare(
  call: Call<unknown, unknown>,
  { asked, stored }: { readonly asked: string; readonly stored: string },
  withoutWrongPairs: boolean,
): Promise<SemanticComparison> {
  const { account, services, token } = call;
  const gateway = findGateway(call);
  const place = ['gateway', 'semantic_cache'];
  const settings = gateway.semanticCache;
  if (settings === null || settings.mode === 'off') {
    throw conflict(place, 'is off for this gateway: set a mode to compare questions');
  }
  // It costs money, and uses a stored key.
  if (!settings.embedder.startsWith('local')) authorise(token, account, 'run');
  try {
    return await services.semantic.tier.compare(gateway, { asked, stored, token, withoutWrongPairs });
  } catch (error) {
    throw conflict(place, error instanceof Error ? error.message : 'the models cannot be asked');
  }
}

function showComparison(found: SemanticComparison): ComparisonObject {
  return {
    would_hit: found.wouldHit,
    reason: found.reason,
    detail: found.detail,
    similarity: found.similarity,
    verifier: found.verifier,
    probability: found.probability,
    needed: found.needed,
  };
}

async function summarise(
  services: ApiServices,
  gateway: Gateway,
  range: TimeRange,
): Promise<SemanticSummaryObject> {
  const settings = gateway.semanticCache;
  const from = Math.floor(range.from / DAY_MS) * DAY_MS;
  const to = Math.min(Math.ceil(range.to / DAY_MS) * DAY_MS, Math.max(range.to, services.clock.now()));
  if (settings === null || settings.mode === 'off') return show(from, to, OFF, NOTHING);
  const { tier, evidence } = services.semantic;
  const { account, id } = gateway;
  const { state, problem, embedder, needed } = tier.state(gateway);
  const pause = services.semantic.pauseOf(gateway);
  const { entries, bytes, partitions } = await tier.entries.stats(account, id);
  const today = Math.floor(services.clock.now() / DAY_MS);
  const head = {
    mode: settings.mode,
    state: pause !== null && state !== 'unavailable' ? 'paused' : state,
    problem: problem ?? pause?.reason ?? null,
    paused_since: pause === null ? null : new Date(pause.since).toISOString(),
    embedder,
    error_budget: settings.errorBudget,
    entries,
    bytes,
    partitions,
    check_cost_today: nanosToUsd(evidence.checkNanosOf(account, id, today)),
    daily_check_budget: nanosToUsd(settings.dailyCheckNanos),
    operating_point: needed,
  } as const;
  return show(from, to, head, evidence.summarise(account, id, from, to));
}

type Head = Pick<
  SemanticSummaryObject,
  | 'mode'
  | 'state'
  | 'problem'
  | 'paused_since'
  | 'embedder'
  | 'error_budget'
  | 'entries'
  | 'bytes'
  | 'partitions'
  | 'check_cost_today'
  | 'daily_check_budget'
  | 'operating_point'
>;

function show(from: number, to: number, head: Head, found: EvidenceSummary): SemanticSummaryObject {
  const reasons = Object.entries(found.reasons).map(([reason, count]) => ({ reason, count }));
  const lookUps = reasons.reduce((sum, { count }) => sum + count, 0);
  const curve = curveOf(found.bins, lookUps);
  return {
    ...head,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    look_ups: lookUps,
    served: found.served,
    would_serve: found.wouldServe,
    reasons: reasons.sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)),
    error: showShare(found.error),
    noise: showShare(found.noise),
    saved: nanosToUsd(found.savedNanos),
    saved_ms: found.savedMs,
    check_cost: nanosToUsd(found.checkNanos),
    curve,
    areas: areasOf(found.bins, curve),
  };
}

const OFF: Head = {
  mode: 'off',
  state: 'off',
  problem: null,
  paused_since: null,
  embedder: null,
  error_budget: null,
  entries: 0,
  bytes: 0,
  partitions: 0,
  check_cost_today: 0,
  daily_check_budget: null,
  operating_point: null,
};

const NOTHING: EvidenceSummary = {
  reasons: {},
  served: 0,
  wouldServe: 0,
  error: shareOf(0, 0),
  noise: shareOf(0, 0),
  savedNanos: 0,
  savedMs: 0,
  checkNanos: 0,
  bins: [],
};
