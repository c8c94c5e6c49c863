import { ProviderFailure, type WholeAnswer } from './answer.ts';
import type { ProviderRequest } from './provider-request.ts';

const USUAL: Readonly<Record<number, readonly [status: string, message: string]>> = {
  400: ['INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  401: [
    'UNAUTHENTICATED',
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
  ],
  403: ['PERMISSION_DENIED', 'The caller does not have permission'],
  404: ['NOT_FOUND', 'Requested entity was not found.'],
  413: ['INVALID_ARGUMENT', 'Request payload size exceeds the limit: 20971520 bytes.'],
  429: [
    'RESOURCE_EXHAUSTED',
    'You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.',
  ],
  500: [
    'INTERNAL',
    'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
  ],
  503: ['UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  504: ['DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'],
};

function usual(status: number): readonly [string, string] {
  return USUAL[status] ?? (status >= 500 ? USUAL[503]! : USUAL[400]!);
}

export function googleFailure(status: number): ProviderFailure {
  return new ProviderFailure(status, usual(status)[1], status === 429 ? { retryAfter: '3' } : {});
}

export function googleError(failure: ProviderFailure): Record<string, unknown> {
  const details: object[] = [];
  if (failure.code !== null) {
    details.push({
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: failure.code,
      domain: 'googleapis.com',
      metadata: { service: 'generativelanguage.googleapis.com' },
    });
  }
  if (failure.status === 429) {
    details.push({
      '@type': 'type.googleapis.com/google.rpc.RetryInfo',
      retryDelay: `${failure.retryAfter ?? '3'}s`,
    });
  }
  return {
    code: failure.status,
    message: failure.message,
    status: usual(failure.status)[0],
    ...(details.length > 0 ? { details } : {}),
  };
}

/** Google prints its JSON over lines, and wraps it in an array where the answer would have been one. */
export function googleFail(request: ProviderRequest, failure: ProviderFailure): WholeAnswer {
  const body = { error: googleError(failure) };
  const isArray = request.path.endsWith(':streamGenerateContent') && request.query.get('alt') !== 'sse';
  const headers = googleHeaders(request);
  // The real service states its wait in the body alone; a script may ask for the header.
  if (failure.retryAfter !== null && failure.retryAfter !== '3') headers['retry-after'] = failure.retryAfter;
  return {
    kind: 'whole',
    status: failure.status,
    headers,
    body: Buffer.from(`${JSON.stringify(isArray ? [body] : body, null, 2)}\n`),
    tokens: 0,
  };
}

export function googleHeaders(request: ProviderRequest): Record<string, string> {
  return {
    'content-type': 'application/json; charset=UTF-8',
    vary: 'Origin, X-Origin, Referer',
    'x-xss-protection': '0',
    'x-frame-options': 'SAMEORIGIN',
    'x-content-type-options': 'nosniff',
    'server-timing': `gfet4t7; dur=${100 + request.dice.below(400)}`,
  };
}
