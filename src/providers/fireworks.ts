import type { Provider } from '../core/provider.ts';
import { hostedProvider, openaiOrAnthropic } from './hosted.ts';

export const fireworks: Provider = hostedProvider({
  id: 'fireworks',
  name: 'Fireworks AI',
  root: 'https://api.fireworks.ai/inference',
  version: 'v1',
  credentialHeaders: ['authorization', 'x-api-key'],
  dialect: openaiOrAnthropic,
});
