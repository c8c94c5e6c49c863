import type { Provider } from '../core/provider.ts';
import { decodeSegment, readEndpoint, splitEndpoint } from './endpoint.ts';
import { hostedProvider, overrideAddress } from './hosted.ts';
import { joinAddress } from './join-address.ts';

const ROUTER = 'https://router.huggingface.co';
// The host that served models before (api-inference.huggingface.co) answers nothing but a pointer to this one.
const MODELS = `${ROUTER}/hf-inference/models`;

export const huggingface: Provider = {
  ...hostedProvider({
    id: 'huggingface',
    name: 'Hugging Face',
    root: MODELS,
    dialect: (path) => (/(?:^|\/)v1\//.test(path) ? 'openai' : 'huggingface'),
    modelFromPath(endpoint) {
      const { path } = splitEndpoint(endpoint);
      if (path === '' || path.startsWith('v1/')) return null;
      return path
        .replace(/^models\//, '')
        .split('/', 2)
        .map(decodeSegment)
        .join('/');
    },
  }),
  address({ endpoint, baseUrl }) {
    const { path, query } = readEndpoint(endpoint);
    if (baseUrl !== null) return overrideAddress(baseUrl, path, query);
    if (path.startsWith('v1/')) return joinAddress(ROUTER, path, query);
    return joinAddress(MODELS, path.replace(/^models\//, ''), query);
  },
};
