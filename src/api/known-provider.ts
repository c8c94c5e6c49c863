import type { ApiServices } from './services.ts';

const CUSTOM = 'custom-';

/**
 * The id of a built-in provider (`grok` for `xai`: everything that is kept goes by ids), or `custom-{slug}` of one that
 * the account has made; null for any other slug.
 */
export function knownProviderId(services: ApiServices, account: string, slug: string): string | null {
  const id = services.providers.get(slug);
  if (id !== undefined) return id;
  if (!slug.startsWith(CUSTOM)) return null;
  const { customProviders } = services.config.snapshot();
  return customProviders.has(`${account}/${slug.slice(CUSTOM.length)}`) ? slug : null;
}
