import { AGENT_WRITERS } from './agent-snippets.ts';
import { baseAddress, type Endpoint, type Snippet } from './endpoint.ts';
import { PROVIDER_FORMS } from './provider-forms.ts';
import { SDK_WRITERS } from './sdk-snippets.ts';

export const CLIENTS = [
  'curl',
  'python',
  'typescript',
  'claude-code',
  'openclaw',
  'codex',
  'opencode',
  'gemini-cli',
  'pi',
] as const;
export type Client = (typeof CLIENTS)[number];

const isSdk = (client: Client): client is keyof typeof SDK_WRITERS => Object.hasOwn(SDK_WRITERS, client);

/** Clients that ask any provider; the others are made for one. */
export const takesProvider = isSdk;

/** What to type or write where, so that a client's requests go through the gateway. */
export function snippetsFor(client: Client, providerId: string, endpoint: Endpoint): Snippet[] {
  const base = baseAddress(endpoint);
  if (!isSdk(client)) return AGENT_WRITERS[client](base, endpoint);
  const provider = PROVIDER_FORMS.find(({ id }) => id === providerId) ?? PROVIDER_FORMS[0];
  return [SDK_WRITERS[client][provider.format](`${base}/${provider.path}`, endpoint, provider)];
}
