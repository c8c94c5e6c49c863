import { gatewayKey } from '../core/stores/config.ts';
import { type Caller, holds } from './access.ts';
import { type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { ApiError, CODES } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { flatFilters, logStreamQuery } from './log-query.ts';
import { isStillAllowed } from './still-allowed.ts';
import { StreamClient } from './stream-client.ts';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Proxies that collect an answer before they pass it on would hold a stream back for ever.
  'x-accel-buffering': 'no',
  // A stream ends with its connection: a server that stops would wait for one that is kept.
  connection: 'close',
} as const;

export const logStreamEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${GATEWAY}/logs/stream`,
    permission: 'metadata-read',
    tag: 'Logs',
    summary: 'Follow the logs: rows as they come, as server-sent events',
    query: logStreamQuery,
    takesFilters: true,
    result: {
      kind: 'raw',
      description:
        '`event: log` with a row as the list has it; `event: skipped` with `{count}` of rows that were left out; `event: end` with `{reason}`; a comment every 15 seconds.',
    },
    handle: (call) => {
      const { account, filters, query, services } = call;
      const gateway = findGateway(call);
      const client = new StreamClient(() => isAllowed(call, gateway.id));
      const selection = {
        account,
        gateway: gateway.id,
        filters: [...filters, ...flatFilters(query)],
        search: query.search === undefined || query.search === '' ? null : query.search,
        withTexts: holds(call.token, 'read'),
      };
      const stop = services.logTails.follow(selection, client);
      if (stop === null) {
        const message = 'Too many streams of logs are open; close one and try again';
        throw new ApiError(429, [{ code: CODES.invalid, message }], { 'retry-after': '15' });
      }
      return new Response(client.start(stop, call.request.signal), { headers: HEADERS });
    },
  }),
];

function isAllowed(call: Call<unknown, unknown>, gateway: string): boolean {
  const { services, account, token } = call;
  const caller: Caller = call.caller;
  if (!services.config.snapshot().gateways.has(gatewayKey(account, gateway))) return false;
  return isStillAllowed(caller, services, holds(token, 'read') ? 'read' : 'metadata-read');
}
