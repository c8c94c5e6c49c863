import type { ProviderKey } from '../../api/provider-keys.ts';
import type { Provider } from '../../api/providers.ts';
import { formatOfProvider } from './call.ts';

/** Models that most accounts may use, to begin with. */
const FIRST_MODELS: Readonly<Record<string, string>> = {
  openai: 'gpt-4o-mini',
  anthropic: 'claude-sonnet-4-6',
  'google-ai-studio': 'gemini-2.5-flash',
  groq: 'llama-3.3-70b-versatile',
  mistral: 'mistral-small-latest',
  deepseek: 'deepseek-chat',
  cohere: 'command-a-03-2025',
};

/** Providers that can be asked in a format that is known here. */
export const askable = (providers: readonly Provider[]): Provider[] =>
  providers.filter((provider) => formatOfProvider(provider) !== null);

export const modelOf = ({ id, models }: Provider): string => FIRST_MODELS[id] ?? models[0] ?? '';

/** Ids of the providers that the gateway has keys for, whatever name the keys were stored under. */
export function providersWithKey(
  keys: readonly Pick<ProviderKey, 'provider_slug'>[],
  providers: readonly Provider[],
): ReadonlySet<string> {
  const slugs = new Set(keys.map(({ provider_slug }) => provider_slug));
  return new Set(providers.filter((one) => one.slugs.some((slug) => slugs.has(slug))).map(({ id }) => id));
}

/** Who is asked when the address names no one: the first that has a key, the best known before the others. */
export function firstProvider(
  providers: readonly Provider[],
  withKey: ReadonlySet<string>,
): Provider | undefined {
  const ready = providers.filter(({ id, custom }) => custom || withKey.has(id));
  const known = Object.keys(FIRST_MODELS);
  for (const list of [ready, providers]) {
    const found = known.map((id) => list.find((one) => one.id === id)).find((one) => one !== undefined);
    if (found) return found;
    if (list[0]) return list[0];
  }
  return undefined;
}
