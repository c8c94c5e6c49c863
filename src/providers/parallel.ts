import type { Provider } from '../core/provider.ts';
import { hostedProvider } from './hosted.ts';

export const parallel: Provider = hostedProvider({
  id: 'parallel',
  name: 'Parallel',
  root: 'https://api.parallel.ai',
  credential: { header: 'x-api-key', prefix: '' },
  credentialHeaders: ['x-api-key', 'authorization'],
  dialect: (path) => (/(?:^|\/)chat\/completions$/.test(path) ? 'openai' : 'parallel'),
});
