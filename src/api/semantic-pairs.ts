import { z } from 'zod';
import type { WrongPair } from '../core/stores/semantic-evidence.ts';
import { type PairCheckObject, pairCheckSchema, wrongPairSchema } from './contract/semantic.ts';
import { type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { notFound, pageResponse, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { compare } from './semantic.ts';
import { showPair } from './semantic-rows.ts';
import { pagingShape } from './validation.ts';

const tag = 'Cache';
const PAIRS = `${GATEWAY}/cache/semantic/wrong-pairs`;
/** Each takes the models some milliseconds, and requests come first. */
const MOST_CHECKED = 500;

export const wrongPairEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: PAIRS,
    permission: 'read',
    tag,
    summary: 'Questions that people have told apart, newest first: they never meet again',
    query: z.strictObject(pagingShape(100)),
    result: { kind: 'list', schema: wrongPairSchema },
    handle: (call) => pageResponse(pairsOf(call), call.query, showPair),
  }),
  endpoint({
    method: 'delete',
    path: `${PAIRS}/{pair_id}`,
    permission: 'edit',
    audit: {
      action: 'delete',
      type: 'ai_gateway.cache',
      id: (call) => findPair(call).id,
      before: (call) => {
        const { at, hitId } = findPair(call);
        return { created_at: new Date(at).toISOString(), hit: hitId };
      },
    },
    tag,
    summary: 'Let two questions meet again',
    result: { kind: 'one', schema: wrongPairSchema },
    handle: (call) => {
      const pair = findPair(call);
      call.services.semantic.evidence.deleteWrongPair(pair.account, pair.gateway, pair.id);
      return resultResponse(showPair(pair));
    },
  }),
  endpoint({
    method: 'post',
    path: `${PAIRS}/check`,
    permission: 'edit',
    audit: { none: 'nothing is changed: the pairs are tried' },
    tag,
    summary: `Try them all again (the newest ${MOST_CHECKED}): which would be held for the same if they were not in the list`,
    result: { kind: 'one', schema: pairCheckSchema },
    handle: async (call) => {
      const pairs = pairsOf(call).slice(0, MOST_CHECKED);
      const wouldHit: string[] = [];
      for (const pair of pairs) {
        if ((await compare(call, pair, true)).wouldHit) wouldHit.push(pair.id);
      }
      return resultResponse({ checked: pairs.length, would_hit: wouldHit } satisfies PairCheckObject);
    },
  }),
];

function pairsOf(call: Call<unknown, unknown>): readonly WrongPair[] {
  return call.services.semantic.evidence.wrongPairs(call.account, findGateway(call).id);
}

function findPair(call: Call<unknown, unknown>): WrongPair {
  const pair = pairsOf(call).find(({ id }) => id === call.params.pair_id);
  if (pair === undefined) throw notFound('pair of questions');
  return pair;
}
