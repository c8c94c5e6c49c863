import { jsonAnswer, ProviderFailure, type WholeAnswer } from './answer.ts';
import type { ProviderRequest } from './provider-request.ts';

interface Usual {
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
}

const USUAL: Readonly<Record<number, Usual>> = {
  400: { message: 'Invalid request.', type: 'invalid_request_error', code: null },
  401: {
    message:
      'Incorrect API key provided: test*****key. You can find your API key at https://platform.openai.com/account/api-keys.',
    type: 'invalid_request_error',
    code: 'invalid_api_key',
  },
  403: {
    message: 'Country, region, or territory not supported',
    type: 'request_forbidden',
    code: 'unsupported_country_region_territory',
  },
  404: { message: 'Not found.', type: 'invalid_request_error', code: null },
  408: { message: 'Request timed out.', type: 'server_error', code: null },
  409: { message: 'The resource is being changed by another request.', type: 'conflict_error', code: null },
  413: {
    message: 'The data value transmitted exceeds the capacity limit.',
    type: 'server_error',
    code: 'request_too_large',
  },
  429: {
    message:
      'Rate limit reached for gpt-4o-mini in organization org-scripted on requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in 120ms. Visit https://platform.openai.com/account/rate-limits to learn more.',
    type: 'requests',
    code: 'rate_limit_exceeded',
  },
  500: {
    message:
      'The server had an error while processing your request. Sorry about that! You can retry your request, or contact us through our help center at help.openai.com if the error persists.',
    type: 'server_error',
    code: null,
  },
  503: {
    message: 'The engine is currently overloaded, please try again later',
    type: 'server_error',
    code: 'overloaded',
  },
};

function usual(status: number): Usual {
  return USUAL[status] ?? (status >= 500 ? { ...USUAL[500]!, code: null } : USUAL[400]!);
}

export function openaiFailure(status: number): ProviderFailure {
  return new ProviderFailure(status, usual(status).message, status === 429 ? { retryAfter: '1' } : {});
}

/** The `error` object of every OpenAI error, in a body or in an event. */
export function openaiError(failure: ProviderFailure): Record<string, unknown> {
  const { type, code } = usual(failure.status);
  return { message: failure.message, type, param: failure.param, code: failure.code ?? code };
}

export function openaiFail(request: ProviderRequest, failure: ProviderFailure): WholeAnswer {
  const headers: Record<string, string> = { ...openaiHeaders(request) };
  if (failure.status === 429) {
    headers['x-ratelimit-remaining-requests'] = '0';
    headers['x-ratelimit-reset-requests'] = '120ms';
  }
  if (failure.retryAfter !== null) {
    headers['retry-after'] = failure.retryAfter;
    const seconds = Number(failure.retryAfter);
    if (Number.isFinite(seconds)) headers['retry-after-ms'] = String(Math.round(seconds * 1000));
  }
  return jsonAnswer({ error: openaiError(failure) }, headers, failure.status);
}

export function openaiHeaders(request: ProviderRequest): Record<string, string> {
  return {
    'x-request-id': `req_${request.idDice.hex(32)}`,
    'openai-organization': 'org-scripted',
    'openai-version': '2020-10-01',
    'openai-processing-ms': String(40 + request.dice.below(200)),
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-limit-tokens': '200000',
    'x-ratelimit-remaining-requests': String(request.remainingRequests),
    'x-ratelimit-remaining-tokens': '199000',
    'x-ratelimit-reset-requests': '120ms',
    'x-ratelimit-reset-tokens': '300ms',
    'x-content-type-options': 'nosniff',
  };
}
