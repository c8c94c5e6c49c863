import { z } from 'zod';
import { isLogId } from '../core/ids.ts';
import { SEMANTIC_ENTRY_ORDERS, type SemanticEntryListing } from '../core/stores/semantic.ts';
import { semanticEntrySchema, semanticPurgeSchema } from './contract/semantic.ts';
import { type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { notFound, pageInfo, pageRange, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { showEntry } from './semantic-rows.ts';
import { ageShape, storedBefore } from './stored-answers.ts';
import { orderDirection, pagingShape } from './validation.ts';

const tag = 'Cache';
const ENTRIES = `${GATEWAY}/cache/semantic/entries`;
const type = 'ai_gateway.cache';

const partition = z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be 64 hexadecimal digits' });

const listQuery = z.strictObject({
  ...pagingShape(100),
  search: z.string().max(256).optional(),
  partition: partition.optional(),
  order_by: z.enum(SEMANTIC_ENTRY_ORDERS).default('created_at'),
  order_by_direction: orderDirection.default('desc'),
});

/** Strict: a condition that is not understood must not widen what is removed. */
const purgeQuery = z.strictObject({
  partition: partition.optional(),
  ...ageShape,
});

export const semanticEntryEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: ENTRIES,
    permission: 'read',
    tag,
    summary: 'Questions whose answers a gateway may give again',
    query: listQuery,
    result: { kind: 'list', schema: semanticEntrySchema },
    handle: async (call) => {
      const { account, query, services } = call;
      const { rows, totalCount } = await services.semantic.tier.entries.list({
        account,
        gateway: findGateway(call).id,
        partition: query.partition ?? null,
        search: query.search === undefined || query.search === '' ? null : query.search,
        orderBy: query.order_by,
        direction: query.order_by_direction,
        ...pageRange(query),
      });
      return resultResponse(rows.map(showEntry), pageInfo(query, rows.length, totalCount));
    },
  }),
  endpoint({
    method: 'delete',
    path: ENTRIES,
    permission: 'edit',
    audit: {
      action: 'purge',
      type,
      id: (call) => findGateway(call).id,
      after: ({ query }) => ({ semantic: true, ...query }),
    },
    tag,
    summary: 'Remove all of them; with conditions, those that meet all conditions',
    query: purgeQuery,
    result: { kind: 'one', schema: semanticPurgeSchema },
    handle: async (call) => {
      const { account, query, services } = call;
      const { id } = findGateway(call);
      const deleted = await services.semantic.tier.entries.remove({
        account,
        gateway: id,
        id: null,
        partition: query.partition ?? null,
        storedBefore: storedBefore(query, services.clock.now()),
      });
      return resultResponse({ id, deleted });
    },
  }),
  endpoint({
    method: 'delete',
    path: `${ENTRIES}/{entry_id}`,
    permission: 'edit',
    audit: {
      action: 'delete',
      type,
      id: (call) => call.params.entry_id ?? null,
      before: async (call) => {
        const { model, created_at, expires_at } = showEntry(await findEntry(call));
        return { model, created_at, expires_at };
      },
    },
    tag,
    summary: 'Remove one of them',
    result: { kind: 'one', schema: semanticEntrySchema },
    handle: async (call) => {
      const entry = await findEntry(call);
      const { account, gateway, id } = entry;
      const selection = { account, gateway, id, partition: null, storedBefore: null };
      await call.services.semantic.tier.entries.remove(selection);
      return resultResponse(showEntry(entry));
    },
  }),
];

async function findEntry(call: Call<unknown, unknown>): Promise<SemanticEntryListing> {
  const gateway = findGateway(call);
  const id = call.params.entry_id ?? '';
  const { entries } = call.services.semantic.tier;
  const entry = isLogId(id) ? await entries.find(call.account, gateway.id, id) : null;
  if (entry === null) throw notFound('semantic entry');
  return entry;
}
