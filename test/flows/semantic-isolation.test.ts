import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { header, outcomeOf, type SemanticGateway, startSemantic } from './semantic-calls.ts';

const ASKED = 'What do bees make honey from?';
const AGAIN = 'what do bees make honey from';
const PATH = 'openai/chat/completions';

let semantic: SemanticGateway;
let tokens: string[] = [];
beforeAll(async () => {
  semantic = await startSemantic();
  tokens = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const made = await semantic.test.manage('POST', '/tokens', { name, permissions: ['run'] });
      return (made as { value: string }).value;
    }),
  );
}, 120_000);
afterAll(() => semantic.close());
beforeEach(() => semantic.test.provider.reset());

interface Request {
  readonly path?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}
const send = (gateway: string, text: string, { path = PATH, body = {}, headers = {} }: Request = {}) =>
  semantic.send(
    gateway,
    path,
    { model: 'gpt-4o-mini', messages: [{ role: 'user', content: text }], ...body },
    headers,
  );

const said = (...list: [string, string][]): object[] => list.map(([role, content]) => ({ role, content }));

const MUTATIONS: readonly (readonly [string, () => Request])[] = [
  ['token', () => ({ headers: { 'cf-aig-authorization': `Bearer ${tokens[0]}` } })],
  ['other token', () => ({ headers: { 'cf-aig-authorization': `Bearer ${tokens[1]}` } })],
  ['credential', () => ({ headers: { authorization: 'Bearer test-key-other' } })],
  ['model', () => ({ body: { model: 'gpt-4o' } })],
  ['provider', () => ({ path: 'groq/chat/completions' })],
  ['path', () => ({ path: 'openai/v1/chat/completions?v=2' })],
  ['stream', () => ({ body: { stream: true } })],
  ['system prompt', () => ({ body: { messages: said(['system', 'Be brief.'], ['user', AGAIN]) } })],
  ['history', () => ({ body: { messages: said(['user', 'hi'], ['assistant', 'hello'], ['user', AGAIN]) } })],
  ['temperature', () => ({ body: { temperature: 0 } })],
  ['format', () => ({ body: { response_format: { type: 'json_object' } } })],
  ['limit', () => ({ body: { max_tokens: 77 } })],
  ['behaviour header', () => ({ headers: { 'openai-organization': 'org-2' } })],
  ['accepted encoding', () => ({ headers: { 'accept-encoding': 'br' } })],
  ['key of the caller', () => ({ headers: { 'cf-aig-cache-key': 'mine' } })],
  [
    'form of the message',
    () => ({ body: { messages: [{ role: 'user', content: [{ type: 'text', text: AGAIN }] }] } }),
  ],
];

it('an answer is found by who asks the same way, and by nobody who changes any one part', async () => {
  const gateway = await semantic.make();
  const first = await send(gateway, ASKED);
  await semantic.kept(gateway, 1);
  let kept = 1;
  for (const [part, change] of MUTATIONS) {
    const reply = await send(gateway, AGAIN, change());
    expect([part, reply.status, outcomeOf(reply)]).toEqual([part, 200, 'no-neighbour']);
    // Each is kept in a partition of its own, before the next one looks.
    await semantic.kept(gateway, ++kept);
  }
  const partitions = new Set(
    (await semantic.entries(gateway)).map((entry) => (entry as unknown as { partition: string }).partition),
  );
  expect(partitions.size).toBe(MUTATIONS.length + 1);
  const hit = await send(gateway, AGAIN);
  expect([outcomeOf(hit), hit.body.equals(first.body)]).toEqual(['semantic', true]);
});

it('another gateway has its own, and so has the same gateway with another embedder’s settings', async () => {
  const [one, two] = [await semantic.make(), await semantic.make()];
  await send(one, ASKED);
  await semantic.kept(one, 1);
  expect(outcomeOf(await send(two, AGAIN))).toBe('no-neighbour');
  expect(outcomeOf(await send(one, AGAIN))).toBe('semantic');
});

it('two tenants of one gateway never see each other, until the gateway is told to share', async () => {
  const gateway = await semantic.make({ scope: 'token' });
  const as = (token: string): Request => ({ headers: { 'cf-aig-authorization': `Bearer ${token}` } });
  const first = await send(gateway, ASKED, as(tokens[0]!));
  await semantic.kept(gateway, 1);
  expect(outcomeOf(await send(gateway, AGAIN, as(tokens[1]!)))).toBe('no-neighbour');
  const shared = await semantic.make({ scope: 'gateway' });
  const paid = await send(shared, ASKED, as(tokens[0]!));
  await semantic.kept(shared, 1);
  const hit = await send(shared, AGAIN, as(tokens[1]!));
  expect([outcomeOf(hit), hit.body.equals(paid.body), hit.body.equals(first.body)]).toEqual([
    'semantic',
    true,
    false,
  ]);
});

it('by user: each user of a token has their own, and who names none has nothing', async () => {
  const gateway = await semantic.make({ scope: 'user' });
  const as = (user: string): Request => ({
    headers: { 'cf-aig-metadata': JSON.stringify({ user_id: user }) },
  });
  await send(gateway, ASKED, as('ann'));
  await semantic.kept(gateway, 1);
  expect(outcomeOf(await send(gateway, AGAIN, as('bob')))).toBe('no-neighbour');
  expect(outcomeOf(await send(gateway, AGAIN, as('ann')))).toBe('semantic');
  const nobody = await send(gateway, AGAIN);
  expect([outcomeOf(nobody), header(nobody, 'tidegate-cache-entry')]).toEqual(['no-scope', undefined]);
});

it('callers that nothing tells apart share nothing', async () => {
  const gateway = await semantic.make({}, { authentication: false });
  const anonymous = { headers: { 'cf-aig-authorization': '', authorization: '' } };
  expect(outcomeOf(await send(gateway, ASKED, anonymous))).toBe('no-scope');
});
