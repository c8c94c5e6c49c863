import { queryOptions } from '@tanstack/react-query';
import type { PriceObject } from '../../../src/api/contract/prices.ts';
import type { HealthObject, SettingObject } from '../../../src/api/contract/process.ts';
import { accountPath, getOne, getPage, type Page, type Query } from './client.ts';

export type Health = HealthObject;
export type ProcessSetting = SettingObject;
export type Price = PriceObject;

const PER_PAGE = 100;

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => getOne<Health>(accountPath('/health'), undefined, signal),
});

export const processSettingsQuery = queryOptions({
  queryKey: ['process-settings'],
  queryFn: async ({ signal }): Promise<readonly ProcessSetting[]> =>
    (await getPage<ProcessSetting>(accountPath('/settings'), { per_page: PER_PAGE }, signal)).rows,
});

export const pricesQuery = (query: Query) =>
  queryOptions({
    queryKey: ['prices', query],
    queryFn: ({ signal }): Promise<Page<Price>> => getPage(accountPath('/prices'), query, signal),
  });
