import type { Provider } from '../core/provider.ts';
import { splitEndpoint } from './endpoint.ts';
import { hostedProvider } from './hosted.ts';

export const deepgram: Provider = hostedProvider({
  id: 'deepgram',
  name: 'Deepgram',
  root: 'https://api.deepgram.com',
  version: 'v1',
  credential: { header: 'authorization', prefix: 'Token ' },
  credentialHeaders: ['authorization'],
  dialect: 'deepgram',
  modelFromPath: (endpoint) => new URLSearchParams(splitEndpoint(endpoint).query).get('model') || null,
});
