import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, type RawReply } from './fault-client.ts';

/** A gateway `caching` that keeps answers for an hour, beside `default`, which keeps none. */
export async function startCachingGateway(): Promise<TestGateway> {
  const test = await startTestGateway();
  await test.manage('POST', '/gateways', { id: 'caching', cache_ttl: 3600 });
  return test;
}

let asked = 0;
/** A question that nobody has asked before. */
export const question = (): string => `Question number ${++asked}`;

export interface Sending {
  readonly gateway?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly method?: string;
}

export const send = (
  test: TestGateway,
  { gateway = 'caching', path = 'openai/chat/completions', ...rest }: Sending,
): Promise<RawReply> => ask(`${test.base(gateway)}/${path}`, rest);

export const status = ({ headers }: RawReply): string | undefined =>
  headers['cf-aig-cache-status'] as string | undefined;

/** Cache status of the same request sent twice, or of two. */
export async function twice(
  test: TestGateway,
  first: Sending,
  second: Sending = first,
): Promise<(string | undefined)[]> {
  return [status(await send(test, first)), status(await send(test, second))];
}

type Decision = { stage: string; outcome: string; rule: string | null; detail: string | null };

/** What the record of a reply says that the cache did. */
export async function decisions(
  test: TestGateway,
  reply: RawReply,
  gateway = 'caching',
): Promise<Decision[]> {
  const row = await test.record(reply.fields, gateway);
  return (row.decisions as Decision[]).filter(({ stage }) => stage === 'cache');
}
