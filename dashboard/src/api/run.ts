import { fetchRaw, gatewayApiPath } from './client.ts';

interface RunOptions {
  readonly provider: string;
  /** What the provider's own client would write after its base address, query included. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly skipsCache: boolean;
  readonly signal: AbortSignal;
}

/** A request in the provider's own format, with a stored key. Not thrown: a bad status is an answer as well. */
export const runRequest = (
  gateway: string,
  { provider, endpoint, headers, body, skipsCache, signal }: RunOptions,
): Promise<Response> =>
  fetchRaw('POST', gatewayApiPath(gateway, `/run/${encodeURIComponent(provider)}/${endpoint}`), {
    body,
    signal,
    headers: { accept: '*/*', ...headers, ...(skipsCache && { 'cf-aig-skip-cache': 'true' }) },
  });
