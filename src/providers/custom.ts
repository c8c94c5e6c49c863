import type { DialectId } from '../core/dialect.ts';
import { findHeader, type HeaderList, setHeader } from '../core/headers.ts';
import type { Outgoing, Provider } from '../core/provider.ts';
import type { CustomProvider } from '../core/stores/config.ts';
import { readEndpoint, splitEndpoint } from './endpoint.ts';
import { googleModel } from './google-model.ts';
import { BEARER } from './hosted.ts';
import { joinAddress } from './join-address.ts';

const CREDENTIAL_HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'];
// Framing and addressing of the message belong to the transport.
const NOT_SETTABLE =
  /^(?:host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|cf-aig-.*)$/;

/** The shape is guessed from the path, by the endings that nobody else uses. */
function dialectOf(path: string): DialectId {
  if (/(?:^|\/)messages(?:\/count_tokens)?$/.test(path)) return 'anthropic';
  if (/:(?:streamGenerateContent|generateContent|countTokens|embedContent|batchEmbedContents)$/.test(path))
    return 'google';
  return 'openai';
}

/** Upstream is base URL, slash, rest of the path, byte for byte: no version is put in or taken out (spec 1.5). */
export function customProvider(config: CustomProvider): Provider {
  const fields = Object.entries(config.headers).filter(([name]) => !NOT_SETTABLE.test(name.toLowerCase()));

  function withFields(outgoing: Outgoing): Outgoing {
    let headers: HeaderList = outgoing.headers;
    for (const [name, value] of fields) {
      // A key that the request brings, or a stored one, wins over the one in the configuration.
      const isCredential = CREDENTIAL_HEADERS.includes(name.toLowerCase());
      if (isCredential && findHeader(headers, name.toLowerCase()) !== null) continue;
      headers = setHeader(headers, name, value);
    }
    return headers === outgoing.headers ? outgoing : { ...outgoing, headers };
  }

  return {
    id: `custom-${config.slug}`,
    name: config.name,
    revision: String(config.modifiedAt),
    baseUrl: config.baseUrl.replace(/\/+$/, ''),
    credential: BEARER,
    credentialHeaders: CREDENTIAL_HEADERS,
    dialect: (endpoint) => dialectOf(splitEndpoint(endpoint).path),
    modelFromPath: (endpoint) =>
      dialectOf(splitEndpoint(endpoint).path) === 'google' ? googleModel(endpoint) : null,
    address({ endpoint, baseUrl }) {
      const { path, query } = readEndpoint(endpoint);
      return joinAddress(baseUrl ?? config.baseUrl, path, query);
    },
    authorize: (outgoing, secret) =>
      withFields({ ...outgoing, headers: setHeader(outgoing.headers, 'authorization', `Bearer ${secret}`) }),
    adaptClientCredential: withFields,
  };
}
