import { z } from 'zod';
import { type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { notFound, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';

const tag = 'Cache';

export const cacheEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'delete',
    path: `${GATEWAY}/cache`,
    permission: 'edit',
    tag,
    summary: 'Empty a gateway’s cache, from the next request on',
    result: { kind: 'one', schema: z.object({ id: z.string() }) },
    handle: (call) => {
      const { account, services } = call;
      const gateway = findGateway(call);
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
    tag,
    summary: 'Remove one entry; its key stands in the cache decision of a log',
    result: { kind: 'one', schema: z.object({ key: z.string() }) },
    handle: async (call) => {
      const { account, services } = call;
      const gateway = findGateway(call);
      const key = call.params.key ?? '';
      const entry = /^[0-9a-f]{64}$/.test(key) ? await services.cache.find(key) : null;
      if (entry === null || entry.account !== account || entry.gateway !== gateway.id) {
        throw notFound('cache entry');
      }
      services.cache.delete(key);
      return resultResponse({ key });
    },
  }),
];
