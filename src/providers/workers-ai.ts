import { GatewayError } from '../core/errors.ts';
import { setHeader } from '../core/headers.ts';
import type { Provider } from '../core/provider.ts';
import { decodeSegment, readEndpoint, splitEndpoint } from './endpoint.ts';
import { BEARER, overrideAddress } from './hosted.ts';
import { joinAddress, readBase } from './join-address.ts';
import { optionalText, readSecretObject, requiredText } from './stored-secret.ts';

const FORM = '{"account_id":"…","api_token":"…"}';
const MODEL = /(?:^|\/)((?:@|%40)(?:cf|hf)\/[^/]+\/[^/]+)(?:\/(.+))?$/i;
const OPENAI_SHAPED = /^(?:chat\/completions|completions|embeddings|responses)$/;

/** Path under `…/accounts/{id}/ai/`, from any of the forms that clients write. */
function pathUnderAi(path: string): string {
  const model = MODEL.exec(path);
  // `@cf/author/model/chat/completions`: the OpenAI shape, which takes the model from the body.
  if (model?.[2] !== undefined && OPENAI_SHAPED.test(model[2])) return `v1/${model[2]}`;
  if (OPENAI_SHAPED.test(path)) return `v1/${path}`;
  if (/^(?:v1|run|models)(?:\/|$)/.test(path)) return path;
  return `run/${path}`;
}

function accountOf(storedSecret: string | null): string {
  const secret = storedSecret === null ? null : readSecretObject(storedSecret);
  const account = secret && optionalText(secret, 'account_id');
  if (account && /^[a-z0-9]{1,64}$/i.test(account)) return account;
  throw new GatewayError(
    'invalid-provider',
    `workers-ai needs the Cloudflare account that serves it: store its key as ${FORM}, or set the base URL (TIDEGATE_PROVIDER_WORKERS_AI_URL) to https://api.cloudflare.com/client/v4/accounts/{account id}/ai/run`,
  );
}

export const workersAi: Provider = {
  id: 'workers-ai',
  name: 'Workers AI',
  baseUrl: 'https://api.cloudflare.com/client/v4/accounts/{account_id}/ai/run',
  credential: BEARER,
  credentialHeaders: ['authorization'],
  dialect(endpoint) {
    return pathUnderAi(splitEndpoint(endpoint).path).startsWith('v1/') ? 'openai' : 'workers-ai';
  },
  modelFromPath(endpoint) {
    const match = MODEL.exec(splitEndpoint(endpoint).path);
    return match ? match[1]!.split('/').map(decodeSegment).join('/') : null;
  },
  address({ endpoint, baseUrl, storedSecret }) {
    const { path, query } = readEndpoint(endpoint);
    if (baseUrl === null) {
      const ai = `https://api.cloudflare.com/client/v4/accounts/${accountOf(storedSecret)}/ai`;
      return joinAddress(ai, pathUnderAi(path), query);
    }
    const base = readBase(baseUrl);
    const root = /^(.*\/ai)(?:\/run)?$/.exec(base.path);
    if (root) return { origin: base.origin, path: `${root[1]}/${pathUnderAi(path)}${query}` };
    return overrideAddress(baseUrl, path, query);
  },
  authorize(outgoing, secret) {
    const object = readSecretObject(secret);
    const token = object ? requiredText(object, 'api_token', FORM) : secret;
    return { ...outgoing, headers: setHeader(outgoing.headers, 'authorization', `Bearer ${token}`) };
  },
};
