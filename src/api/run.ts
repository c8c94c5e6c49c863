import { type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { findGateway } from './find-gateway.ts';
import { insideHeaders, insideResponse } from './inside-request.ts';

const tag = 'Run';

const NOTHING: AsyncIterable<Uint8Array> = {
  async *[Symbol.asyncIterator]() {},
};

/** One of several methods of the same call. */
function runEndpoint(method: Endpoint['method']): Endpoint {
  return endpoint({
    method,
    path: `${GATEWAY}/run/{provider}/{rest}`,
    permission: 'run',
    audit: { none: 'a request to a provider has its record' },
    tag,
    summary: 'Send a request in the provider’s own format through the gateway, with a stored key',
    result: {
      kind: 'raw',
      description:
        'The answer as a client of the gateway would get it, streams included: no envelope, `cf-aig-*` headers, errors of the gateway in its own shape.',
    },
    handle: async (call) => {
      const gateway = findGateway(call);
      const rest = restOf(call);
      const { request } = call;
      const length = request.headers.get('content-length');
      return insideResponse(
        await call.services.callGateway({
          origin: 'playground',
          purpose: null,
          account: call.account,
          gateway,
          token: call.token,
          method: request.method,
          rest,
          headers: insideHeaders(request.headers, call.params.provider ?? ''),
          body: {
            open: () => request.body ?? NOTHING,
            size: length === null ? null : Number(length),
          },
          signal: request.signal,
          hangUp: call.hangUp,
        }),
      );
    },
  });
}

export const runEndpoints: readonly Endpoint[] = (['get', 'post', 'put', 'patch', 'delete'] as const).map(
  runEndpoint,
);

/** Everything after `/run/` as it was written, query included: the provider's path is none of our business. */
function restOf(call: Call<unknown, unknown>): string {
  const { pathname, search } = new URL(call.request.url);
  return pathname.split('/').slice(9).join('/') + search;
}
