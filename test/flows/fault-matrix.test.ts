import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/demo/provider/fault.ts';
import type { RecordedRequest } from '../../src/demo/provider/journal.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, chat, type RawReply, until } from './fault-client.ts';

/** What the client and the record say of one fault, without retry or fallback. */
interface Expected {
  readonly fault: Fault;
  readonly status: number;
  readonly success: boolean;
  readonly outcome?: 'complete' | 'failed';
  /** `error_type` of the record, of a whole answer and of a stream; null is none. */
  readonly errorType: string | null;
  readonly streamErrorType?: string | null;
  /** Part of the message on the attempt line. */
  readonly message?: RegExp;
  /** `status_code` and `error` of the failed attempt when something else may be tried; null when it stands. */
  readonly tried: { readonly whole: Tried; readonly stream: Tried };
  /** The next step is taken although the same step would not be tried again. */
  readonly fallsBackOnly?: true;
  readonly finish?: string;
}

type Tried = readonly [status: number | null, error: string] | null;

const both = (tried: Tried): Expected['tried'] => ({ whole: tried, stream: tried });
const stands = both(null);
const down = both([null, 'upstream-failed']);

const refused = (status: number, errorType: string, fallsBackOnly?: true): Expected => ({
  fault: { status, retryAfter: '0' },
  status,
  success: false,
  errorType,
  tried: both([status, `status ${status}`]),
  ...(fallsBackOnly && { fallsBackOnly }),
});

const broken = { status: 200, success: false, outcome: 'failed', errorType: 'upstream-failed' } as const;
const unreachable = { status: 400, success: false, errorType: 'upstream-failed', tried: down } as const;
const good = { status: 200, success: true, errorType: null, tried: stands } as const;

const MATRIX: readonly Expected[] = [
  refused(400, 'invalid_request_error', true),
  refused(401, 'invalid_request_error', true),
  refused(404, 'invalid_request_error', true),
  refused(408, 'server_error'),
  refused(409, 'conflict_error'),
  refused(429, 'requests'),
  refused(500, 'server_error'),
  refused(503, 'server_error'),
  refused(529, 'server_error'),
  { fault: { delayMs: 60 }, ...good, finish: 'stop' },
  // The slow ones stand together, to be waited for together.
  { fault: { dripMs: 0.01, tokens: 1 }, ...good },
  { fault: { hang: true }, ...unreachable, message: /no answer within the idle time-out/ },
  {
    fault: { hang: 0 },
    ...broken,
    message: /fell silent/,
    tried: both([200, 'upstream-failed']),
  },
  { fault: { hang: 3 }, ...broken, message: /fell silent/, tried: stands },
  { fault: { cut: true }, ...unreachable, message: /closed before the answer was whole/ },
  { fault: { cut: 0 }, ...broken, message: /closed before/, tried: both([200, 'upstream-failed']) },
  { fault: { cut: 3 }, ...broken, message: /closed before/, tried: stands },
  { fault: { reset: true }, ...unreachable, message: /was reset/ },
  { fault: { reset: 3 }, ...broken, message: /was reset/, tried: stands },
  {
    fault: { errorEvent: 0 },
    status: 200,
    success: false,
    errorType: 'server_error',
    // A whole answer that is an error says so with its status; one that does not is the client's to judge.
    tried: { whole: null, stream: [200, 'error event in the stream'] },
  },
  { fault: { errorEvent: 3 }, status: 200, success: false, errorType: 'server_error', tried: stands },
  { fault: { okError: true }, status: 200, success: false, errorType: 'server_error', tried: stands },
  { fault: { hugeLineBytes: 3_000_000 }, ...good, finish: 'stop' },
  { fault: { contentType: 'text/html' }, ...good, finish: 'stop' },
  { fault: { lengthError: 50 }, ...broken, message: /closed before|length/, tried: stands },
  { fault: { lengthError: -50 }, ...good },
  { fault: { garbage: true }, ...unreachable, message: /not valid HTTP/ },
  { fault: { headerBytes: 100_000 }, ...unreachable, message: /header fields are too large/ },
  { fault: { redirect: 'http://127.0.0.1:1/elsewhere' }, ...good, status: 307 },
  { fault: { bombBytes: 20_000_000 }, ...good },
  { fault: { earlyClose: true }, ...good, finish: 'stop' },
  { fault: { refuse: true }, ...good, finish: 'content_filter' },
];

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway({ env: { TIDEGATE_UPSTREAM_IDLE_MS: '250' } });
});
afterAll(() => test.close());

const name = ({ fault }: Expected): string => JSON.stringify(fault);

/** Cases run beside each other: each has a name that the provider sees, and its fault is met only so many times. */
let cases = 0;
function newCase({ fault }: Expected, times: number) {
  const id = `case-${++cases}`;
  return {
    mark: { 'x-case': id },
    meet: { 'x-scripted-fault': JSON.stringify({ ...fault, times, key: id }) },
    seen: (): RecordedRequest[] =>
      test.provider.requests.filter((request) => request.header('x-case') === id),
  };
}

const FORMS = [
  { form: 'whole', fields: {} },
  { form: 'stream', fields: { stream: true } },
] as const;

/** The bytes that the provider put on the wire, less what a wrong length cuts off. */
function sentBytes(expected: Expected, { sent }: RecordedRequest): Buffer {
  const { lengthError = 0 } = expected.fault;
  return lengthError < 0 ? sent.subarray(0, lengthError) : sent;
}

