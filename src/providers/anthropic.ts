import type { Provider } from '../core/provider.ts';
import { hostedProvider } from './hosted.ts';

export const anthropic: Provider = hostedProvider({
  id: 'anthropic',
  name: 'Anthropic',
  root: 'https://api.anthropic.com',
  version: 'v1',
  // Paths outside /v1 exist (`api/…`), so the version is only put before what is known to live under it.
  versionFor: /^(?:messages|complete|models|files)(?:\/|$)/,
  credential: { header: 'x-api-key', prefix: '' },
  // SDKs from 1.0 on send a bearer, older ones x-api-key.
  credentialHeaders: ['x-api-key', 'authorization'],
  dialect: (path) => (/(?:^|\/)chat\/completions$/.test(path) ? 'openai' : 'anthropic'),
});
