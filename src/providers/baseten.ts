import type { Provider } from '../core/provider.ts';
import { hostLabel, readEndpoint, splitEndpoint } from './endpoint.ts';
import { hostedAddress, hostedProvider } from './hosted.ts';

const ROOT = 'https://inference.baseten.co';
const DEDICATED = /^model\/([^/]*)(?:\/(.*))?$/;

export const baseten: Provider = {
  ...hostedProvider({
    id: 'baseten',
    name: 'Baseten',
    root: ROOT,
    version: 'v1',
    dialect: (path) => (DEDICATED.test(path) && !path.includes('/v1/') ? 'opaque' : 'openai'),
    modelFromPath: (endpoint) => DEDICATED.exec(splitEndpoint(endpoint).path)?.[1] ?? null,
  }),
  address(input) {
    const { path, query } = readEndpoint(input.endpoint);
    const dedicated = DEDICATED.exec(path);
    if (!dedicated || input.baseUrl !== null) return hostedAddress(ROOT, 'v1', undefined, input);
    const model = hostLabel(dedicated[1], 'model id');
    return {
      origin: `https://model-${model}.api.baseten.co`,
      path: `/${dedicated[2] || 'production/predict'}${query}`,
    };
  },
};
