import { jsonAnswer, ProviderFailure, type WholeAnswer } from './answer.ts';
import type { ProviderRequest } from './provider-request.ts';

const USUAL: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['invalid_request_error', 'Invalid request'],
  401: ['authentication_error', 'invalid x-api-key'],
  402: ['billing_error', 'Your credit balance is too low to access the Anthropic API.'],
  403: ['permission_error', 'Your API key does not have permission to use the specified resource.'],
  404: ['not_found_error', 'Not found'],
  413: ['request_too_large', 'Request exceeds the maximum size'],
  429: [
    'rate_limit_error',
    'This request would exceed the rate limit for your organization of 50 requests per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits.',
  ],
  500: ['api_error', 'Internal server error'],
  503: ['api_error', 'Service temporarily unavailable'],
  504: ['timeout_error', 'Request timed out'],
  529: ['overloaded_error', 'Overloaded'],
};

function usual(status: number): readonly [string, string] {
  return USUAL[status] ?? (status >= 500 ? USUAL[500]! : USUAL[400]!);
}

export function anthropicFailure(status: number): ProviderFailure {
  return new ProviderFailure(status, usual(status)[1], status === 429 ? { retryAfter: '2' } : {});
}

export function anthropicError(failure: ProviderFailure): Record<string, unknown> {
  return { type: failure.code ?? usual(failure.status)[0], message: failure.message };
}

export function anthropicFail(request: ProviderRequest, failure: ProviderFailure): WholeAnswer {
  const headers = anthropicHeaders(request);
  if (failure.status === 429) headers['anthropic-ratelimit-requests-remaining'] = '0';
  if (failure.status === 429 || failure.status >= 500) headers['x-should-retry'] = 'true';
  if (failure.retryAfter !== null) headers['retry-after'] = failure.retryAfter;
  const body = { type: 'error', error: anthropicError(failure), request_id: headers['request-id'] };
  return jsonAnswer(body, headers, failure.status);
}

export function anthropicHeaders(request: ProviderRequest): Record<string, string> {
  const reset = `${new Date(Math.ceil(request.nowMs / 60_000) * 60_000).toISOString().slice(0, 19)}Z`;
  return {
    'request-id': `req_011C${request.idDice.letters(20)}`,
    'anthropic-organization-id': '00000000-0000-4000-a000-000000000000',
    'anthropic-ratelimit-requests-limit': '50',
    'anthropic-ratelimit-requests-remaining': String(Math.min(50, request.remainingRequests)),
    'anthropic-ratelimit-requests-reset': reset,
    'anthropic-ratelimit-input-tokens-limit': '30000',
    'anthropic-ratelimit-input-tokens-remaining': '29000',
    'anthropic-ratelimit-input-tokens-reset': reset,
    'anthropic-ratelimit-output-tokens-limit': '8000',
    'anthropic-ratelimit-output-tokens-remaining': '8000',
    'anthropic-ratelimit-output-tokens-reset': reset,
  };
}
