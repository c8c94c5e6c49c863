import { cacheEndpoints } from './cache.ts';
import { customProviderEndpoints } from './custom-providers.ts';
import type { Endpoint } from './endpoint.ts';
import { gatewayEndpoints } from './gateways.ts';
import { logEndpoints } from './logs.ts';
import { providerConfigEndpoints } from './provider-configs.ts';
import { tokenEndpoints } from './tokens.ts';
import { urlEndpoints } from './urls.ts';

/** Every route of the management API below /client/v4, with the permission that it needs. There are no others. */
export const API_ROUTES: readonly Endpoint[] = [
  ...gatewayEndpoints,
  ...urlEndpoints,
  ...logEndpoints,
  ...providerConfigEndpoints,
  ...customProviderEndpoints,
  ...cacheEndpoints,
  ...tokenEndpoints,
];

/** Routes that need no token: they say what every copy of the program says. */
export const PUBLIC_ROUTES: readonly string[] = ['/openapi.json', '/docs'];
