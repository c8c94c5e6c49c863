import { queryOptions } from '@tanstack/react-query';
import type { DatasetObject } from '../../../src/api/contract/evaluations.ts';
import { gatewayApiPath, getPage, type Query, send } from './client.ts';

const MOST = 100;

export const datasetsQuery = (gateway: string) =>
  queryOptions({
    queryKey: ['datasets', gateway],
    queryFn: async ({ signal }) =>
      (await getPage<DatasetObject>(gatewayApiPath(gateway, '/datasets'), { per_page: MOST }, signal)).rows,
  });

/** Most records that one filter can name. */
export const MOST_DATASET_RECORDS = 1000;

/** The records of a dataset that is nothing but a list of them; null for one that selects by other conditions. */
export function recordsOf({ filters }: DatasetObject): readonly string[] | null {
  const [only] = filters;
  if (filters.length !== 1 || only?.key !== 'id' || only.operator !== 'eq') return null;
  return only.value.map(String);
}

const filtersOf = (ids: readonly string[]) => [{ key: 'id', operator: 'eq', value: ids }];

export const createRecordDataset = (
  gateway: string,
  name: string,
  ids: readonly string[],
): Promise<DatasetObject> =>
  send('POST', gatewayApiPath(gateway, '/datasets'), { name, enable: true, filters: filtersOf(ids) });

export const setDatasetRecords = (
  gateway: string,
  { id, name, enable }: DatasetObject,
  ids: readonly string[],
): Promise<DatasetObject> =>
  send('PUT', gatewayApiPath(gateway, `/datasets/${encodeURIComponent(id)}`), {
    name,
    enable,
    filters: filtersOf(ids),
  });

export type DatasetBody = Pick<DatasetObject, 'name' | 'enable' | 'filters'>;

const datasetPath = (gateway: string, id: string): string =>
  gatewayApiPath(gateway, `/datasets/${encodeURIComponent(id)}`);

export const createDataset = (gateway: string, body: DatasetBody): Promise<DatasetObject> =>
  send('POST', gatewayApiPath(gateway, '/datasets'), body);

export const replaceDataset = (gateway: string, id: string, body: DatasetBody): Promise<DatasetObject> =>
  send('PUT', datasetPath(gateway, id), body);

export const deleteDataset = (gateway: string, id: string): Promise<DatasetObject> =>
  send('DELETE', datasetPath(gateway, id));

export type Dataset = DatasetObject;

const SHOWN_RECORDS = 25;

/** What the list of logs takes to give the newest records of a dataset. */
export const recordsInDataset = ({ filters }: DatasetObject): Query => ({
  per_page: SHOWN_RECORDS,
  order_by: 'created_at',
  order_by_direction: 'desc',
  filters: filters.length === 0 ? undefined : JSON.stringify(filters),
});
