import { z } from 'zod';
import { isLogId } from '../core/ids.ts';
import type { LogPage, LogRow } from '../core/stores/logs.ts';
import { holds } from './access.ts';
import { type LogDetail, logDetailSchema, logObjectSchema, type ResultInfo } from './contract.ts';
import { type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { notFound, pageInfo, pageRange, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { bodyResponse, readHead } from './log-bodies.ts';
import {
  decodeCursor,
  directionOf,
  encodeCursor,
  flatFilters,
  logDeleteQuery,
  logListQuery,
  readSpan,
} from './log-query.ts';
import { showLog, usd } from './log-row.ts';

const tag = 'Logs';
const LOG = `${GATEWAY}/logs/{log_id}`;

const MAX_METADATA_ENTRIES = 5;

const patchBody = z.strictObject({
  feedback: z
    .union([z.literal(-1), z.literal(0), z.literal(1)])
    .nullable()
    .optional(),
  score: z.number().min(-1e9).max(1e9).nullable().optional(),
  metadata: z
    .record(z.string().min(1).max(256), z.union([z.string().max(4096), z.number(), z.boolean()]))
    .refine((entries) => Object.keys(entries).length <= MAX_METADATA_ENTRIES, {
      error: `must have at most ${MAX_METADATA_ENTRIES} entries`,
    })
    .refine((entries) => !Object.keys(entries).some((key) => key.startsWith('cf.')), {
      error: 'keys that begin with `cf.` are reserved',
    })
    .nullable()
    .optional()
    .meta({ description: 'Replaces the metadata; null removes it.' }),
});

export const logEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${GATEWAY}/logs`,
    permission: 'metadata-read',
    tag,
    summary: 'List logs, without bodies',
    query: logListQuery,
    takesFilters: true,
    result: { kind: 'list', schema: logObjectSchema },
    handle: async (call) => {
      const { account, filters, query, services } = call;
      const gateway = findGateway(call);
      const found = await services.logs.list({
        account,
        gateway: gateway.id,
        filters: [...filters, ...flatFilters(query)],
        search: query.search === undefined || query.search === '' ? null : query.search,
        ...readSpan(query, services.clock.now()),
        orderBy: query.order_by,
        direction: directionOf(query),
        ...pageRange(query.cursor === undefined ? query : { ...query, page: 1 }),
        after: decodeCursor(query),
        withRanges: query.meta_info,
        withTexts: holds(call.token, 'read'),
      });
      return resultResponse(found.rows.map(showLog), {
        ...pageInfo(query, found.rows.length, found.totalCount),
        cursor: found.next === null ? null : encodeCursor(query, found.next),
        ...(found.ranges && showRanges(found.ranges)),
      });
    },
  }),
  endpoint({
    method: 'delete',
    path: `${GATEWAY}/logs`,
    permission: 'edit',
    audit: {
      action: 'delete',
      type: 'ai_gateway.log',
      id: (call) => findGateway(call).id,
      after: ({ filters, query }) => ({ filters, ...query }),
    },
    tag,
    summary: 'Delete the logs that match, with their bodies; without filters all of them',
    query: logDeleteQuery,
    takesFilters: true,
    result: { kind: 'one', schema: z.object({ deleted: z.number() }) },
    handle: async (call) => {
      const { account, filters, query, services } = call;
      const gateway = findGateway(call);
      const deleted = await services.logs.delete({
        account,
        gateway: gateway.id,
        filters,
        search: null,
        from: null,
        to: null,
        orderBy: query.order_by,
        direction: query.order_by_direction,
        limit: query.limit ?? null,
      });
      return resultResponse({ deleted });
    },
  }),
  endpoint({
    method: 'get',
    path: LOG,
    permission: 'read',
    tag,
    summary: 'Show a log with the beginning of its bodies',
    result: { kind: 'one', schema: logDetailSchema },
    handle: async (call) => {
      const row = await findLog(call);
      const [request, response] = await Promise.all([
        readHead(await findBody(call, 'request')),
        readHead(await findBody(call, 'response')),
      ]);
      return resultResponse({
        ...showLog(row),
        request_head: request.text,
        request_head_complete: request.complete,
        response_head: response.text,
        response_head_complete: response.complete,
      } satisfies LogDetail);
    },
  }),
  endpoint({
    method: 'patch',
    path: LOG,
    permission: 'edit',
    audit: { none: 'what people say of an answer is part of its record' },
    tag,
    summary: 'Set feedback, score or metadata',
    body: patchBody,
    result: { kind: 'one', schema: logObjectSchema },
    handle: async (call) => {
      const { account, body, services } = call;
      const { id, gateway } = await findLog(call);
      const known = await services.logs.patch(account, gateway, id, {
        ...(body.feedback !== undefined && { feedback: body.feedback }),
        ...(body.score !== undefined && { score: body.score }),
        ...(body.metadata !== undefined && { metadata: body.metadata }),
      });
      if (!known) throw notFound('log');
      return resultResponse(showLog(await findLog(call)));
    },
  }),
  bodyEndpoint('request'),
  bodyEndpoint('response'),
];

function bodyEndpoint(side: 'request' | 'response'): Endpoint {
  return endpoint({
    method: 'get',
    path: `${LOG}/${side}`,
    permission: 'read',
    tag,
    summary: `The ${side} body as it was, decoded`,
    result: { kind: 'raw', description: 'The body under the content type that it had on the wire.' },
    handle: async (call) => {
      const { id } = await findLog(call);
      const body = await findBody(call, side);
      if (body === null) throw notFound(`${side} body`);
      return bodyResponse(body, `${id}-${side}`);
    },
  });
}

async function findLog(call: Call<unknown, unknown>): Promise<LogRow> {
  const gateway = findGateway(call);
  const id = call.params.log_id ?? '';
  const row = isLogId(id) ? await call.services.logs.find(call.account, gateway.id, id) : null;
  if (row === null) throw notFound('log');
  return row;
}

function findBody(call: Call<unknown, unknown>, side: 'request' | 'response') {
  return call.services.logs.body(call.account, call.params.gateway_id ?? '', call.params.log_id ?? '', side);
}

function showRanges(ranges: NonNullable<LogPage['ranges']>): Partial<ResultInfo> {
  return {
    min_cost: usd(ranges.cost[0]),
    max_cost: usd(ranges.cost[1]),
    min_duration: ranges.duration[0],
    max_duration: ranges.duration[1],
    min_tokens_in: ranges.tokensIn[0],
    max_tokens_in: ranges.tokensIn[1],
    min_tokens_out: ranges.tokensOut[0],
    max_tokens_out: ranges.tokensOut[1],
    min_total_tokens: ranges.totalTokens[0],
    max_total_tokens: ranges.totalTokens[1],
  };
}
