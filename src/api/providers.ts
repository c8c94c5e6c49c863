import { z } from 'zod';
import type { CustomProvider } from '../core/stores/config.ts';
import { keyTestSchema, type ProviderObject, providerObjectSchema } from './contract/providers.ts';
import { ACCOUNT, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { pageResponse, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { findProviderConfig } from './provider-configs.ts';
import { pagingShape } from './validation.ts';

export const providerEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/providers`,
    permission: 'metadata-read',
    tag: 'Providers',
    summary: 'List providers, built in and your own: slugs, base URLs, endpoints and known models',
    query: z.strictObject({ ...pagingShape(100), search: z.string().max(256).optional() }),
    result: { kind: 'list', schema: providerObjectSchema },
    handle: ({ account, query, services }) => {
      const own = [...services.config.snapshot().customProviders.values()]
        .filter((provider) => provider.account === account && provider.enable)
        .map(showOwn);
      const wanted = (query.search ?? '').toLowerCase();
      const found = [...services.providerList(), ...own].filter(({ name, slugs }) =>
        [name, ...slugs].some((text) => text.toLowerCase().includes(wanted)),
      );
      return pageResponse(found, query, (provider) => provider);
    },
  }),
  endpoint({
    method: 'post',
    path: `${GATEWAY}/provider_configs/{config_id}/test`,
    permission: 'edit',
    audit: { none: 'asks the provider, and changes nothing' },
    tag: 'Provider keys',
    summary: 'Test a stored key with a request that costs nothing, and say what the provider answers',
    result: { kind: 'one', schema: keyTestSchema },
    handle: async (call) => {
      const gateway = findGateway(call);
      const key = findProviderConfig(call);
      return resultResponse(await call.services.testKey(gateway, key, call.token));
    },
  }),
];

/** A provider of one's own has whatever endpoints it has; most speak as OpenAI does. */
function showOwn(provider: CustomProvider): ProviderObject {
  const slug = `custom-${provider.slug}`;
  const chat = /\/v\d+[a-z]*$/.test(provider.baseUrl) ? 'chat/completions' : 'v1/chat/completions';
  return {
    id: slug,
    slugs: [slug],
    name: provider.name,
    custom: true,
    base_url: provider.baseUrl,
    credential: { header: 'authorization', prefix: 'Bearer ' },
    example: { endpoint: chat, dialect: 'openai' },
    chat: { endpoint: chat, stream_endpoint: chat, dialect: 'openai' },
    key_test: true,
    models: [],
  };
}
