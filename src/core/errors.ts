/** How loud an error is in the gateway's own log. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface ErrorKind {
  /** HTTP status of the reply. */
  readonly status: number;
  /** `internalCode` of the envelope: Cloudflare's where it has one, 9000–9999 are ours. */
  readonly code: number;
  /** May the same step be tried again, or the next target be tried. */
  readonly retriable: boolean;
  readonly level: LogLevel;
  /** What the reader should do. Stands in docs/errors.md, which a test holds equal to this table. */
  readonly advice: string;
}

/** Every error that the gateway itself can answer with. Upstream errors are not in it: they pass through untouched. */
export const ERRORS = {
  'gateway-not-found': {
    status: 400,
    code: 2001,
    retriable: false,
    level: 'info',
    advice:
      'Create the gateway, or check the account and gateway id in the base URL. Only `default` is made by itself, by its first authenticated request.',
  },
  'rate-limited': {
    status: 429,
    code: 2003,
    retriable: false,
    level: 'info',
    advice: 'Wait for the seconds in `Retry-After`, or raise the rate limit of the gateway.',
  },
  'upstream-failed': {
    status: 400,
    code: 2005,
    retriable: true,
    level: 'warn',
    advice:
      'The provider could not be reached, broke the connection, or answered something that is not HTTP. The message names what happened; the log record lists every attempt.',
  },
  'upstream-timeout': {
    status: 400,
    code: 2005,
    retriable: true,
    level: 'warn',
    advice: 'No first byte came within `cf-aig-request-timeout`. Raise it, or add a fallback.',
  },
  'egress-refused': {
    status: 400,
    code: 2005,
    retriable: false,
    level: 'warn',
    advice:
      'The upstream resolves to a private, loopback or reserved address. If that is meant, list it in `TIDEGATE_ALLOW_PRIVATE`.',
  },
  'invalid-provider': {
    status: 400,
    code: 2008,
    retriable: false,
    level: 'info',
    advice:
      'Use a provider of docs/providers.md, or `custom-{slug}` of an enabled custom provider, in the path after the gateway.',
  },
  'invalid-path': {
    status: 400,
    code: 2008,
    retriable: false,
    level: 'info',
    advice:
      'The path could leave the provider’s base path (`..`, a backslash, a control character). Send the provider’s plain path.',
  },
  unauthorized: {
    status: 401,
    code: 2009,
    retriable: false,
    level: 'info',
    advice:
      'Send a token with the Run permission in `cf-aig-authorization: Bearer …`, or in place of the provider key.',
  },
  'bad-format': {
    status: 400,
    code: 2019,
    retriable: false,
    level: 'info',
    advice: 'The body is not what this endpoint takes. The message names the place.',
  },
  'ambiguous-body': {
    status: 400,
    code: 2019,
    retriable: false,
    level: 'info',
    advice:
      'A policy key (`model`, `stream`) stands twice in the body, or in another letter case. Send it once.',
  },
  'unknown-key-alias': {
    status: 400,
    code: 2040,
    retriable: false,
    level: 'info',
    advice: 'Store a key under this alias, or name one that is there.',
  },
  'no-provider-key': {
    status: 400,
    code: 2040,
    retriable: false,
    level: 'info',
    advice: 'This gateway requires provider credentials: send the provider’s key, or store one.',
  },
  'bad-header': {
    status: 400,
    code: 7001,
    retriable: false,
    level: 'info',
    advice:
      'A `cf-aig-*` header has a value that cannot be read. The message names header, value and the form expected.',
  },
  'not-found': {
    status: 404,
    code: 7003,
    retriable: false,
    level: 'debug',
    advice: 'The path is none of the gateway’s. Base URLs have the form /v1/{account}/{gateway}/{provider}.',
  },
  'method-not-allowed': {
    status: 405,
    code: 9405,
    retriable: false,
    level: 'debug',
    advice: 'The universal endpoint takes POST.',
  },
  'body-too-large': {
    status: 413,
    code: 9413,
    retriable: false,
    level: 'info',
    advice: 'The request body is over `TIDEGATE_MAX_BODY_BYTES`.',
  },
  'url-too-long': {
    status: 414,
    code: 9414,
    retriable: false,
    level: 'info',
    advice: 'The request line has a path and query of more than 16 KiB. Put what is long in the body.',
  },
  'too-many-headers': {
    status: 431,
    code: 9431,
    retriable: false,
    level: 'info',
    advice:
      'The request has more than 256 header fields, or more bytes of them than `TIDEGATE_MAX_HEADER_BYTES`.',
  },
  'request-timeout': {
    status: 408,
    code: 9408,
    retriable: false,
    level: 'info',
    advice: 'The request body did not arrive within `TIDEGATE_CLIENT_TIMEOUT_MS`.',
  },
  'bad-encoding': {
    status: 400,
    code: 9415,
    retriable: false,
    level: 'info',
    advice:
      'The request body is compressed in a way that cannot be decoded within the limits of size and ratio.',
  },
  'too-busy': {
    status: 503,
    code: 9503,
    retriable: false,
    level: 'warn',
    advice: 'The gateway holds as many request bytes as it may. Try again after `Retry-After`.',
  },
  'client-closed': {
    status: 499,
    code: 9499,
    retriable: false,
    level: 'debug',
    advice: 'The client left before the reply. Seen only in records.',
  },
  'secret-unavailable': {
    status: 500,
    code: 9501,
    retriable: false,
    level: 'error',
    advice: 'A stored provider key could not be decrypted. See `tidegate doctor`.',
  },
  internal: {
    status: 500,
    code: 9500,
    retriable: false,
    level: 'error',
    advice: 'A fault of the gateway. Search its log for the id in the message.',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorName = keyof typeof ERRORS;

/** The one error class. `message` is for the reader of the reply; `cause` is for the log and never sent. */
export class GatewayError extends Error {
  override readonly name = 'AiGatewayError';
  readonly kind: ErrorName;
  /** Extra reply headers, flat: `['retry-after', '3']`. */
  readonly headers: readonly string[];

  constructor(
    kind: ErrorName,
    message: string,
    options: { cause?: unknown; headers?: readonly string[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.headers = options.headers ?? [];
  }

  get status(): number {
    return ERRORS[this.kind].status;
  }

  get code(): number {
    return ERRORS[this.kind].code;
  }

  get retriable(): boolean {
    return ERRORS[this.kind].retriable;
  }
}

/** The envelope of gateway errors on the gateway host (spec 3.1): `error` is an array, `name` the discriminator. */
export function errorEnvelope(error: GatewayError): string {
  return JSON.stringify({
    success: false,
    result: [],
    messages: [],
    error: [{ code: error.code, message: error.message }],
    name: 'AiGatewayError',
    httpCode: error.status,
    internalCode: error.code,
    message: error.message,
    description: error.message,
  });
}
