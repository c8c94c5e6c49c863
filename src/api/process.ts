import { z } from 'zod';
import { PROVIDER_URLS, SETTINGS, type SettingRow } from '../config/setting-table.ts';
import type { ResolvedSetting } from '../config/settings.ts';
import { Secret } from '../core/secret.ts';
import { priceObjectSchema } from './contract/prices.ts';
import { healthObjectSchema, type SettingObject, settingObjectSchema } from './contract/process.ts';
import { ACCOUNT, type Endpoint, endpoint } from './endpoint.ts';
import { invalid, notFound, pageResponse, resultResponse } from './envelope.ts';
import { pagingShape } from './validation.ts';

const ROWS: ReadonlyMap<string, SettingRow> = new Map(
  (SETTINGS as readonly SettingRow[]).map((row) => [row.name, row]),
);

export const processEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/settings`,
    permission: 'read',
    tag: 'Process',
    summary: 'List what the process was started with, and where each setting comes from',
    query: z.strictObject(pagingShape(100)),
    result: { kind: 'list', schema: settingObjectSchema },
    handle: ({ query, services }) => pageResponse(services.settings, query, showSetting),
  }),
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/health`,
    permission: 'metadata-read',
    tag: 'Process',
    summary: 'Show what works, what is degraded, and what lies on the disk',
    result: { kind: 'one', schema: healthObjectSchema },
    handle: async ({ services }) => resultResponse(await services.health()),
  }),
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/prices`,
    permission: 'metadata-read',
    tag: 'Prices',
    summary: 'Browse the price catalogue; with provider and model, the price that a request for it gets',
    query: z.strictObject({
      ...pagingShape(100),
      provider: z.string().max(80).optional(),
      search: z.string().max(256).optional(),
      model: z
        .string()
        .max(256)
        .optional()
        .meta({ description: 'The name as a request has it; needs `provider`. 404 when it has no price.' }),
    }),
    result: { kind: 'list', schema: priceObjectSchema },
    handle: ({ query, services }) => {
      const { provider, model } = query;
      const id = provider === undefined ? null : (services.providers.get(provider) ?? provider);
      if (model !== undefined) {
        if (id === null) throw invalid(['query', 'provider'], 'is needed beside model');
        const price = services.prices.find(id, model);
        if (price === null) throw notFound('price');
        return pageResponse([price], query, (each) => each);
      }
      const wanted = (query.search ?? '').toLowerCase();
      const found = services.prices
        .list()
        .filter(
          (price) => (id === null || price.provider === id) && price.model.toLowerCase().includes(wanted),
        );
      return pageResponse(found, query, (each) => each);
    },
  }),
];

function showSetting(setting: ResolvedSetting): SettingObject {
  const row = ROWS.get(setting.name);
  const isSecret = row?.isSecret === true || setting.value instanceof Secret;
  return {
    name: setting.name,
    value: setting.value === null ? null : isSecret ? '[secret]' : setting.value,
    secret: isSecret,
    source: setting.source,
    where: setting.where,
    overridden: [...setting.overridden],
    form: row?.kind.form ?? PROVIDER_URLS.form,
    description: row?.description ?? PROVIDER_URLS.description,
  };
}
