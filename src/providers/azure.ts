import { GatewayError } from '../core/errors.ts';
import { setHeader, withoutHeaders } from '../core/headers.ts';
import type { Provider } from '../core/provider.ts';
import { AZURE_SECRET_FORM, azureAddress, azureResource } from './azure-openai.ts';
import { readEndpoint, splitEndpoint } from './endpoint.ts';
import { readSecretObject, requiredText } from './stored-secret.ts';

const ANTHROPIC_SHAPED = /(?:^|\/)anthropic(?:\/|$)/;

/** Azure AI Foundry: Anthropic's models, and the others of the resource beside them. */
export const azure: Provider = {
  id: 'azure',
  name: 'Azure AI Foundry',
  baseUrl: null,
  credential: { header: 'x-api-key', prefix: '' },
  credentialHeaders: ['x-api-key', 'api-key', 'authorization'],
  dialect: (endpoint) => (ANTHROPIC_SHAPED.test(splitEndpoint(endpoint).path) ? 'anthropic' : 'openai'),
  address({ endpoint, baseUrl, storedSecret }) {
    const { path, query } = readEndpoint(endpoint);
    const [resource, ...segments] = path.split('/');
    const host = `${azureResource(resource, storedSecret)}.services.ai.azure.com`;
    if (segments.length === 0 || segments[0] === '') {
      throw new GatewayError(
        'invalid-provider',
        'The path ends at the resource: azure/{resource}/anthropic/v1/messages is expected',
      );
    }
    return azureAddress(host, `${segments.join('/')}${query}`, baseUrl);
  },
  authorize(outgoing, secret) {
    const object = readSecretObject(secret);
    const key = object ? requiredText(object, 'key', AZURE_SECRET_FORM) : secret;
    const header = ANTHROPIC_SHAPED.test(outgoing.path.split('?', 1)[0]!) ? 'x-api-key' : 'api-key';
    const headers = withoutHeaders(
      outgoing.headers,
      (name) => name === 'authorization' || name === 'x-api-key',
    );
    return { ...outgoing, headers: setHeader(headers, header, key) };
  },
};