async function judge(
  reply: RawReply,
  expected: Expected,
  streamed: boolean,
): Promise<Record<string, unknown>> {
  const outcome = expected.outcome ?? 'complete';
  expect(reply.status).toBe(expected.status);
  expect(reply.whole).toBe(outcome === 'complete');
  const row = await test.record(reply.fields);
  expect(row).toMatchObject({
    status_code: expected.status,
    success: expected.success,
    outcome,
    error_type:
      streamed && expected.streamErrorType !== undefined ? expected.streamErrorType : expected.errorType,
    response_size: reply.body.length,
    ...(expected.finish && { finish_reason: expected.finish }),
  });
  return row;
}

/** The fault's row of the record, as [status, error]. */
const attemptsOf = (row: Record<string, unknown>): unknown[] =>
  (row.attempts as Record<string, unknown>[]).map(({ step, attempt, status_code, error }) => [
    step,
    attempt,
    status_code,
    error,
  ]);

describe.each(FORMS)('$form answers, nothing else to try', ({ form, fields }) => {
  it.concurrent.each(MATRIX.map((expected) => [name(expected), expected] as const))(
    '%s',
    async (_, expected) => {
      const { mark, meet, seen } = newCase(expected, 1);
      const reply = await ask(`${test.base()}/openai/chat/completions`, {
        body: chat(fields),
        headers: { ...mark, ...meet },
      });
      const row = await judge(reply, expected, form === 'stream');
      const [line, ...others] = row.attempts as Record<string, unknown>[];
      expect(others).toEqual([]);
      const isOurs = expected.tried === down;
      expect(line).toMatchObject({
        status_code: isOurs ? null : expected.status,
        error: expected.errorType,
        waited: null,
        ...(expected.message && { message: expect.stringMatching(expected.message) }),
      });
      if (isOurs) {
        expect(JSON.parse(reply.body.toString())).toMatchObject({
          success: false,
          name: 'AiGatewayError',
          internalCode: 2005,
          error: [{ code: 2005, message: expect.stringMatching(expected.message!) }],
        });
      } else {
        expect(reply.body.equals(sentBytes(expected, seen()[0]!))).toBe(true);
      }
      if (expected.fault.redirect) expect(reply.headers.location).toBe(expected.fault.redirect);
      expect(seen()).toHaveLength(1);
    },
  );
});

describe.each(FORMS)('$form answers, with two more attempts', ({ form, fields }) => {
  it.concurrent.each(MATRIX.map((expected) => [name(expected), expected] as const))(
    '%s',
    async (_, expected) => {
      const { mark, meet, seen } = newCase(expected, 2);
      const reply = await ask(`${test.base()}/openai/chat/completions`, {
        body: chat(fields),
        headers: { ...mark, ...meet, 'cf-aig-max-attempts': '3', 'cf-aig-retry-delay': '5' },
      });
      const tried = expected.tried[form];
      if (tried === null || expected.fallsBackOnly) {
        await judge(reply, expected, form === 'stream');
        expect(seen()).toHaveLength(1);
        return;
      }
      expect(reply).toMatchObject({ status: 200, whole: true });
      expect(reply.body.equals(seen()[2]!.sent)).toBe(true);
      const row = await test.record(reply.fields);
      expect(row).toMatchObject({ status_code: 200, success: true, error_type: null, finish_reason: 'stop' });
      expect(attemptsOf(row)).toEqual([
        [0, 1, ...tried],
        [0, 2, ...tried],
        [0, 3, 200, null],
      ]);
      expect((row.attempts as { waited: unknown }[]).map(({ waited }) => waited)).toEqual([5, 5, null]);
      expect((row.decisions as { stage: string }[]).filter(({ stage }) => stage === 'retry')).toHaveLength(2);
    },
  );
});

describe.each(FORMS)('$form answers, with another provider to fall back to', ({ form, fields }) => {
  it.concurrent.each(MATRIX.map((expected) => [name(expected), expected] as const))(
    '%s',
    async (_, expected) => {
      const { mark, meet, seen } = newCase(expected, 1);
      const step = (provider: string, headers: object): object => ({
        provider,
        endpoint: 'chat/completions',
        headers: { ...headers, authorization: `Bearer test-key-${provider}` },
        query: chat(fields),
      });
      const reply = await ask(test.base(), { headers: mark, body: [step('openai', meet), step('groq', {})] });
      const tried = expected.tried[form];
      if (tried === null) {
        await judge(reply, expected, form === 'stream');
        expect(reply.headers['cf-aig-step']).toBe('0');
        expect(seen()).toHaveLength(1);
        return;
      }
      expect(reply).toMatchObject({ status: 200, whole: true });
      expect(reply.headers['cf-aig-step']).toBe('1');
      expect(reply.body.equals(seen()[1]!.sent)).toBe(true);
      const row = await test.record(reply.fields);
      expect(row).toMatchObject({
        provider: 'groq',
        step: 1,
        status_code: 200,
        success: true,
        error_type: null,
      });
      expect(attemptsOf(row)).toEqual([
        [0, 1, ...tried],
        [1, 1, 200, null],
      ]);
    },
  );
});

it('leaves nothing open after all of that', async () => {
  await until(() => test.provider.openStreams === 0, 'the provider still has open streams');
  const health = (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as object;
  expect(health).toMatchObject({
    status: 'ok',
    counters: {},
    openRequests: 0,
    openUpstream: 0,
    heldRequestBytes: 0,
  });
});
