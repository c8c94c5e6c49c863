import { queryOptions } from '@tanstack/react-query';
import type { ViewObject } from '../../../src/api/contract/view.ts';
import { gatewayApiPath, getPage, send } from './client.ts';

const MOST = 100;

export const viewsQuery = (gateway: string) =>
  queryOptions({
    queryKey: ['views', gateway],
    queryFn: async ({ signal }) =>
      (await getPage<ViewObject>(gatewayApiPath(gateway, '/views'), { per_page: MOST }, signal)).rows,
  });

export const saveView = (
  gateway: string,
  view: { readonly name: string; readonly page: string; readonly query: string },
): Promise<ViewObject> => send('POST', gatewayApiPath(gateway, '/views'), view);

export const deleteView = (gateway: string, id: string): Promise<ViewObject> =>
  send('DELETE', gatewayApiPath(gateway, `/views/${encodeURIComponent(id)}`));
