import { reasonOf, StartError } from '../config/start-error.ts';
import type { Secret } from '../core/secret.ts';

/** The v4 envelope of the management API. */
interface Envelope {
  readonly success: boolean;
  readonly errors?: readonly { readonly code: number; readonly message: string }[];
  readonly result?: unknown;
}

/** Asks the management API of a running gateway. Every failure is a StartError that says what to do. */
export interface ManagementClient {
  readonly baseUrl: string;
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

export function managementClient(baseUrl: string, account: string, token: Secret | null): ManagementClient {
  return {
    baseUrl,
    async ask(method, path, body) {
      if (!token) {
        throw new StartError(
          'unreachable',
          `the gateway at ${baseUrl} wants its admin token: give it with --token or TIDEGATE_ADMIN_TOKEN`,
        );
      }
      const url = `${baseUrl}/client/v4/accounts/${encodeURIComponent(account)}/ai-gateway/${path}`;
      const response = await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${token.reveal()}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(15_000),
      }).catch((error: unknown) => {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        throw new StartError(
          'unreachable',
          `the gateway at ${baseUrl} does not answer (${reasonOf(cause)}): start it, or correct --url, --host or --port`,
        );
      });
      const envelope = readEnvelope(await response.text());
      if (response.ok && envelope?.success === true) return envelope.result;
      const said = envelope?.errors?.map((error) => `${error.message} (${error.code})`).join('; ');
      throw new StartError(
        'unreachable',
        response.status === 401 || response.status === 403
          ? `the gateway at ${baseUrl} refused the token (${response.status}): give its admin token with --token or TIDEGATE_ADMIN_TOKEN`
          : `the gateway at ${baseUrl} answered ${response.status}: ${said ?? 'nothing that its management API would say, so check --url'}`,
      );
    },
  };
}

function readEnvelope(text: string): Envelope | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'success' in value ? (value as Envelope) : null;
  } catch {
    return null;
  }
}
