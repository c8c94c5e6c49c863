import type { Provider } from '../core/provider.ts';
import { hostedProvider } from './hosted.ts';

export const groq: Provider = hostedProvider({
  id: 'groq',
  name: 'Groq',
  root: 'https://api.groq.com/openai',
  version: 'v1',
});
