import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from '../support/gateway.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
});
afterAll(() => test.close());

it('makes the default gateway at the first authenticated request, forwards it, and records it with its cost', async () => {
  const ask = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${test.base()}/openai/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-key-openai', 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello there' }] }),
    });
  const refused = await ask({});
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({
    success: false,
    name: 'AiGatewayError',
    internalCode: 2009,
    error: [{ code: 2009 }],
  });
  expect(test.provider.requests).toHaveLength(0);

  const response = await ask({
    'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
    'cf-aig-metadata': '{"team":"blue"}',
  });
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { usage: { prompt_tokens: number } };
  expect(test.provider.requests).toHaveLength(1);
  const row = await test.record(response);
  expect(row).toMatchObject({
    provider: 'openai',
    model_requested: 'gpt-4o-mini',
    status_code: 200,
    success: true,
    cached: false,
    tokens_in: answer.usage.prompt_tokens,
    metadata: { team: 'blue' },
  });
  expect(row.cost).toBeGreaterThan(0);
});
