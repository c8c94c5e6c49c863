import type { Provider } from '../core/provider.ts';
import { readEndpoint } from './endpoint.ts';
import { hostedProvider, overrideAddress } from './hosted.ts';
import { joinAddress } from './join-address.ts';

const ROOT = 'https://api.cartesia.ai';

export const cartesia: Provider = {
  ...hostedProvider({
    id: 'cartesia',
    name: 'Cartesia',
    root: ROOT,
    credential: { header: 'x-api-key', prefix: '' },
    credentialHeaders: ['x-api-key', 'authorization'],
    credentialQuery: ['api_key', 'access_token'],
    dialect: 'cartesia',
  }),
  address({ endpoint, baseUrl }) {
    const { path, query } = readEndpoint(endpoint);
    if (baseUrl !== null) return overrideAddress(baseUrl, path, query);
    // Cartesia versions by header (`Cartesia-Version`); a /v1 from the hosted gateway's documentation has no place upstream.
    return joinAddress(ROOT, path.replace(/^v1\//, ''), query);
  },
};
