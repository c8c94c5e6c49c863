import type { Provider } from '../core/provider.ts';
import { hostedProvider } from './hosted.ts';

export const elevenlabs: Provider = hostedProvider({
  id: 'elevenlabs',
  name: 'ElevenLabs',
  root: 'https://api.elevenlabs.io',
  version: 'v1',
  credential: { header: 'xi-api-key', prefix: '' },
  credentialHeaders: ['xi-api-key', 'authorization'],
  dialect: 'elevenlabs',
});
