import type { z } from 'zod';
import type { LogPosition, LogQuery, LogRow } from '../core/stores/logs.ts';
import { holds } from './access.ts';
import { logObjectSchema } from './contract.ts';
import { csvLine } from './csv.ts';
import { type Call, type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { ApiError, CODES, invalid } from './envelope.ts';
import { findGateway } from './find-gateway.ts';
import { readHead } from './log-bodies.ts';
import { directionOf, flatFilters, logExportQuery, readSpan } from './log-query.ts';
import { showLog } from './log-row.ts';
import type { ApiServices } from './services.ts';

const PAGE_ROWS = 500;
/** Of one body in an export, as text. */
const MOST_BODY_BYTES = 8 * 1024 * 1024;
/** Each keeps the reader of the logs busy. */
const MOST_EXPORTS = 4;
const LINGER_MS = 500;

type Query = z.infer<typeof logExportQuery>;
const COLUMNS = Object.keys(logObjectSchema.shape) as (keyof typeof logObjectSchema.shape)[];

const running = new WeakMap<ApiServices, number>();

export const logExportEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${GATEWAY}/logs/export`,
    permission: 'metadata-read',
    tag: 'Logs',
    summary: 'Download the logs that match, as CSV or as lines of JSON',
    query: logExportQuery,
    takesFilters: true,
    result: {
      kind: 'raw',
      description:
        'A file. Texts that a spreadsheet would take for a formula begin with an apostrophe. An export that fails says so in its last line, and its connection is broken.',
    },
    handle: async (call) => {
      const { query, services } = call;
      const gateway = findGateway(call);
      if (query.bodies) requireBodies(call, query);
      const open = running.get(services) ?? 0;
      if (open >= MOST_EXPORTS) {
        const message = 'Other exports are running; try again when one has ended';
        throw new ApiError(429, [{ code: CODES.invalid, message }], { 'retry-after': '30' });
      }
      running.set(services, open + 1);
      const finish = once(() => running.set(services, running.get(services)! - 1));
      try {
        const pages = readPages(call, gateway.id);
        // What is wrong with the query is said by its own answer, not by a broken file.
        const first = await pages.next();
        const chunks = writeFile(call, first.value ?? [], pages);
        return new Response(streamOf(chunks, call, finish), {
          headers: headersOf(query, gateway.id, services),
        });
      } catch (error) {
        finish();
        throw error;
      }
    },
  }),
];

function requireBodies({ token }: Call<Query, unknown>, query: Query): void {
  if (query.format === 'csv') throw invalid(['query', 'bodies'], 'goes with ndjson only');
  if (holds(token, 'read')) return;
  const message = 'This needs a token with the permission `read`';
  throw new ApiError(403, [{ code: CODES.authentication, message }]);
}

async function* readPages(
  { account, filters, query, services, token }: Call<Query, unknown>,
  gateway: string,
): AsyncGenerator<readonly LogRow[]> {
  const selection: Omit<LogQuery, 'after'> = {
    account,
    gateway,
    filters: [...filters, ...flatFilters(query)],
    search: query.search === undefined || query.search === '' ? null : query.search,
    ...readSpan(query, services.clock.now()),
    orderBy: query.order_by,
    direction: directionOf(query),
    limit: query.bodies ? 50 : PAGE_ROWS,
    offset: 0,
    withRanges: false,
    withTexts: holds(token, 'read'),
  };
  let after: LogPosition | null = null;
  do {
    const page: Awaited<ReturnType<ApiServices['logs']['list']>> = await services.logs.list({
      ...selection,
      after,
    });
    yield page.rows;
    after = page.next;
  } while (after !== null);
}

async function* writeFile(
  call: Call<Query, unknown>,
  first: readonly LogRow[],
  rest: AsyncGenerator<readonly LogRow[]>,
): AsyncGenerator<string> {
  const { query } = call;
  if (query.format === 'csv') yield csvLine(COLUMNS);
  for (let rows = first; ; ) {
    if (query.bodies) for (const row of rows) yield await lineWithBodies(call, row);
    else yield rows.map((row) => lineOf(row, query.format)).join('');
    const next = await rest.next();
    if (next.done) return;
    rows = next.value;
  }
}

function lineOf(row: LogRow, format: Query['format']): string {
  const shown = showLog(row);
  return format === 'csv' ? csvLine(COLUMNS.map((name) => shown[name])) : `${JSON.stringify(shown)}\n`;
}

async function lineWithBodies({ account, services }: Call<Query, unknown>, row: LogRow): Promise<string> {
  const [request, response] = await Promise.all(
    (['request', 'response'] as const).map(async (side) =>
      readHead(await services.logs.body(account, row.gateway, row.id, side), MOST_BODY_BYTES),
    ),
  );
  return `${JSON.stringify({
    ...showLog(row),
    request_body: request!.text,
    request_body_complete: request!.complete,
    response_body: response!.text,
    response_body_complete: response!.complete,
  })}\n`;
}

/** Asked for piece by piece as the client reads. A failure ends the file with a line that says so, and then hard. */
function streamOf(
  chunks: AsyncGenerator<string>,
  call: Call<Query, unknown>,
  finish: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let failed: unknown = null;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (failed !== null) {
          finish();
          // A connection that is broken at once takes along what was written last.
          await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
          call.hangUp?.();
          controller.error(failed);
          return;
        }
        try {
          const chunk = await chunks.next();
          if (!chunk.done) {
            controller.enqueue(encoder.encode(chunk.value));
            return;
          }
          finish();
          controller.close();
        } catch (error) {
          failed = error;
          call.services.logger.warn({ error: String(error) }, 'an export of logs ended early');
          controller.enqueue(encoder.encode(lastWords(call.query.format)));
        }
      },
      async cancel() {
        finish();
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

function lastWords(format: Query['format']): string {
  const error = 'The export ended early: the rest of the logs could not be read';
  return format === 'csv' ? csvLine([`# ${error}`]) : `${JSON.stringify({ error })}\n`;
}

function headersOf(query: Query, gateway: string, { clock }: ApiServices): Record<string, string> {
  const stamp = new Date(clock.now()).toISOString().replace(/[:.]/g, '-');
  const name = `${gateway.replace(/[^\w-]/g, '_').slice(0, 64)}-logs-${stamp}.${query.format}`;
  return {
    'content-type': query.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
    'content-disposition': `attachment; filename="${name}"`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
