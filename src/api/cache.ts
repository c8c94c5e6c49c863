import { z } from 'zod';
import { CACHE_ORDERS, type CacheEntry, type CacheListing } from '../core/stores/cache.ts';
import { type CacheEntryObject, cacheEntrySchema, cachePurgeSchema } from './contract/cache.ts';
import { type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { notFound, pageInfo, pageRange, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { ageShape, showStored, storedBefore } from './stored-answers.ts';
import { orderDirection, pagingShape } from './validation.ts';

const tag = 'Cache';
const name = z.string().min(1).max(1024);

const listQuery = z.strictObject({
  ...pagingShape(50),
  order_by: z.enum(CACHE_ORDERS).default('size'),
  order_by_direction: orderDirection.default('desc'),
});

/** Strict: a condition that is not understood must not widen what is removed. */
const purgeQuery = z.strictObject({
  provider: name.optional(),
  model: name.optional(),
  ...ageShape,
});

export const cacheEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${GATEWAY}/cache/entries`,
    permission: 'metadata-read',
    tag,
    summary: 'What a gateway’s cache holds: the largest, the most used or the newest answers first',
    query: listQuery,
    result: { kind: 'list', schema: cacheEntrySchema },
    handle: async (call) => {
      const { account, services, query } = call;
      const { rows, totalCount } = await services.cache.list({
        account,
        gateway: findGateway(call).id,
        orderBy: query.order_by,
        direction: query.order_by_direction,
        ...pageRange(query),
      });
      return resultResponse(rows.map(showEntry), pageInfo(query, rows.length, totalCount));
    },
  }),
  endpoint({
    method: 'delete',
    path: `${GATEWAY}/cache`,
    permission: 'edit',
    audit: {
      action: 'purge',
      type: 'ai_gateway.cache',
      id: (call) => findGateway(call).id,
      after: ({ query }) => (Object.keys(query).length === 0 ? null : query),
    },
    tag,
    summary:
      'Empty a gateway’s cache, from the next request on; with conditions, remove what meets all of them',
    query: purgeQuery,
    result: { kind: 'one', schema: cachePurgeSchema },
    handle: async (call) => {
      const { account, services, query } = call;
      const gateway = findGateway(call);
      if (Object.keys(query).length > 0) {
        const selection = {
          account,
          gateway: gateway.id,
          provider: query.provider ?? null,
          model: query.model ?? null,
          storedBefore: storedBefore(query, services.clock.now()),
        };
        const similar =
          gateway.semanticCache === null
            ? 0
            : await services.semantic.tier.entries.remove({ ...selection, id: null, partition: null });
        const deleted = await services.cache.purgeSome(selection);
        return resultResponse({ id: gateway.id, deleted: deleted + similar });
      }
      // The epoch is part of every key: answers that are on their way now are stored under the old one.
      services.config.putGateway({ ...gateway, cacheEpoch: gateway.cacheEpoch + 1 });
      services.onGatewayChanged(account, gateway.id);
      services.cache.purge(account, gateway.id);
      return resultResponse({ id: gateway.id });
    },
  }),
  endpoint({
    method: 'delete',
    path: `${GATEWAY}/cache/{key}`,
    permission: 'edit',
    audit: {
      action: 'delete',
      type: 'ai_gateway.cache',
      id: (call) => call.params.key ?? null,
      before: async (call) => {
        const { model, storedAt, expiresAt } = await findEntry(call);
        const iso = (ms: number): string => new Date(ms).toISOString();
        return { model, created_at: iso(storedAt), expires_at: iso(expiresAt) };
      },
    },
    tag,
    summary: 'Remove one entry; its key stands in the cache decision of a log',
    result: { kind: 'one', schema: z.object({ key: z.string() }) },
    handle: async (call) => {
      const { key } = await findEntry(call);
      call.services.cache.delete(key);
      return resultResponse({ key });
    },
  }),
];

async function findEntry(call: Call<unknown, unknown>): Promise<CacheEntry> {
  const gateway = findGateway(call);
  const key = call.params.key ?? '';
  const entry = /^[0-9a-f]{64}$/.test(key) ? await call.services.cache.find(key) : null;
  if (entry === null || entry.account !== call.account || entry.gateway !== gateway.id) {
    throw notFound('cache entry');
  }
  return entry;
}

function showEntry(row: CacheListing): CacheEntryObject {
  return { key: row.key, ...showStored(row) };
}
