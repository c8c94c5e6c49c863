import { z } from 'zod';
import { upstreamUrlSchema } from '../config/gateway-schema.ts';
import { newId } from '../core/ids.ts';
import type { CustomProvider } from '../core/stores/config.ts';
import { type CustomProviderObject, customProviderObjectSchema } from './contract.ts';
import { ACCOUNT, type Call, type Endpoint, endpoint } from './endpoint.ts';
import { conflict, invalid, notFound, pageResponse, resultResponse } from './envelope.ts';
import { readExtraHeaders } from './extra-headers.ts';
import { BOUND_MESSAGE, changesOrigin, keysOf } from './key-origins.ts';
import { booleanText, pagingShape } from './validation.ts';

const tag = 'Custom providers';
const result = { kind: 'one', schema: customProviderObjectSchema } as const;

const text = (most: number) => z.string().max(most).nullable().optional();

/** Fields that a GET shows; a body may carry them back, and they do nothing. */
const readOnlyShape = {
  id: z.string().optional(),
  logo: z.string().nullable().optional(),
  created_at: z.string().optional(),
  modified_at: z.string().optional(),
};

const settingsShape = {
  name: z.string().min(1).max(255),
  slug: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,57}$/, { error: 'must be 1 to 58 lower-case letters, digits or hyphens' }),
  base_url: upstreamUrlSchema,
  description: text(4096),
  link: text(2048),
  enable: z.boolean().optional(),
  beta: z.boolean().optional(),
  curl_example: text(65_536),
  js_example: text(65_536),
  headers: text(16_384).meta({ description: 'JSON object of extra request headers, as text.' }),
  position: z.number().int().min(-1_000_000).max(1_000_000).nullable().optional(),
};

const createBody = z.strictObject({ ...settingsShape, ...readOnlyShape });
const patchBody = createBody.partial();

const listQuery = z.strictObject({
  ...pagingShape(100),
  enable: booleanText.optional(),
  beta: booleanText.optional(),
  search: z.string().max(256).optional(),
  order_by: z
    .string()
    .regex(/^(name|slug|position|created_at|modified_at)( (asc|desc))?$/i, {
      error: 'must be name, slug, position, created_at or modified_at, then optionally ASC or DESC',
    })
    .optional(),
});

export const customProviderEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/custom-providers`,
    permission: 'read',
    tag,
    summary: 'List custom providers',
    query: listQuery,
    result: { kind: 'list', schema: customProviderObjectSchema },
    handle: (call) => {
      const { enable, beta, search = '', order_by } = call.query;
      const wanted = search.toLowerCase();
      const found = all(call).filter(
        (provider) =>
          (enable === undefined || provider.enable === enable) &&
          (beta === undefined || provider.beta === beta) &&
          `${provider.name}\n${provider.slug}`.toLowerCase().includes(wanted),
      );
      return pageResponse(found.sort(ordering(order_by)), call.query, showCustomProvider);
    },
  }),
  endpoint({
    method: 'post',
    path: `${ACCOUNT}/custom-providers`,
    permission: 'edit',
    audit: { config: true },
    tag,
    summary: 'Create a custom provider, used as `custom-{slug}`',
    body: createBody,
    result,
    handle: (call) => {
      const { account, body, services } = call;
      const now = services.clock.now();
      const provider = merge(
        {
          id: newId(now),
          account,
          slug: body.slug,
          name: body.name,
          baseUrl: body.base_url,
          description: null,
          link: null,
          enable: false,
          beta: false,
          curlExample: null,
          jsExample: null,
          headers: {},
          position: null,
          createdAt: now,
          modifiedAt: now,
        },
        body,
        now,
      );
      return save(call, provider);
    },
  }),
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/custom-providers/{provider_id}`,
    permission: 'read',
    tag,
    summary: 'Show a custom provider',
    result,
    handle: (call) => resultResponse(showCustomProvider(find(call))),
  }),
  endpoint({
    method: 'patch',
    path: `${ACCOUNT}/custom-providers/{provider_id}`,
    permission: 'edit',
    audit: { config: true },
    tag,
    summary: 'Change the fields that are sent',
    body: patchBody,
    result,
    handle: (call) => {
      const { account, body, services } = call;
      const before = find(call);
      const next = merge(before, body, services.clock.now());
      const inUse = keysOf(services.config.snapshot(), account, null, `custom-${before.slug}`).length > 0;
      if (inUse && changesOrigin(before.baseUrl, next.baseUrl)) {
        throw conflict(['body', 'base_url'], BOUND_MESSAGE);
      }
      if (inUse && before.slug !== next.slug) {
        throw conflict(['body', 'slug'], 'keys are stored for this provider: delete them first');
      }
      return save(call, next);
    },
  }),
  endpoint({
    method: 'delete',
    path: `${ACCOUNT}/custom-providers/{provider_id}`,
    permission: 'edit',
    audit: { config: true },
    tag,
    summary: 'Delete a custom provider and the keys that are stored for it',
    result,
    handle: (call) => {
      const { account, services } = call;
      const provider = find(call);
      services.config.deleteCustomProvider(account, provider.id);
      // Another provider may take the slug, with another address: these keys must not go there.
      for (const key of keysOf(services.config.snapshot(), account, null, `custom-${provider.slug}`)) {
        services.config.deleteKey(key);
        services.secrets.delete(key.secretId);
      }
      return resultResponse(showCustomProvider(provider));
    },
  }),
];

