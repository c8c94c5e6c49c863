import { expect } from 'vitest';
import type { ScriptedProviderOptions } from '../../src/demo/provider/server.ts';
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type Eavesdropper, eavesdrop, endToEnd, fieldOf, type RawReply, until } from './wire-raw.ts';

export const TOKEN_HEADER = { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}` } as const;

/** Where one run of a client is pointed. */
export interface Pointing {
  /** Stands in place of the provider's own base URL: `{root}/{provider}` is that provider. */
  readonly root: string;
  readonly isGateway: boolean;
  /** What the client adds: the gateway's token, or nothing. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ComparisonOptions {
  readonly ignoreRequestFields?: readonly string[];
  readonly ignoreReplyFields?: readonly string[];
  /** Headers for the run through the gateway, in place of the token in `cf-aig-authorization`. */
  readonly gatewayHeaders?: Readonly<Record<string, string>>;
  /** True for clients that leave at an error event: how much more they receive is chance. */
  readonly leavesEarly?: boolean;
  /** True for clients that draw a multipart boundary at random for each request. */
  readonly ignoreBodies?: boolean;
}

/** The same client code, once directly at the scripted provider and once through the gateway. */
export interface Comparison {
  readonly test: TestGateway;
  /**
   * Runs it twice and requires: the same result; at the provider the same paths, end-to-end fields (names, case,
   * order, values) and body bytes; at the client the same statuses, end-to-end fields and body bytes. Returns the
   * result and the records of the run through the gateway.
   */
  same<T>(
    run: (pointing: Pointing) => Promise<T>,
    options?: ComparisonOptions,
  ): Promise<{ result: T; records: Record<string, unknown>[]; replies: RawReply[] }>;
  close(): Promise<void>;
}

// Fixed, so that `created` and its like are equal in both runs.
const FIXED_CLOCK = { now: () => 1_790_000_000_000, tick: () => performance.now() };

export async function startComparison(options: ScriptedProviderOptions = {}): Promise<Comparison> {
  const test = await startTestGateway({ provider: { clock: FIXED_CLOCK, ...options } });
  const { provider } = test;
  const direct = await eavesdrop(provider.port);
  const through = await eavesdrop(test.gateway.port);
  // Makes the gateway `default`.
  await fetch(`${test.base()}/openai/v1/models`, {
    headers: { authorization: 'Bearer test-key', ...TOKEN_HEADER },
  }).then((response) => response.arrayBuffer());
  return {
    test,
    async same(run, given = {}) {
      const one = await once(test, direct, () =>
        run({ root: `http://127.0.0.1:${direct.port}`, isGateway: false, headers: {} }),
      );
      const two = await once(test, through, () =>
        run({
          root: `http://127.0.0.1:${through.port}/v1/local/default`,
          isGateway: true,
          headers: given.gatewayHeaders ?? TOKEN_HEADER,
        }),
      );
      expect(two.result).toEqual(one.result);
      expect(two.requests.length).toBe(one.requests.length);
      for (const [index, request] of one.requests.entries()) {
        const other = two.requests[index]!;
        expect(other.method).toBe(request.method);
        expect(other.url).toBe(request.url);
        if (!given.ignoreBodies) expect(other.body.equals(request.body), 'request bodies differ').toBe(true);
        const fields = (list: readonly string[]): string[] => endToEnd(list, given.ignoreRequestFields);
        expect(fields(other.rawHeaders)).toEqual(fields(request.rawHeaders));
      }
      expect(two.replies.length).toBe(one.replies.length);
      for (const [index, reply] of one.replies.entries()) {
        const other = two.replies[index]!;
        expect(other.status).toBe(reply.status);
        expect(other.reason).toBe(reply.reason);
        const fields = (list: readonly string[]): string[] =>
          endToEnd(list, ['date', ...(given.ignoreReplyFields ?? [])]);
        expect(fields(other.headers)).toEqual(fields(reply.headers));
        if (given.ignoreBodies) continue;
        const end = given.leavesEarly ? Math.min(other.body.length, reply.body.length) : undefined;
        expect(other.body.subarray(0, end).equals(reply.body.subarray(0, end)), 'reply bodies differ').toBe(
          true,
        );
        if (!given.leavesEarly)
          expect(fieldOf(other.headers, 'content-length')).toBe(fieldOf(reply.headers, 'content-length'));
      }
      const records: Record<string, unknown>[] = [];
      for (const { headers } of two.replies) {
        const id = fieldOf(headers, 'cf-aig-log-id');
        if (id !== null) records.push(await test.record({ headers: new Headers({ 'cf-aig-log-id': id }) }));
      }
      return { result: two.result, records, replies: two.replies };
    },
    async close() {
      await direct.close();
      await through.close();
      await nothingOpen(test);
      await test.close();
    },
  };
}

async function once<T>(
  { provider }: TestGateway,
  ear: Eavesdropper,
  run: () => Promise<T>,
): Promise<{ result: T; requests: TestGateway['provider']['requests']; replies: RawReply[] }> {
  provider.reset();
  ear.clear();
  const result = await run();
  await until(() => provider.openStreams === 0 || null, 'the provider still has open streams');
  return { result, requests: [...provider.requests], replies: ear.replies() };
}

/** Nothing is left open, neither at the provider nor in the gateway. */
export async function nothingOpen(test: TestGateway): Promise<void> {
  await until(async () => {
    const health = await fetch(`${test.gateway.baseUrl}/healthz`).then((response) => response.json());
    const { openRequests, openUpstream, heldRequestBytes } = health as Record<string, unknown>;
    return (
      (test.provider.openStreams === 0 &&
        openRequests === 0 &&
        openUpstream === 0 &&
        heldRequestBytes === 0) ||
      null
    );
  }, 'something is left open');
}
