import type { Provider } from '../core/provider.ts';
import { hostedProvider } from './hosted.ts';

export const perplexityAi: Provider = hostedProvider({
  id: 'perplexity-ai',
  name: 'Perplexity',
  root: 'https://api.perplexity.ai',
});
