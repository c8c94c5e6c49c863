/**
 * What goes wrong with one request, on purpose. Written as JSON, or compactly as `name=value;name=value` where a bare
 * name means `true`: `status=429;times=2;key=a`, `cut=3`, `hang`. Numbers named `After…` count events of a stream.
 */
export interface Fault {
  /** Only the first so many requests with the same `key` meet the fault; the rest are served. */
  readonly times?: number;
  readonly key?: string;

  /** Answer with this status and the family's error body. */
  readonly status?: number;
  /** The value of `retry-after`, as it is to stand in the header. */
  readonly retryAfter?: string;
  /** A 200 whose body is an error. */
  readonly okError?: boolean;
  /** Answer with a redirect to this URL. */
  readonly redirect?: string;
  readonly redirectStatus?: number;

  /** Wait before the status line. */
  readonly delayMs?: number;
  /** Never answer; with a number: go silent after so many events. */
  readonly hang?: boolean | number;
  /** Destroy the socket after so many events (0: after the headers); `true`: before the status line. */
  readonly cut?: boolean | number;
  /** As `cut`, with a TCP reset in place of an orderly end. */
  readonly reset?: boolean | number;
  /** An error event inside the 200, after so many content events (0: before the first). */
  readonly errorEvent?: number;
  /** The status whose wording the error event has; 529 or 503 by the family's custom when absent. */
  readonly errorStatus?: number;
  /** The content events over and over, until the client leaves. */
  readonly endless?: boolean;
  /** A line of so many bytes inside the body. */
  readonly hugeLineBytes?: number;
  /** Bytes one at a time, with so many milliseconds between them. */
  readonly dripMs?: number;

  readonly contentType?: string;
  /** A content-length that is so many bytes too large (positive) or too small (negative). */
  readonly lengthError?: number;
  /** Something that is not HTTP. */
  readonly garbage?: boolean;
  /** So many bytes of extra response headers. */
  readonly headerBytes?: number;
  /** A gzip body that unpacks to so many bytes. */
  readonly bombBytes?: number;
  /** Promise keep-alive, then close the connection after the answer. */
  readonly earlyClose?: boolean;
  /** Compress the answer if the client accepts gzip; a stream event by event. */
  readonly gzip?: boolean;

  /** Answer with so many output tokens. */
  readonly tokens?: number;
  readonly firstTokenMs?: number;
  readonly tokenMs?: number;
  /** End the answer in the family's way of a refusal or content filter. */
  readonly refuse?: boolean;
}

export class FaultSyntaxError extends Error {}

type Kind = 'number' | 'boolean' | 'text' | 'flag-or-number';

const FIELDS: Readonly<Record<keyof Fault, Kind>> = {
  times: 'number',
  key: 'text',
  status: 'number',
  retryAfter: 'text',
  okError: 'boolean',
  redirect: 'text',
  redirectStatus: 'number',
  delayMs: 'number',
  hang: 'flag-or-number',
  cut: 'flag-or-number',
  reset: 'flag-or-number',
  errorEvent: 'number',
  errorStatus: 'number',
  endless: 'boolean',
  hugeLineBytes: 'number',
  dripMs: 'number',
  contentType: 'text',
  lengthError: 'number',
  garbage: 'boolean',
  headerBytes: 'number',
  bombBytes: 'number',
  earlyClose: 'boolean',
  gzip: 'boolean',
  tokens: 'number',
  firstTokenMs: 'number',
  tokenMs: 'number',
  refuse: 'boolean',
};

/** Reads either written form. A mistake is an error, never a fault that silently does not happen. */
export function parseFault(text: string): Fault {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return readPairs(trimmed);
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch {
    throw new FaultSyntaxError('the fault is not JSON');
  }
  const fault: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(value as object)) fault[name] = readField(name, given);
  return fault as Fault;
}

function readPairs(text: string): Fault {
  const fault: Record<string, unknown> = {};
  for (const pair of text.split(';')) {
    if (pair.trim() === '') continue;
    const at = pair.indexOf('=');
    const name = (at < 0 ? pair : pair.slice(0, at)).trim();
    fault[name] = readField(name, at < 0 ? true : pair.slice(at + 1).trim());
  }
  return fault as Fault;
}

function readField(name: string, given: unknown): unknown {
  const kind = FIELDS[name as keyof Fault] as Kind | undefined;
  if (!kind) {
    throw new FaultSyntaxError(`no fault is named '${name}'; there are: ${Object.keys(FIELDS).join(', ')}`);
  }
  if (kind === 'text' && (typeof given === 'string' || typeof given === 'number')) return String(given);
  if (kind !== 'text' && kind !== 'number') {
    if (given === true || given === 'true') return true;
    if (given === false || given === 'false') return false;
  }
  if (kind === 'number' || kind === 'flag-or-number') {
    const number = given === '' || typeof given === 'boolean' ? Number.NaN : Number(given);
    if (Number.isFinite(number)) return number;
  }
  throw new FaultSyntaxError(`the fault '${name}' needs a ${kind === 'text' ? 'text' : kind}`);
}
