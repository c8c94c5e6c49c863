import { z } from 'zod';
import { newId } from '../core/ids.ts';
import type { Dataset } from '../core/stores/evaluations.ts';
import {
  type DatasetFilter,
  type DatasetObject,
  datasetFilterSchema,
  datasetObjectSchema,
} from './contract/evaluations.ts';
import { logObjectSchema } from './contract.ts';
import { checkDatasetFilters, lowerDatasetFilters } from './dataset-filters.ts';
import { type AuditRule, type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { conflict, notFound, pageInfo, pageRange, pageResponse, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { showLog } from './log-row.ts';
import { booleanText, pagingShape } from './validation.ts';

const tag = 'Datasets';
const DATASETS = `${GATEWAY}/datasets`;
const DATASET = `${DATASETS}/{dataset_id}`;
const result = { kind: 'one', schema: datasetObjectSchema } as const;

/** How a change of one is entered in the audit log. */
const audited = {
  type: 'ai_gateway.dataset',
  id: (call) => findDataset(call).id,
  before: (call) => showDataset(findDataset(call)),
} as const satisfies Partial<AuditRule>;

const MOST_DATASETS = 1000;

const datasetBody = z.strictObject({
  name: z.string().trim().min(1).max(256),
  enable: z.boolean(),
  filters: z.array(datasetFilterSchema).max(20).meta({ description: 'All must match; none is every log.' }),
});

const listQuery = z.strictObject({
  ...pagingShape(100),
  name: z.string().max(256).optional(),
  enable: booleanText.optional(),
  search: z.string().max(256).optional(),
});

export const datasetEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: DATASETS,
    permission: 'read',
    tag,
    summary: 'List datasets, newest first',
    query: listQuery,
    result: { kind: 'list', schema: datasetObjectSchema },
    handle: (call) => {
      const { query } = call;
      const gateway = findGateway(call);
      const found = call.services.evaluations.store
        .listDatasets(call.account, gateway.id)
        .filter(
          (dataset) =>
            (query.name === undefined || dataset.name === query.name) &&
            (query.enable === undefined || dataset.enable === query.enable) &&
            textOf(dataset).includes((query.search ?? '').toLowerCase()),
        );
      return pageResponse(found, query, showDataset);
    },
  }),
  endpoint({
    method: 'post',
    path: DATASETS,
    permission: 'edit',
    audit: { action: 'create', type: 'ai_gateway.dataset', id: () => null, after: ({ body }) => body },
    tag,
    summary: 'Create a dataset: a saved selection of logs, which grows as logs come that match',
    body: datasetBody,
    result,
    handle: (call) => {
      const { account, body, services } = call;
      const gateway = findGateway(call);
      const { store } = services.evaluations;
      if (store.listDatasets(account, gateway.id).length >= MOST_DATASETS)
        throw conflict(['body'], `a gateway has at most ${MOST_DATASETS} datasets`);
      checkDatasetFilters(body.filters);
      const now = services.clock.now();
      const dataset: Dataset = {
        id: newId(now),
        account,
        gateway: gateway.id,
        ...body,
        createdAt: now,
        modifiedAt: now,
      };
      store.putDataset(dataset);
      return resultResponse(showDataset(dataset));
    },
  }),
  endpoint({
    method: 'get',
    path: DATASET,
    permission: 'read',
    tag,
    summary: 'Show a dataset',
    result,
    handle: (call) => resultResponse(showDataset(findDataset(call))),
  }),
  endpoint({
    method: 'put',
    path: DATASET,
    permission: 'edit',
    audit: { action: 'update', ...audited, after: ({ body }) => body },
    tag,
    summary: 'Replace a dataset; evaluations that are there keep the one that they were made with',
    body: datasetBody,
    result,
    handle: (call) => {
      const { body, services } = call;
      const before = findDataset(call);
      checkDatasetFilters(body.filters);
      const dataset: Dataset = { ...before, ...body, modifiedAt: services.clock.now() };
      services.evaluations.store.putDataset(dataset);
      return resultResponse(showDataset(dataset));
    },
  }),
  endpoint({
    method: 'delete',
    path: DATASET,
    permission: 'edit',
    audit: { action: 'delete', ...audited },
    tag,
    summary: 'Delete a dataset; its logs stay',
    result,
    handle: (call) => {
      const dataset = findDataset(call);
      call.services.evaluations.store.deleteDataset(dataset.account, dataset.gateway, dataset.id);
      return resultResponse(showDataset(dataset));
    },
  }),
  endpoint({
    method: 'get',
    path: `${DATASET}/logs`,
    permission: 'read',
    tag,
    summary: 'List the logs that are in a dataset now; `total_count` says how many',
    query: z.strictObject(pagingShape(50)),
    result: { kind: 'list', schema: logObjectSchema },
    handle: async (call) => {
      const { account, query, services } = call;
      const dataset = findDataset(call);
      const found = await services.logs.list({
        account,
        gateway: dataset.gateway,
        filters: lowerDatasetFilters(dataset.filters),
        search: null,
        from: null,
        to: null,
        orderBy: 'created_at',
        direction: 'desc',
        ...pageRange(query),
        after: null,
        withRanges: false,
      });
      return resultResponse(found.rows.map(showLog), pageInfo(query, found.rows.length, found.totalCount));
    },
  }),
];

export function showDataset(dataset: Dataset): DatasetObject {
  return {
    id: dataset.id,
    gateway_id: dataset.gateway,
    name: dataset.name,
    enable: dataset.enable,
    // Kept as they were sent, which the schema has checked.
    filters: [...dataset.filters] as DatasetFilter[],
    created_at: new Date(dataset.createdAt).toISOString(),
    modified_at: new Date(dataset.modifiedAt).toISOString(),
  };
}

function findDataset(call: Call<unknown, unknown>): Dataset {
  const gateway = findGateway(call);
  const id = call.params.dataset_id ?? '';
  const dataset = call.services.evaluations.store.findDataset(call.account, gateway.id, id);
  if (dataset === null) throw notFound('dataset');
  return dataset;
}

/** What a search looks into: id, name and filters. */
const textOf = ({ id, name, filters }: Dataset): string =>
  `${id} ${name} ${JSON.stringify(filters)}`.toLowerCase();
