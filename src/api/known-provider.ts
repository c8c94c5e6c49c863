import type { ApiServices } from './services.ts';

const CUSTOM = 'custom-';

/** True for a built-in provider and for `custom-{slug}` of one that the account has made. */
export function isKnownProvider(services: ApiServices, account: string, provider: string): boolean {
  if (services.providers.has(provider)) return true;
  if (!provider.startsWith(CUSTOM)) return false;
  return services.config.snapshot().customProviders.has(`${account}/${provider.slice(CUSTOM.length)}`);
}
