import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/gateway.ts';
import { until } from './fault-client.ts';
import { outcomeOf, type SemanticGateway, startSemantic, WAIT_MS } from './semantic-calls.ts';

let semantic: SemanticGateway;
let open = '';

const STORED = 'stored-key-of-the-embedder';
const ASKED = 'What is the capital of France?';
const AGAIN = 'what is the capital of france';

beforeAll(async () => {
  semantic = await startSemantic();
  open = await semantic.make({ embedder: 'mistral/mistral-embed' }, { authentication: false });
  await semantic.test.manage('POST', `/gateways/${open}/provider_configs`, {
    provider_slug: 'mistral',
    alias: 'default',
    secret: STORED,
  });
}, 120_000);
afterAll(() => semantic.close());
beforeEach(() => semantic.test.provider.reset());

const embeddings = () => semantic.test.provider.requests.filter(({ url }) => url.includes('embeddings'));
const WITH_TOKEN = {
  'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
  authorization: 'Bearer key-of-the-client',
};

it('a provider’s embedder is asked with the stored key in the name of the token, and never with a client’s', async () => {
  const first = await semantic.chat(open, ASKED, {}, WITH_TOKEN);
  expect(outcomeOf(first)).toBe('no-neighbour');
  await semantic.kept(open, 1);
  const hit = await semantic.chat(open, AGAIN, {}, WITH_TOKEN);
  expect([hit.status, outcomeOf(hit)]).toEqual([200, 'semantic']);
  expect(embeddings().length).toBeGreaterThan(1);
  for (const request of embeddings()) {
    expect(request.header('authorization')).toBe(`Bearer ${STORED}`);
    expect(request.rawHeaders.join('\n')).not.toMatch(/key-of-the-client|cf-aig|tidegate|test-admin/i);
  }
  // Each such call has a record that tells it apart, with its price, and without the question.
  const rows = (await semantic.test.manage('GET', `/gateways/${open}/logs?per_page=50`)) as Record<
    string,
    unknown
  >[];
  const own = rows.filter(({ path }) => String(path).includes('embeddings'));
  expect(own.length).toBeGreaterThan(0);
  expect(own[0]).toMatchObject({ provider: 'mistral', request_type: 'embedding', success: true });
  expect(JSON.stringify(own)).not.toMatch(/capital/i);
});

it('a caller of an open gateway without a token lends no stored key, and is answered all the same', async () => {
  const reply = await fetch(`${semantic.test.base(open)}/openai/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer key-of-a-stranger', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Who wrote Faust?' }] }),
  });
  expect(await reply.json()).toMatchObject({ object: 'chat.completion' });
  expect([reply.status, reply.headers.get('tidegate-cache-reason')]).toEqual([200, 'embedder-failed']);
  const record = await semantic.test.record(reply, open);
  expect(record.decisions).toContainEqual(expect.objectContaining({ stage: 'auth', outcome: 'anonymous' }));
  expect(embeddings()).toEqual([]);
  const chats = semantic.test.provider.requests.filter(({ url }) => url.includes('chat'));
  expect(chats.map((request) => request.header('authorization'))).toEqual(['Bearer key-of-a-stranger']);
  // And what the stranger could not use stays good for those who can.
  await until(
    async () => outcomeOf(await semantic.chat(open, AGAIN, {}, WITH_TOKEN)) === 'semantic',
    'the embedder was given up for all',
    WAIT_MS,
  );
});

it('asking for vectors takes nothing from the gateway’s rate limit', async () => {
  const limited = await semantic.make(
    { embedder: 'mistral/mistral-embed' },
    { rate_limiting_limit: 2, rate_limiting_interval: 3600 },
  );
  await semantic.test.manage('POST', `/gateways/${limited}/provider_configs`, {
    provider_slug: 'mistral',
    alias: 'default',
    secret: STORED,
  });
  const left: unknown[] = [];
  for (const question of ['Who wrote Faust?', 'How deep is the Baltic Sea?']) {
    const reply = await semantic.chat(limited, question, {}, WITH_TOKEN);
    expect([reply.status, outcomeOf(reply)]).toEqual([200, 'no-neighbour']);
    left.push(reply.headers['ratelimit-remaining']);
  }
  expect(embeddings().length).toBeGreaterThan(1);
  expect(left).toEqual(['1', '0']);
});
