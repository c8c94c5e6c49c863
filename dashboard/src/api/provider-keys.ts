import { queryOptions } from '@tanstack/react-query';
import type { CustomProviderObject, ProviderConfigObject } from '../../../src/api/contract.ts';
import { accountPath, gatewayApiPath, getPage, type Page, send } from './client.ts';

export type ProviderKey = ProviderConfigObject;
export type CustomProvider = CustomProviderObject;

const PER_PAGE = 100;

export const providerKeysQuery = (gateway: string) =>
  queryOptions({
    queryKey: ['provider-keys', gateway],
    queryFn: ({ signal }): Promise<Page<ProviderKey>> =>
      getPage(gatewayApiPath(gateway, '/provider_configs'), { per_page: PER_PAGE }, signal),
  });

export const storeProviderKey = (
  gateway: string,
  body: { readonly provider_slug: string; readonly alias: string; readonly secret: string },
): Promise<ProviderKey> => send('POST', gatewayApiPath(gateway, '/provider_configs'), body);

const keyPath = ({ gateway_id, id }: ProviderKey): string =>
  gatewayApiPath(gateway_id, `/provider_configs/${encodeURIComponent(id)}`);

export const replaceProviderKey = (key: ProviderKey, secret: string): Promise<ProviderKey> =>
  send('PUT', keyPath(key), { secret });

export const deleteProviderKey = (key: ProviderKey): Promise<ProviderKey> => send('DELETE', keyPath(key));

export const customProvidersQuery = queryOptions({
  queryKey: ['custom-providers'],
  queryFn: ({ signal }): Promise<Page<CustomProvider>> =>
    getPage(accountPath('/custom-providers'), { per_page: PER_PAGE, order_by: 'name ASC' }, signal),
});

export type CustomProviderBody = Pick<
  CustomProvider,
  'name' | 'slug' | 'base_url' | 'description' | 'enable' | 'headers'
>;

const customPath = (id: string): string => accountPath(`/custom-providers/${encodeURIComponent(id)}`);

export const createCustomProvider = (body: CustomProviderBody): Promise<CustomProvider> =>
  send('POST', accountPath('/custom-providers'), body);

export const changeCustomProvider = (
  id: string,
  body: Partial<CustomProviderBody>,
): Promise<CustomProvider> => send('PATCH', customPath(id), body);

export const deleteCustomProvider = (id: string): Promise<unknown> => send('DELETE', customPath(id));
