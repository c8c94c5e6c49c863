import { z } from 'zod';
import { nanosToUsd } from '../core/money.ts';
import type { SessionRow } from '../core/stores/analytics.ts';
import { LOOP_REPEATS } from '../core/stores/repeats.ts';
import { holds } from './access.ts';
import { type AgentSessionObject, agentSessionSchema } from './contract/analytics.ts';
import { type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { notFound, pageInfo, pageRange, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { readTimeRange, timeRangeShape } from './time-range.ts';
import { orderDirection, pagingShape } from './validation.ts';

const tag = 'Sessions';
/** An agent that has asked nothing for so long is done, or waits for a person. */
const RUNNING_MS = 5 * 60_000;

export const agentSessionEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${GATEWAY}/sessions`,
    permission: 'metadata-read',
    tag,
    summary: 'List sessions: requests that belong together by their session id',
    query: z.strictObject({
      ...timeRangeShape('-7d'),
      ...pagingShape(50),
      search: z
        .string()
        .max(1024)
        .optional()
        .meta({ description: 'Part of the id, the user agent or the user.' }),
      order_by: z.enum(['last_at', 'started_at', 'cost', 'requests', 'errors']).default('last_at'),
      order_by_direction: orderDirection.default('desc'),
    }),
    result: { kind: 'list', schema: agentSessionSchema },
    handle: async (call) => {
      const { account, query, services } = call;
      const gateway = findGateway(call).id;
      const { rows, totalCount } = await services.analytics.sessions({
        account,
        gateway,
        ...readTimeRange(query, services.clock.now()),
        search: query.search ?? null,
        orderBy: query.order_by,
        direction: query.order_by_direction,
        ...pageRange(query),
      });
      return resultResponse(
        await Promise.all(rows.map((row) => show(call, row))),
        pageInfo(query, rows.length, totalCount),
      );
    },
  }),
  endpoint({
    method: 'get',
    path: `${GATEWAY}/sessions/{session_id}`,
    permission: 'metadata-read',
    tag,
    summary: 'Show a session; its requests are the logs with the filter `session_id`',
    result: { kind: 'one', schema: agentSessionSchema },
    handle: async (call) => {
      const gateway = findGateway(call).id;
      const id = call.params.session_id ?? '';
      const row = await call.services.analytics.findSession(call.account, gateway, id);
      if (row === null) throw notFound('session');
      return resultResponse(await show(call, row));
    },
  }),
];

async function show(call: Call<unknown, unknown>, row: SessionRow): Promise<AgentSessionObject> {
  const time = (at: number): string => new Date(at).toISOString();
  return {
    id: row.id,
    gateway: row.gateway,
    title: await titleOf(call, row),
    state: stateOf(row, call.services.clock.now()),
    started_at: time(row.startedAt),
    last_at: time(row.lastAt),
    ended_at: time(row.endedAt),
    requests: row.requests,
    errors: row.errors,
    cached_requests: row.cachedRequests,
    tokens_in: row.inputTokens,
    tokens_out: row.outputTokens,
    cost: nanosToUsd(row.costNanos),
    saved: nanosToUsd(row.savedNanos),
    user_agent: row.userAgent,
    user_id: row.userId,
    model: row.model,
    first_record: row.firstRecord,
    repeats: row.repeats,
    most_repeats: row.mostRepeats,
  };
}

/** A line of a prompt is part of a body. */
async function titleOf(
  { account, services, token }: Call<unknown, unknown>,
  row: SessionRow,
): Promise<string | null> {
  if (!holds(token, 'read')) return null;
  const first = await services.logs.find(account, row.gateway, row.firstRecord);
  return first?.promptPreview ?? null;
}

function stateOf({ repeats, endedAt }: SessionRow, nowMs: number): AgentSessionObject['state'] {
  if (repeats >= LOOP_REPEATS) return 'looping';
  return nowMs - endedAt < RUNNING_MS ? 'running' : 'done';
}
