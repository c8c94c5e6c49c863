import type { Provider } from '../core/provider.ts';
import { splitEndpoint } from './endpoint.ts';
import { hostedProvider } from './hosted.ts';

export const ideogram: Provider = hostedProvider({
  id: 'ideogram',
  name: 'Ideogram',
  // The older endpoints (`generate`, `remix`) have no version: nothing is put in.
  root: 'https://api.ideogram.ai',
  credential: { header: 'api-key', prefix: '' },
  credentialHeaders: ['api-key', 'authorization'],
  dialect: 'ideogram',
  modelFromPath: (endpoint) =>
    /(?:^|\/)(ideogram-v\d[a-z0-9.-]*)/.exec(splitEndpoint(endpoint).path)?.[1] ?? null,
});
