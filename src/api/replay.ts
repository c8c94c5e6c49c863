import { z } from 'zod';
import { isLogId } from '../core/ids.ts';
import { authorise } from './access.ts';
import { type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { ApiError, CODES, invalid, notFound } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { insideResponse, STORED_KEY_ONLY } from './inside-request.ts';

const replayBody = z.strictObject({
  model: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .regex(/^[^\p{Cc}]*$/u, { error: 'must be one line' })
    .optional()
    .meta({ description: 'Another model of the same provider; everything else of the request stays.' }),
});

export const replayEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: `${GATEWAY}/logs/{log_id}/replay`,
    permission: 'run',
    audit: { none: 'a request to a provider has its record' },
    tag: 'Run',
    summary: 'Send the stored request of a log again, with a stored key; needs `read` as well',
    body: replayBody,
    result: { kind: 'raw', description: 'The answer, as of the run call.' },
    handle: async (call) => {
      // What comes back can repeat the stored prompt.
      authorise(call.token, call.account, 'read');
      const { account, body, services } = call;
      const gateway = findGateway(call);
      const id = call.params.log_id ?? '';
      const row = isLogId(id) ? await services.logs.find(account, gateway.id, id) : null;
      if (row === null) throw notFound('log');
      const stored = await services.logs.body(account, gateway.id, id, 'request');
      const prepared = await services.prepareReplay(row, stored, body.model ?? null);
      if (prepared.kind === 'refused') {
        if (prepared.field !== null) throw invalid(['body', prepared.field], prepared.message);
        throw notReplayable(prepared.message);
      }
      return insideResponse(
        await services.callGateway({
          origin: 'replay',
          purpose: id,
          account,
          gateway,
          token: call.token,
          method: prepared.method,
          rest: prepared.rest,
          headers: [
            ...prepared.headers,
            ...controlsOf(call),
            ...(row.provider.startsWith('custom-') ? [] : STORED_KEY_ONLY),
          ],
          body: prepared.body,
          signal: call.request.signal,
          hangUp: call.hangUp,
        }),
      );
    },
  }),
];

/** What the caller asks of the gateway for this time: cache, retries, metadata. */
function controlsOf(call: Call<unknown, unknown>): string[] {
  return [...call.request.headers]
    .filter(
      ([name]) =>
        name.startsWith('cf-aig-') && name !== 'cf-aig-authorization' && name !== 'cf-aig-no-wholesale',
    )
    .flat();
}

function notReplayable(message: string): ApiError {
  return new ApiError(409, [{ code: CODES.invalid, message }], { 'x-should-retry': 'false' });
}
