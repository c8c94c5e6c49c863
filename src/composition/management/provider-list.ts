import type { ProviderObject } from '../../api/contract/providers.ts';
import type { PriceBook } from '../../pricing/price.ts';
import { CHAT_ENDPOINTS, KEY_TEST_ENDPOINTS } from '../../providers/known-endpoints.ts';
import { EXAMPLE_ENDPOINTS } from '../../providers/provider-table.ts';
import { PROVIDERS } from '../../providers/registry.ts';

/** The built-in providers as the management API shows them, by name. `baseUrls` are the operator's, by id. */
export function providerList(
  baseUrls: Readonly<Record<string, string>>,
  prices: PriceBook,
): () => readonly ProviderObject[] {
  let list: readonly ProviderObject[] | null = null;
  const make = (): readonly ProviderObject[] => {
    const models = Map.groupBy(prices.list(), ({ provider }) => provider);
    return [...new Set(PROVIDERS.values())]
      .map((provider): ProviderObject => {
        const { id } = provider;
        const example = EXAMPLE_ENDPOINTS[id];
        const chat = CHAT_ENDPOINTS[id];
        const slugs = [...PROVIDERS].filter(([, other]) => other === provider).map(([slug]) => slug);
        return {
          id,
          slugs,
          name: provider.name,
          custom: false,
          base_url: baseUrls[id] ?? provider.baseUrl,
          credential: provider.credential,
          example: example === undefined ? null : { endpoint: example, dialect: provider.dialect(example) },
          chat:
            chat === undefined
              ? null
              : {
                  endpoint: chat.whole,
                  stream_endpoint: chat.streamed,
                  dialect: provider.dialect(chat.whole.replace(/\{\w+\}/g, 'x')),
                },
          key_test: id in KEY_TEST_ENDPOINTS,
          models: (models.get(id) ?? []).map(({ model }) => model.id),
        };
      })
      .sort((a, b) => a.name.localeCompare(b.name, 'en'));
  };
  return () => (list ??= make());
}
