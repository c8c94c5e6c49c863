import { queryOptions } from '@tanstack/react-query';
import type { CacheEntryObject } from '../../../src/api/contract/cache.ts';
import { gatewayApiPath, getPage, type Page, type Query, send } from './client.ts';

export type CachedAnswer = CacheEntryObject;

export const cacheEntriesQuery = (gateway: string, query: Query) =>
  queryOptions({
    queryKey: ['cache-entries', gateway, query],
    queryFn: ({ signal }): Promise<Page<CachedAnswer>> =>
      getPage(gatewayApiPath(gateway, '/cache/entries'), query, signal),
  });

/** Without conditions, all of it. */
export const purgeCache = (
  gateway: string,
  conditions: Query,
): Promise<{ readonly id: string; readonly deleted?: number }> =>
  send('DELETE', gatewayApiPath(gateway, '/cache'), undefined, conditions);

export const deleteCachedAnswer = (gateway: string, key: string): Promise<unknown> =>
  send('DELETE', gatewayApiPath(gateway, `/cache/${encodeURIComponent(key)}`));
