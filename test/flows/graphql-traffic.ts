import { expect } from 'vitest';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

export interface GraphqlTraffic {
  readonly harness: TestGateway;
  /** A span of time that holds all of it, as ISO 8601. */
  readonly from: string;
  readonly to: string;
}

/** Five requests: three of gateway `one`, of which one was a hit, and two of `two`, of which one failed. */
export async function startGraphqlTraffic(): Promise<GraphqlTraffic> {
  const harness = await startTestGateway();
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const chat = (gateway: string, model: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${harness.base(gateway)}/openai/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-key-of-nobody', 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: `hello ${model}` }] }),
    });
  for (const id of ['one', 'two'])
    await harness.manage('POST', '/gateways', gatewayBody({ id, authentication: false, cache_ttl: 60 }));
  const metadata = { 'cf-aig-metadata': JSON.stringify({ team: 'search', user_id: 'u_7' }) };
  const answers = [
    await chat('one', 'gpt-4o-mini', metadata),
    await chat('one', 'gpt-4o-mini', metadata),
    await chat('one', 'gpt-4o'),
    await chat('two', 'gpt-4o', { 'user-agent': 'probe/1' }),
    await chat('two', 'no-such-model'),
  ];
  for (const answer of answers) await answer.arrayBuffer();
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 404]);
  await harness.record(answers[4]!, 'two');
  return { harness, from, to: new Date(Date.now() + 3_600_000).toISOString() };
}
