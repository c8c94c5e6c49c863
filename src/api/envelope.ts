import type { Envelope, ErrorEnvelope, ResultInfo } from './contract.ts';

/** Cloudflare's codes where it has one (spec 3.3); the envelope's `code` is for programs, `message` for people. */
export const CODES = {
  internal: 7000,
  invalid: 7001,
  notFound: 7002,
  noRoute: 7003,
  authentication: 10000,
  method: 10405,
} as const;

export interface ErrorLine {
  readonly code: number;
  readonly message: string;
  /** Where in the request: `['body', 'cache_ttl']`. */
  readonly path?: string[];
}

/** A refusal of the management API. Every message is for the caller; nothing of the inside is in it. */
export class ApiError extends Error {
  readonly status: number;
  readonly lines: readonly ErrorLine[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, lines: readonly ErrorLine[], headers: Readonly<Record<string, string>> = {}) {
    super(lines.map((line) => line.message).join('; '));
    this.name = 'ApiError';
    this.status = status;
    this.lines = lines;
    this.headers = headers;
  }
}

export function invalid(path: string[], message: string): ApiError {
  return new ApiError(400, [
    { code: CODES.invalid, message: `${path.slice(1).join('.')}: ${message}`, path },
  ]);
}

/** Also for what belongs to another account: whether it exists is not said. */
export function notFound(what: string, hint = ''): ApiError {
  return new ApiError(404, [{ code: CODES.notFound, message: `${what} not found${hint}` }]);
}

/** Clients of the official SDK try a 409 again by themselves; these would only fail again. */
export function conflict(path: string[], message: string): ApiError {
  return new ApiError(
    409,
    [{ code: CODES.invalid, message: `${path.slice(1).join('.')}: ${message}`, path }],
    { 'x-should-retry': 'false' },
  );
}

/** No answer of this API may be kept by a cache or be taken for something else by a browser. */
const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

export function resultResponse(result: unknown, info?: ResultInfo): Response {
  const envelope: Envelope<unknown> = { success: true, errors: [], messages: [], result };
  const body = info === undefined ? envelope : { ...envelope, result_info: info };
  return new Response(JSON.stringify(body), { headers: HEADERS });
}

export function errorResponse(error: ApiError): Response {
  const body: ErrorEnvelope = { success: false, errors: [...error.lines], messages: [], result: null };
  return new Response(JSON.stringify(body), {
    status: error.status,
    headers: { ...HEADERS, ...error.headers },
  });
}

/** `page` and `per_page` of a query. */
export interface Paging {
  readonly page: number;
  readonly per_page: number;
}

/** What a store is asked for, to find one page. */
export const pageRange = ({ page, per_page }: Paging): { limit: number; offset: number } => ({
  limit: per_page,
  offset: (page - 1) * per_page,
});

/** What is said of a page of `count` rows, in a list of `total_count`. */
export const pageInfo = ({ page, per_page }: Paging, count: number, total_count: number): ResultInfo => ({
  page,
  per_page,
  count,
  total_count,
});

/** The page of a list that is already in memory. A page past the end is empty: clients page until they see that. */
export function pageResponse<T, Shown>(
  all: readonly T[],
  paging: Paging,
  show: (item: T) => Shown,
): Response {
  const { limit, offset } = pageRange(paging);
  const shown = all.slice(offset, offset + limit).map(show);
  return resultResponse(shown, pageInfo(paging, shown.length, all.length));
}
