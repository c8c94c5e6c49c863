import { queryOptions } from '@tanstack/react-query';
import type { KeyTestObject, ProviderObject } from '../../../src/api/contract/providers.ts';
import { accountPath, gatewayApiPath, getPage, send } from './client.ts';
import type { ProviderKey } from './provider-keys.ts';

export type Provider = ProviderObject;
export type KeyTest = KeyTestObject;

const PER_PAGE = 100;
const STALE_MS = 300_000;

/** Providers that are built in, and own ones that are in use. */
export const providersQuery = queryOptions({
  queryKey: ['providers'],
  staleTime: STALE_MS,
  queryFn: async ({ signal }): Promise<readonly Provider[]> =>
    (await getPage<Provider>(accountPath('/providers'), { per_page: PER_PAGE }, signal)).rows,
});

/** Asks the provider, through the gateway, whether it knows the key. */
export const testProviderKey = ({ gateway_id, id }: ProviderKey): Promise<KeyTest> =>
  send('POST', gatewayApiPath(gateway_id, `/provider_configs/${encodeURIComponent(id)}/test`));
