import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ConversationObject } from '../../../src/api/contract/conversation.ts';
import type { LogDetail, LogObject } from '../../../src/api/contract.ts';
import { type Filter, filtersParameter } from '../filters/filter.ts';
import type { View } from '../filters/view.ts';
import {
  addressOf,
  fetchRaw,
  gatewayApiPath,
  getOne,
  getPage,
  type Page,
  type Query,
  send,
} from './client.ts';
import { failureOf } from './failure.ts';

export type LogRow = LogObject;

export interface LogSort {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
}

/** Rows that are asked for at once: the most that the API gives. */
const LOG_PAGE_SIZE = 50;

/** What lists, exports and the live tail of logs select by. */
export function logSelection({ range, filters, text }: View): Query {
  return {
    from: range.from,
    to: range.to === 'now' ? undefined : range.to,
    search: text,
    filters: filtersParameter(filters),
  };
}

export const logsQuery = (gateway: string, query: Query) =>
  queryOptions({
    queryKey: ['logs', gateway, query],
    queryFn: ({ signal }) => getPage<LogRow>(gatewayApiPath(gateway, '/logs'), query, signal),
  });

/** A list without an end: each page tells where the next one begins. */
export const logPagesQuery = (gateway: string, view: View, sort: LogSort) =>
  infiniteQueryOptions({
    queryKey: ['logs', gateway, 'pages', view, sort],
    queryFn: ({ pageParam, signal }) =>
      getPage<LogRow>(
        gatewayApiPath(gateway, '/logs'),
        {
          ...logSelection(view),
          order_by: sort.column,
          order_by_direction: sort.direction,
          per_page: LOG_PAGE_SIZE,
          cursor: pageParam,
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page<LogRow>) => page.info.cursor ?? null,
    // A list that someone reads does not move by itself: the live tail and 'Refresh' are for that.
    refetchOnWindowFocus: false,
    staleTime: 60_000,
  });

export const logQuery = (gateway: string, id: string) =>
  queryOptions({
    queryKey: ['log', gateway, id],
    queryFn: ({ signal }) =>
      getOne<LogDetail>(gatewayApiPath(gateway, `/logs/${encodeURIComponent(id)}`), undefined, signal),
  });

/**
 * A record without its texts, which may be read without the permission for them. Fails while it is not stored: one that
 * has just ended is there a moment later.
 */
export const logRowQuery = (gateway: string, id: string) =>
  queryOptions({
    queryKey: ['log-row', gateway, id],
    queryFn: async ({ signal }) => {
      const filters = filtersParameter([{ key: 'id', operator: 'eq', values: [id] }]);
      const { rows } = await getPage<LogRow>(
        gatewayApiPath(gateway, '/logs'),
        { per_page: 1, filters },
        signal,
      );
      if (rows[0] === undefined) throw new Error(`No record ${id}`);
      return rows[0];
    },
  });

export const conversationQuery = (gateway: string, id: string) =>
  queryOptions({
    queryKey: ['conversation', gateway, id],
    queryFn: ({ signal }) =>
      getOne<ConversationObject>(
        gatewayApiPath(gateway, `/logs/${encodeURIComponent(id)}/conversation`),
        undefined,
        signal,
      ),
    staleTime: 300_000,
  });

export type Side = 'request' | 'response';

export const bodyAddress = (gateway: string, id: string, side: Side): string =>
  addressOf(gatewayApiPath(gateway, `/logs/${encodeURIComponent(id)}/${side}`));

export interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string | null;
  /** Only the beginning was kept. */
  readonly isTruncated: boolean;
  /** There is more than what was read here. */
  readonly isCut: boolean;
}

/** More than this is not shown, only downloaded. */
export const MOST_BODY_BYTES = 16 * 1024 * 1024;

export const bodyQuery = (gateway: string, id: string, side: Side) =>
  queryOptions({
    queryKey: ['body', gateway, id, side],
    queryFn: ({ signal }) => readBody(gateway, id, side, signal),
    staleTime: 300_000,
    gcTime: 60_000,
    structuralSharing: false,
  });

async function readBody(gateway: string, id: string, side: Side, signal: AbortSignal): Promise<Body | null> {
  const path = gatewayApiPath(gateway, `/logs/${encodeURIComponent(id)}/${side}`);
  const response = await fetchRaw('GET', path, { signal, headers: { accept: '*/*' } });
  if (response.status === 404) return null;
  if (!response.ok) throw await failureOf(response);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader && size <= MOST_BODY_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
  }
  const isCut = size > MOST_BODY_BYTES;
  if (isCut) await reader?.cancel();
  const whole = new Uint8Array(await new Blob(chunks).arrayBuffer());
  return {
    bytes: isCut ? whole.subarray(0, MOST_BODY_BYTES) : whole,
    type: response.headers.get('content-type'),
    isTruncated: response.headers.get('tidegate-truncated') === 'true',
    isCut,
  };
}

export interface LogPatch {
  readonly feedback?: -1 | 0 | 1 | null;
  readonly score?: number | null;
  readonly metadata?: Readonly<Record<string, string | number | boolean>> | null;
}

export const patchLog = (gateway: string, id: string, patch: LogPatch): Promise<LogObject> =>
  send('PATCH', gatewayApiPath(gateway, `/logs/${encodeURIComponent(id)}`), patch);

export const deleteLogs = (
  gateway: string,
  filters: readonly Filter[],
): Promise<{ readonly deleted: number }> =>
  send('DELETE', gatewayApiPath(gateway, '/logs'), undefined, { filters: filtersParameter(filters) });

/** Forms of an export: JSON lines can have the bodies in them, for those who may read them. */
export const EXPORTS = ['csv', 'ndjson', 'bodies'] as const;
export type Export = (typeof EXPORTS)[number];

export function exportAddress(gateway: string, form: Export, view: View): string {
  const format = form === 'bodies' ? { format: 'ndjson', bodies: true } : { format: form };
  return addressOf(gatewayApiPath(gateway, '/logs/export'), { ...format, ...logSelection(view) });
}

export interface ReplayOptions {
  readonly model: string | null;
  readonly skipsCache: boolean;
  readonly signal: AbortSignal;
}

/** The provider's own answer, as it streams. Not thrown: a bad status is an answer as well. */
export const replayLog = (gateway: string, id: string, options: ReplayOptions): Promise<Response> =>
  fetchRaw('POST', gatewayApiPath(gateway, `/logs/${encodeURIComponent(id)}/replay`), {
    body: options.model === null ? {} : { model: options.model },
    signal: options.signal,
    headers: { accept: '*/*', ...(options.skipsCache && { 'cf-aig-skip-cache': 'true' }) },
  });
