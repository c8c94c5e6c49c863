import type { Provider } from '../core/provider.ts';
import { hostedProvider, openaiOrAnthropic } from './hosted.ts';

export const deepseek: Provider = hostedProvider({
  id: 'deepseek',
  name: 'DeepSeek',
  // Answers with and without /v1, and under /anthropic and /beta: nothing is put in.
  root: 'https://api.deepseek.com',
  credentialHeaders: ['authorization', 'x-api-key'],
  dialect: openaiOrAnthropic,
});
