import type { Provider } from '../core/provider.ts';
import { hostedProvider, openaiOrAnthropic } from './hosted.ts';

export const grok: Provider = hostedProvider({
  id: 'grok',
  name: 'xAI',
  root: 'https://api.x.ai',
  version: 'v1',
  credentialHeaders: ['authorization', 'x-api-key'],
  dialect: openaiOrAnthropic,
});
