import type { Provider } from '../core/provider.ts';
import { hostedProvider } from './hosted.ts';

export const cerebras: Provider = hostedProvider({
  id: 'cerebras',
  name: 'Cerebras',
  root: 'https://api.cerebras.ai',
  version: 'v1',
});
