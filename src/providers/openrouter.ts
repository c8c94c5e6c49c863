import type { Provider } from '../core/provider.ts';
import { hostedProvider, openaiOrAnthropic } from './hosted.ts';

export const openrouter: Provider = hostedProvider({
  id: 'openrouter',
  name: 'OpenRouter',
  root: 'https://openrouter.ai/api',
  version: 'v1',
  credentialHeaders: ['authorization', 'x-api-key'],
  dialect: openaiOrAnthropic,
});
