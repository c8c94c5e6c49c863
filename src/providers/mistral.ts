import type { Provider } from '../core/provider.ts';
import { hostedProvider } from './hosted.ts';

export const mistral: Provider = hostedProvider({
  id: 'mistral',
  name: 'Mistral AI',
  root: 'https://api.mistral.ai',
  version: 'v1',
});
