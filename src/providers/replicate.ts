import type { Provider } from '../core/provider.ts';
import { decodeSegment, splitEndpoint } from './endpoint.ts';
import { hostedProvider } from './hosted.ts';

export const replicate: Provider = hostedProvider({
  id: 'replicate',
  name: 'Replicate',
  root: 'https://api.replicate.com',
  version: 'v1',
  dialect: 'replicate',
  modelFromPath(endpoint) {
    const match = /^(?:v1\/)?(?:models|deployments)\/([^/]+)\/([^/]+)/.exec(splitEndpoint(endpoint).path);
    return match ? `${decodeSegment(match[1]!)}/${decodeSegment(match[2]!)}` : null;
  },
});
