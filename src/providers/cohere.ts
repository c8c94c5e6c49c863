import type { Provider } from '../core/provider.ts';
import { hostedProvider } from './hosted.ts';

export const cohere: Provider = hostedProvider({
  id: 'cohere',
  name: 'Cohere',
  root: 'https://api.cohere.ai',
  version: 'v1',
  dialect: (path) => (path.startsWith('compatibility/') ? 'openai' : 'cohere'),
});
