import { type HeaderList, withoutHeaders } from '../../../core/headers.ts';
import type { CallGateway } from '../../../core/inside-call.ts';
import { readWhole } from '../../../core/read-whole.ts';
import type { SemanticAnswer } from '../../../core/stores/semantic.ts';
import type { CheckedRequest } from './checks.ts';

/** What came back, and what it cost; the answer is null for an error or one that is not whole. */
export interface AskedAgain {
  readonly answer: SemanticAnswer | null;
  readonly costNanos: number | null;
  /** Of the reply. */
  readonly headers: HeaderList;
}

/** What is longer is not compared. */
export const MOST_ANSWER_BYTES = 1024 * 1024;
const WHOLE_MS = 180_000;

/** True of what is this one request's, or would bring an answer from a cache. */
const isLeftOut = (name: string): boolean =>
  name === 'cf-aig-authorization' ||
  name === 'cf-aig-event-id' ||
  name === 'content-length' ||
  name === 'cf-cache-ttl' ||
  name === 'cf-skip-cache' ||
  name === 'tidegate-semantic-cache' ||
  name === 'tidegate-share-in-flight' ||
  name === 'cf-aig-max-attempts' ||
  name === 'cf-aig-collect-log' ||
  name.startsWith('cf-aig-cache-') ||
  name === 'cf-aig-skip-cache';

/** Of every request that a check makes. */
export const OF_A_CHECK: readonly string[] = [
  'cf-aig-skip-cache',
  'true',
  // Neither read nor stored: a check must not change what others get.
  'cf-aig-cache-ttl',
  '0',
  'tidegate-semantic-cache',
  'off',
  // What checking costs stands in the logs, whatever the gateway keeps of others.
  'cf-aig-collect-log',
  'true',
];

const ASKED_AFRESH = [...OF_A_CHECK, 'tidegate-share-in-flight', 'false', 'cf-aig-max-attempts', '1'];

/** Sends the request to its provider once more, past every cache. Rejects when it was given up. */
export async function askAgain(
  request: CheckedRequest,
  purpose: string,
  callGateway: CallGateway,
  signal: AbortSignal,
): Promise<AskedAgain> {
  const { gateway, token, method, rest, headers, body } = request;
  const reply = await callGateway({
    origin: 'cache-check',
    purpose,
    account: gateway.account,
    gateway,
    token,
    method,
    rest,
    headers: [...withoutHeaders(headers, isLeftOut), ...ASKED_AFRESH],
    body,
    signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_MS)]),
    hangUp: null,
  });
  const bytes = await readWhole(reply.body, MOST_ANSWER_BYTES);
  signal.throwIfAborted();
  const isGood = reply.status === 200 && bytes !== null;
  return {
    answer: isGood ? { headers: [...reply.headers], body: bytes } : null,
    headers: reply.headers,
    costNanos: reply.costNanos(),
  };
}
