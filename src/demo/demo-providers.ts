/** The providers that the demo's traffic uses; the scripted provider plays all of them below one port. */
export const DEMO_PROVIDERS = [
  'openai',
  'anthropic',
  'google-ai-studio',
  'mistral',
  'cohere',
  'groq',
  'deepseek',
] as const;

export type DemoProviderId = (typeof DEMO_PROVIDERS)[number];

/** Base URLs to give to the gateway, by provider id. */
export function demoProviderUrls(scriptedProviderUrl: string): Record<DemoProviderId, string> {
  const entries = DEMO_PROVIDERS.map((id) => [id, `${scriptedProviderUrl}/${id}`]);
  return Object.fromEntries(entries) as Record<DemoProviderId, string>;
}
