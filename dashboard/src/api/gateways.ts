import { queryOptions } from '@tanstack/react-query';
import type { GatewayObject } from '../../../src/api/contract.ts';
import { accountPath, gatewayApiPath, getOne, getPage, send } from './client.ts';

const MOST = 100;

/** All gateways of the account, in the order of their ids. */
export const gatewaysQuery = queryOptions({
  queryKey: ['gateways'],
  queryFn: async ({ signal }) => {
    const all: GatewayObject[] = [];
    for (let page = 1; ; page++) {
      const { rows } = await getPage<GatewayObject>(
        accountPath('/gateways'),
        { page, per_page: MOST },
        signal,
      );
      all.push(...rows);
      if (rows.length < MOST) return all;
    }
  },
});

export const gatewayQuery = (gateway: string) =>
  queryOptions({
    queryKey: ['gateway', gateway],
    queryFn: ({ signal }) => getOne<GatewayObject>(gatewayApiPath(gateway), undefined, signal),
  });

/** What is not sent has its default. */
export const createGateway = (
  body: Partial<GatewayObject> & Pick<GatewayObject, 'id'>,
): Promise<GatewayObject> => send('POST', accountPath('/gateways'), body);

/** Replaces all settings. */
export const replaceGateway = (
  gateway: string,
  body: Readonly<Record<string, unknown>>,
): Promise<GatewayObject> => send('PUT', gatewayApiPath(gateway), body);

export const deleteGateway = (gateway: string): Promise<GatewayObject> =>
  send('DELETE', gatewayApiPath(gateway));
