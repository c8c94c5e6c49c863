import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiServices } from '../../api/services.ts';

export interface ControlOptions {
  readonly enabled: boolean;
  readonly isKnownHost: (header: string | undefined) => boolean;
  readonly api: ApiServices;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** The control plane on the same server. Loaded at its first request: a gateway that is only used pays nothing for it. */
export function openControl({ enabled, isKnownHost, api }: ControlOptions): Listener {
  let loading: Promise<Listener> | null = null;
  const load = async (): Promise<Listener> => {
    const [{ createApi }, { getRequestListener }] = await Promise.all([
      import('../../api/app.ts'),
      import('@hono/node-server'),
    ]);
    const app = createApi(api);
    return getRequestListener(app.fetch);
  };
  return (request, response) => {
    if (!enabled)
      return refuse(response, 404, 7003, 'The management API is switched off (TIDEGATE_MANAGEMENT)');
    if (!isKnownHost(request.headers.host)) {
      return refuse(
        response,
        403,
        9403,
        'This host name is not known to the management API; list it in TIDEGATE_ALLOWED_HOSTS',
      );
    }
    loading ??= load();
    loading.then(
      (listener) => listener(request, response),
      () => refuse(response, 500, 7000, 'Internal error'),
    );
  };
}

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  const body = JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null });
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
