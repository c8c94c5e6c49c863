import { z } from 'zod';
import { newGateway } from '../config/gateway-defaults.ts';
import {
  changedReadOnly,
  gatewayCreateSchema,
  gatewayUpdateSchema,
  lowerGateway,
  type ReadOnlyFields,
  raiseGateway,
} from '../config/gateway-schema.ts';
import { didYouMean } from '../config/nearest.ts';
import { type Gateway, gatewayKey } from '../core/stores/config.ts';
import { gatewayObjectSchema } from './contract.ts';
import { ACCOUNT, type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { conflict, invalid, pageResponse, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { BOUND_MESSAGE, changesOrigin, keysOf } from './key-origins.ts';
import { knownProviderId } from './known-provider.ts';
import { orderDirection, pagingShape } from './validation.ts';

const tag = 'Gateways';
const result = { kind: 'one', schema: gatewayObjectSchema } as const;

const listQuery = z.strictObject({
  ...pagingShape(100),
  search: z.string().max(256).optional(),
  order_by: z.enum(['id', 'created_at', 'modified_at']).optional(),
  order_by_direction: orderDirection.optional(),
});

export const gatewayEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/gateways`,
    permission: 'metadata-read',
    tag,
    summary: 'List gateways',
    query: listQuery,
    result: { kind: 'list', schema: gatewayObjectSchema },
    handle: ({ account, query, services }) => {
      const wanted = (query.search ?? '').toLowerCase();
      const found = [...services.config.snapshot().gateways.values()].filter(
        (gateway) => gateway.account === account && gateway.id.toLowerCase().includes(wanted),
      );
      return pageResponse(sorted(found, query.order_by, query.order_by_direction), query, raiseGateway);
    },
  }),
  endpoint({
    method: 'post',
    path: `${ACCOUNT}/gateways`,
    permission: 'edit',
    audit: { config: true },
    tag,
    summary: 'Create a gateway',
    body: gatewayCreateSchema,
    result,
    handle: (call) => {
      const { account, body, services } = call;
      const base = newGateway(account, body.id, services.clock.now());
      if (services.config.snapshot().gateways.has(gatewayKey(account, body.id))) {
        throw conflict(['body', 'id'], 'a gateway with this id exists');
      }
      return save(call, withProviderIds(call, lowerGateway(base, body, base.createdAt)), base, body);
    },
  }),
  endpoint({
    method: 'get',
    path: GATEWAY,
    permission: 'metadata-read',
    tag,
    summary: 'Show a gateway',
    result,
    handle: (call) => resultResponse(raiseGateway(findGateway(call))),
  }),
  endpoint({
    method: 'put',
    path: GATEWAY,
    permission: 'edit',
    audit: { config: true },
    tag,
    summary: 'Replace a gateway’s settings: what is not sent goes back to its default',
    body: gatewayUpdateSchema,
    result,
    handle: (call) => {
      const { account, body, services } = call;
      const before = findGateway(call);
      const next = withProviderIds(call, lowerGateway(before, body, services.clock.now()));
      for (const provider of new Set([
        ...Object.keys(before.providerUrls),
        ...Object.keys(next.providerUrls),
      ])) {
        if (!changesOrigin(before.providerUrls[provider], next.providerUrls[provider])) continue;
        if (keysOf(services.config.snapshot(), account, before.id, provider).length === 0) continue;
        throw conflict(['body', 'provider_urls', provider], BOUND_MESSAGE);
      }
      const emptied = next.cacheInvalidateOnUpdate;
      const response = save(
        call,
        emptied ? { ...next, cacheEpoch: before.cacheEpoch + 1 } : next,
        before,
        body,
      );
      if (emptied) services.cache.purge(account, before.id);
      return response;
    },
  }),
  endpoint({
    method: 'delete',
    path: GATEWAY,
    permission: 'edit',
    audit: { config: true },
    tag,
    summary: 'Delete a gateway with its keys, its cache and its logs',
    result,
    handle: async (call) => {
      const { account, services } = call;
      const gateway = findGateway(call);
      const keys = [...services.config.snapshot().keys.values()].filter(
        (key) => key.account === account && key.gateway === gateway.id,
      );
      services.config.deleteGateway(account, gateway.id);
      for (const key of keys) services.secrets.delete(key.secretId);
      services.cache.purge(account, gateway.id);
      services.evaluations.store.deleteGateway(account, gateway.id);
      services.evaluations.dropDeleted();
      services.onGatewayChanged(account, gateway.id);
      // A gateway that is made again under this id must not show what its predecessor saw.
      await services.logs.delete({
        account,
        gateway: gateway.id,
        filters: [],
        search: null,
        from: null,
        to: null,
        orderBy: 'created_at',
        direction: 'asc',
        limit: null,
        withFigures: true,
      });
      return resultResponse(raiseGateway(gateway));
    },
  }),
];

function save(
  { account, services }: Call<unknown, unknown>,
  next: Gateway,
  base: Gateway,
  body: ReadOnlyFields,
): Response {
  const changed = changedReadOnly(base, body);
  if (changed !== null) throw invalid(['body', changed], 'is read-only and differs from the gateway');
  services.config.putGateway(next);
  services.onGatewayChanged(account, next.id);
  return resultResponse(raiseGateway(next));
}

function sorted(
  gateways: readonly Gateway[],
  by: 'id' | 'created_at' | 'modified_at' = 'id',
  direction: 'asc' | 'desc' = 'asc',
): Gateway[] {
  const order = { id: 'id', created_at: 'createdAt', modified_at: 'modifiedAt' } as const;
  const field = order[by];
  const sign = direction === 'asc' ? 1 : -1;
  return [...gateways].sort((a, b) => sign * (a[field] < b[field] ? -1 : a[field] > b[field] ? 1 : 0));
}

/** Its base URLs by provider id, whichever of a provider's slugs they were sent under. */
function withProviderIds({ account, services }: Call<unknown, unknown>, gateway: Gateway): Gateway {
  const providerUrls: Record<string, string> = {};
  for (const [slug, url] of Object.entries(gateway.providerUrls)) {
    const id = knownProviderId(services, account, slug);
    const place = ['body', 'provider_urls', slug];
    if (id === null) throw invalid(place, `unknown provider${didYouMean(slug, services.providers.keys())}`);
    if (Object.hasOwn(providerUrls, id)) throw invalid(place, `is another name of ${id}: send one of them`);
    providerUrls[id] = url;
  }
  return { ...gateway, providerUrls };
}
