import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ask, chat } from './fault-client.ts';
import { outcomeOf, type SemanticGateway, startSemantic } from './semantic-calls.ts';
import { startUpstream, type Upstream } from './wire-upstream.ts';

const ASKED = 'Why do cats purr?';
const AGAIN = 'why do cats purr';
const OTHER = 'How do birds find their way home?';

let semantic: SemanticGateway;
let upstream: Upstream;
beforeAll(async () => {
  semantic = await startSemantic();
  upstream = await startUpstream();
}, 120_000);
afterAll(async () => {
  await semantic.close();
  await upstream.close();
});
beforeEach(() => semantic.test.provider.reset());

/** Asks badly, then shows that nothing of it is there for the next who asks. */
async function leavesNothing(bad: (gateway: string) => Promise<unknown>, fields: Fields = {}): Promise<void> {
  const gateway = await semantic.make();
  await bad(gateway);
  // What is good and comes after it is kept after it: by then the bad one would be there too.
  await semantic.chat(gateway, OTHER, fields);
  await semantic.kept(gateway, 1);
  expect((await semantic.entries(gateway)).map(({ text }) => text)).toEqual([OTHER]);
  expect(outcomeOf(await semantic.chat(gateway, AGAIN, fields))).not.toBe('semantic');
}

type Fields = Readonly<Record<string, unknown>>;

const FAULTS: readonly (readonly [string, string, Fields])[] = [
  ['a 400', 'status=400', {}],
  ['a 401', 'status=401', {}],
  ['a 429', 'status=429', {}],
  ['a 500', 'status=500', {}],
  ['a 529', 'status=529', {}],
  ['an error in a 200', 'okError', {}],
  ['an error event in a 200', 'errorEvent=2', { stream: true }],
  ['an error event before the first word', 'errorEvent=0', { stream: true }],
  ['a stream that breaks off', 'cut=3', { stream: true }],
  ['a stream that is reset', 'reset=2', { stream: true }],
  ['a body that breaks off', 'cut=2', {}],
  ['a body that is shorter than it says', 'lengthError=40', {}],
  ['a refusal', 'refuse', {}],
  ['a streamed refusal', 'refuse', { stream: true }],
  ['a page in place of an answer', 'contentType=text/html', {}],
];
it.each(FAULTS)('%s is never kept', async (_, fault, fields) => {
  await leavesNothing(
    (gateway) => semantic.chat(gateway, ASKED, fields, { 'x-scripted-fault': fault }).catch(() => null),
    fields,
  );
});

it.each([false, true])('an answer that was cut by its limit is never kept (streamed: %s)', async (stream) => {
  const limited = { max_tokens: 3, stream };
  await leavesNothing(async (gateway) => {
    const reply = await semantic.chat(gateway, ASKED, limited);
    expect(String(reply.body)).toContain('"length"');
    expect(await semantic.decisions(reply, gateway)).toContain('not kept for similar questions');
    expect(outcomeOf(await semantic.chat(gateway, AGAIN, limited))).toBe('no-neighbour');
  });
});

it('a stream that its client left is never kept', async () => {
  await leavesNothing(
    (gateway) =>
      ask(`${semantic.test.base(gateway)}/openai/chat/completions`, {
        body: chat({ stream: true }, ASKED),
        headers: { 'x-scripted-fault': 'tokens=500;tokenMs=5' },
        leaveWhen: (soFar) => soFar.length > 0,
      }),
    { stream: true },
  );
});

it('an answer with a call of a tool is never kept, even one that nobody offered', async () => {
  const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
  let finish = 'stop';
  upstream.handle = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const message = { role: 'assistant', content: null, tool_calls: [call] };
    response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: finish }] }));
  };
  const id = await semantic.make({}, { provider_urls: { openai: upstream.url } });
  for (finish of ['stop', 'tool_calls']) {
    const reply = await semantic.chat(id, ASKED);
    expect(await semantic.decisions(reply, id)).toContainEqual(
      expect.stringContaining('not kept for similar questions'),
    );
  }
  expect(await semantic.entries(id)).toEqual([]);
});
