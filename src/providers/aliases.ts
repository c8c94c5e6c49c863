/** Other names that clients give a provider in the path. Keys, records and settings go by the id. */
export const PROVIDER_ALIASES: Readonly<Record<string, string>> = {
  // The REST API and the AI SDK call it by its company.
  xai: 'grok',
  // Segment of the realtime WebSocket in the hosted gateway's documentation.
  google: 'google-ai-studio',
};
