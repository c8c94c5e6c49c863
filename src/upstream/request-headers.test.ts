import { expect, it } from 'vitest';
import { forwardedReplyHeaders, forwardedRequestHeaders } from './request-headers.ts';

it('keeps case, order and repeats of what it forwards', () => {
  const list = ['X-Custom', '1', 'accept', '*/*', 'x-custom', '2', 'Anthropic-Version', '2023-06-01'];
  expect(forwardedRequestHeaders(list, null)).toEqual(list);
});

it('drops gateway fields, cookies, hop-by-hop fields and those that Connection names', () => {
  const list = [
    'Host',
    'gateway',
    'Cookie',
    'a=b',
    'CF-AIG-Authorization',
    'x',
    'cf-aig-anything-new',
    'y',
    'tidegate-semantic-cache',
    'on',
    'Connection',
    'keep-alive, X-Secret',
    'X-Secret',
    '1',
    'Keep-Alive',
    '5',
    'TE',
    'trailers',
    'Upgrade',
    'h2c',
    'Transfer-Encoding',
    'chunked',
    'Content-Length',
    '3',
    'X-Forwarded-For',
    '1.2.3.4',
    'Forwarded',
    'for=x',
    'cf-cache-ttl',
    '1',
    'Cf-Access-Token',
    'z',
    'Expect',
    '100-continue',
    'authorization',
    'Bearer client-key',
  ];
  expect(forwardedRequestHeaders(list, null)).toEqual(['authorization', 'Bearer client-key']);
  expect(forwardedRequestHeaders(list, new Set(['authorization']))).toEqual([]);
});

it('takes nothing from an upstream that would speak in the gateway’s name', () => {
  const list = [
    'Set-Cookie',
    'a=b',
    'cf-aig-log-id',
    'forged',
    'CF-AIG-Cache-Status',
    'HIT',
    'Access-Control-Allow-Origin',
    '*',
    'alt-svc',
    'h3=":443"',
    'Connection',
    'x-hidden',
    'x-hidden',
    '1',
    'Transfer-Encoding',
    'chunked',
    'content-type',
    'application/json',
    'x-request-id',
    'req_1',
  ];
  expect(forwardedReplyHeaders(list)).toEqual(['content-type', 'application/json', 'x-request-id', 'req_1']);
});

it('is not confused by names that objects have by nature', () => {
  const list = ['__proto__', 'x', 'constructor', 'y'];
  expect(forwardedRequestHeaders(list, null)).toEqual(list);
});
