import type { Provider } from '../core/provider.ts';
import { hostedProvider } from './hosted.ts';

export const openai: Provider = hostedProvider({
  id: 'openai',
  name: 'OpenAI',
  root: 'https://api.openai.com',
  version: 'v1',
});