type Body = z.infer<typeof patchBody>;

function merge(base: CustomProvider, body: Body, nowMs: number): CustomProvider {
  const or = <T>(sent: T | undefined, kept: T): T => (sent === undefined ? kept : sent);
  return {
    ...base,
    slug: or(body.slug, base.slug),
    name: or(body.name, base.name),
    baseUrl: or(body.base_url, base.baseUrl).replace(/\/+$/, ''),
    description: or(body.description, base.description),
    link: or(body.link, base.link),
    enable: or(body.enable, base.enable),
    beta: or(body.beta, base.beta),
    curlExample: or(body.curl_example, base.curlExample),
    jsExample: or(body.js_example, base.jsExample),
    headers: body.headers === undefined ? base.headers : readExtraHeaders(body.headers),
    position: or(body.position, base.position),
    modifiedAt: nowMs,
  };
}

function save(call: Call<unknown, unknown>, provider: CustomProvider): Response {
  const { account, services } = call;
  const url = new URL(provider.baseUrl);
  if (url.protocol !== 'https:' && !services.allowInsecure(url)) {
    throw invalid(['body', 'base_url'], 'must begin with https://, unless the operator allows its host');
  }
  const holder = services.config.snapshot().customProviders.get(`${account}/${provider.slug}`);
  if (holder !== undefined && holder.id !== provider.id) {
    throw conflict(['body', 'slug'], 'a custom provider with this slug exists');
  }
  services.config.putCustomProvider(provider);
  return resultResponse(showCustomProvider(provider));
}

function all(call: Call<unknown, unknown>): CustomProvider[] {
  const providers = call.services.config.snapshot().customProviders.values();
  return [...providers].filter((provider) => provider.account === call.account);
}

function find(call: Call<unknown, unknown>): CustomProvider {
  const provider = all(call).find((candidate) => candidate.id === call.params.provider_id);
  if (provider === undefined) throw notFound('custom provider');
  return provider;
}

/** As asked for; else by position, those without one last, then by name. */
function ordering(orderBy: string | undefined): (a: CustomProvider, b: CustomProvider) => number {
  const [field = 'position', direction = 'asc'] = (orderBy ?? '').toLowerCase().split(' ').filter(Boolean);
  const value = (provider: CustomProvider): string | number => {
    if (field === 'name' || field === 'slug') return provider[field];
    if (field === 'created_at') return provider.createdAt;
    if (field === 'modified_at') return provider.modifiedAt;
    return provider.position ?? Number.MAX_SAFE_INTEGER;
  };
  const sign = direction === 'desc' ? -1 : 1;
  return (a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left !== right) return left < right ? -sign : sign;
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  };
}

export function showCustomProvider(provider: CustomProvider): CustomProviderObject {
  return {
    id: provider.id,
    name: provider.name,
    slug: provider.slug,
    base_url: provider.baseUrl,
    description: provider.description,
    link: provider.link,
    enable: provider.enable,
    beta: provider.beta,
    curl_example: provider.curlExample,
    js_example: provider.jsExample,
    headers: Object.keys(provider.headers).length === 0 ? null : JSON.stringify(provider.headers),
    position: provider.position,
    created_at: new Date(provider.createdAt).toISOString(),
    modified_at: new Date(provider.modifiedAt).toISOString(),
  };
}
