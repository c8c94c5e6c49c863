import { z } from 'zod';
import { isLogId } from '../core/ids.ts';
import type { JudgedHit } from '../core/stores/semantic-evidence.ts';
import { similarHitSchema, verdictBodySchema, wrongAnswerBodySchema } from './contract/semantic.ts';
import { type AnyCall, type AuditRule, type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { notFound, pageInfo, pageRange, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { showHit } from './semantic-rows.ts';
import { booleanText, pagingShape } from './validation.ts';

const tag = 'Cache';
const HITS = `${GATEWAY}/cache/semantic/hits`;
const HIT = `${HITS}/{hit_id}`;
const type = 'ai_gateway.cache';
const result = { kind: 'one', schema: similarHitSchema } as const;

const listQuery = z.strictObject({
  ...pagingShape(100),
  served: booleanText.optional(),
  verdict: z
    .enum(['right', 'wrong', 'unsure', 'none'])
    .optional()
    .meta({ description: '`none` is not judged.' }),
  entry: z.string().max(64).optional(),
});

export const semanticHitEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: HITS,
    permission: 'read',
    tag,
    summary: 'Similar answers that were served, or would have been, newest first, with both questions',
    query: listQuery,
    result: { kind: 'list', schema: similarHitSchema },
    handle: (call) => {
      const { account, query, services } = call;
      const { rows, totalCount } = services.semantic.evidence.listHits({
        account,
        gateway: findGateway(call).id,
        served: query.served ?? null,
        verdict: query.verdict ?? null,
        entryId: query.entry ?? null,
        ...pageRange(query),
      });
      return resultResponse(rows.map(showHit), pageInfo(query, rows.length, totalCount));
    },
  }),
  endpoint({
    method: 'get',
    path: HIT,
    permission: 'read',
    tag,
    summary: 'One of them; of one that was served, the id is that of the log',
    result,
    handle: (call) => resultResponse(showHit(findHit(call, call.params.hit_id))),
  }),
  endpoint({
    method: 'post',
    path: `${HIT}/verdict`,
    permission: 'edit',
    audit: judging('hit_id', ({ body }) => body.verdict),
    tag,
    summary:
      'Say whether an answer was right; `wrong` removes it and keeps the two questions apart from then on',
    body: verdictBodySchema,
    result,
    handle: (call) => judge(call, call.params.hit_id, call.body.verdict, call.body.note),
  }),
  endpoint({
    method: 'post',
    path: `${GATEWAY}/logs/{log_id}/wrong-answer`,
    permission: 'edit',
    audit: judging('log_id', () => 'wrong'),
    tag,
    summary: 'Say that the similar answer which a request got was wrong',
    body: wrongAnswerBodySchema,
    result,
    handle: (call) => judge(call, call.params.log_id, 'wrong', call.body.note),
  }),
];

/** How a verdict is entered in the audit log; `name` is the parameter that names the hit. */
function judging(name: 'hit_id' | 'log_id', verdictOf: (call: AnyCall) => unknown): AuditRule {
  return {
    action: 'judge',
    type,
    id: (call) => findHit(call, call.params[name]).id,
    before: (call) => ({ verdict: findHit(call, call.params[name]).verdict }),
    after: (call) => ({ verdict: verdictOf(call) }),
  };
}

async function judge(
  call: Call<unknown, unknown>,
  id: string | undefined,
  verdict: 'right' | 'wrong',
  note: string | undefined,
): Promise<Response> {
  const { account, services } = call;
  const gateway = findGateway(call);
  const hit = await services.semantic.judge(account, gateway.id, id ?? '', verdict, note ?? null);
  if (hit === null) throw notFound('semantic hit');
  return resultResponse(showHit(hit));
}

function findHit(call: Call<unknown, unknown>, id = ''): JudgedHit {
  const gateway = findGateway(call);
  const hit = isLogId(id) ? call.services.semantic.evidence.findHit(call.account, gateway.id, id) : null;
  if (hit === null) throw notFound('semantic hit');
  return hit;
}
