import type { Envelope, ListEnvelope, ResultInfo } from '../../../src/api/contract.ts';
import { ApiFailure, failureOf } from './failure.ts';

const BASE = '/client/v4';

/** Values of a query: what is null, undefined or '' is not sent; a list is sent joined by commas. */
export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | null | undefined>
>;

interface RequestOptions {
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

let account = '';
let csrf = '';
let onSignedOut: () => void = () => {};

/** Called when the session is known: paths are made with its account, changes carry its token against forged requests. */
export function adoptSession(
  session: { readonly account: string; readonly csrf: string | null } | null,
): void {
  account = session?.account ?? '';
  csrf = session?.csrf ?? '';
}

/** What happens on any 401: the session ended, or was ended elsewhere. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export const currentAccount = (): string => account;

/** A path of the account's gateway API: `accountPath('/gateways')`. */
export const accountPath = (rest: string): string =>
  `/accounts/${encodeURIComponent(account)}/ai-gateway${rest}`;

export const gatewayApiPath = (gateway: string, rest = ''): string =>
  accountPath(`/gateways/${encodeURIComponent(gateway)}${rest}`);

/** The whole address, for links and streams. */
export function addressOf(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
    if (text !== '') parameters.set(name, text);
  }
  const text = parameters.toString();
  return `${BASE}${path}${text === '' ? '' : `?${text}`}`;
}

/** The raw answer, good or bad; a body that is no text or stream is sent as JSON. */
export async function fetchRaw(
  method: string,
  path: string,
  { query, body, signal, headers }: RequestOptions = {},
): Promise<Response> {
  const isRaw = typeof body === 'string' || body instanceof Blob;
  try {
    return await fetch(addressOf(path, query), {
      method,
      credentials: 'same-origin',
      signal: signal ?? null,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && !isRaw && { 'content-type': 'application/json' }),
        ...(method !== 'GET' && csrf !== '' && { 'x-tidegate-csrf': csrf }),
        ...headers,
      },
      body: body === undefined ? null : isRaw ? body : JSON.stringify(body),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiFailure(0, [{ code: 0, message: 'The gateway does not answer. Is it running?' }], { cause });
  }
}

async function call(method: string, path: string, options: RequestOptions): Promise<unknown> {
  const response = await fetchRaw(method, path, options);
  if (!response.ok) {
    const failure = await failureOf(response);
    if (response.status === 401 && path !== '/session') onSignedOut();
    throw failure;
  }
  return response.status === 204 ? { result: null } : response.json();
}

export async function getOne<Result>(path: string, query?: Query, signal?: AbortSignal): Promise<Result> {
  return ((await call('GET', path, { query, signal })) as Envelope<Result>).result;
}

export interface Page<Row> {
  readonly rows: Row[];
  readonly info: ResultInfo;
}

export async function getPage<Row>(path: string, query?: Query, signal?: AbortSignal): Promise<Page<Row>> {
  const { result, result_info } = (await call('GET', path, { query, signal })) as ListEnvelope<Row>;
  return { rows: result, info: result_info };
}

export async function send<Result>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  query?: Query,
): Promise<Result> {
  return ((await call(method, path, { body, query })) as Envelope<Result>).result;
}
