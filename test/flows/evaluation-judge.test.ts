import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { eventually } from '../support/scripted-provider.ts';
import { type EvaluationObject, ended, resultOf } from './evaluation-calls.ts';
import { nothingOpen } from './sdk-comparison.ts';
import { startUpstream, type Upstream } from './wire-upstream.ts';

let test: TestGateway;
let upstream: Upstream;
/** Questions that came to the judge: what was judged, and with which credential. */
let asked: { answer: string; conversation: unknown; key: string; system: string }[] = [];
let openCalls = 0;
let dataset = '';
const ANSWERS = ['good', 'bad', 'nonsense', 'broken', 'limited'];
/** What the judge says of each. */
const VERDICTS: Readonly<Record<string, readonly [content: string, status: number]>> = {
  good: ['```json\n{"score":0.9,"reason":"polite"}\n```', 200],
  bad: ['{"score":0.1,"reason":"rude"}', 200],
  nonsense: ['I like it.', 200],
  limited: ['slow down', 429],
};

beforeAll(async () => {
  upstream = await startUpstream();
  upstream.handle = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => serve(request, response, JSON.parse(Buffer.concat(chunks).toString())));
  };
  test = await startTestGateway();
  for (const id of ['g', 'judges', 'slow'])
    await test.manage('POST', '/gateways', gatewayBody({ id, provider_urls: { openai: upstream.url } }));
  for (const id of ['judges', 'slow'])
    await test.manage('POST', `/gateways/${id}/provider_configs`, {
      provider_slug: 'openai',
      alias: 'default',
      secret: 'stored-key-of-the-judge',
    });
  await test.manage('POST', '/gateways', gatewayBody({ id: 'keyless' }));
  for (const answer of ANSWERS) await ask(answer);
  const made = (await test.manage('POST', '/gateways/g/datasets', {
    name: 'All',
    enable: true,
    filters: [],
  })) as { id: string };
  dataset = made.id;
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
  await upstream.close();
});
beforeEach(() => {
  asked = [];
});

interface Chat {
  messages: { role: string; content: string }[];
}

function serve(request: IncomingMessage, response: ServerResponse, { messages }: Chat): void {
  const say = (content: string, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
    response.end(
      JSON.stringify({
        model: 'gpt-4o',
        choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
      }),
    );
  };
  if (messages[0]!.role !== 'system') {
    say(messages[0]!.content);
    return;
  }
  const material = JSON.parse(messages[1]!.content);
  asked.push({
    ...material,
    key: request.headers.authorization ?? '',
    system: messages[0]!.content,
  });
  openCalls++;
  response.once('close', () => openCalls--);
  if (request.url!.includes('slow')) return;
  const [content, status] = VERDICTS[material.answer] ?? ['oops', 500];
  say(content, status);
}

/** A client's request, which is answered with its own text. */
async function ask(text: string): Promise<void> {
  const response = await fetch(`${test.base('g')}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer k', 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}` },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: text }] }),
  });
  await response.arrayBuffer();
  await test.record(response, 'g');
}

const start = async (parameters: object = {}, token = ADMIN_TOKEN): Promise<Response> =>
  fetch(`${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/g/evaluations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({
      name: 'Judged',
      dataset_ids: [dataset],
      evaluation_type_ids: ['model_judge'],
      parameters: {
        model_judge: {
          gateway: 'judges',
          provider: 'openai',
          model: 'gpt-4o',
          instructions: 'Is the answer polite?',
          ...parameters,
        },
      },
    }),
  });

async function judged(parameters: object = {}): Promise<EvaluationObject> {
  const answer = (await (await start(parameters)).json()) as { result: EvaluationObject };
  return ended(test, 'g', answer.result.id);
}

const scoresOf = async (id: string, query = ''): Promise<Record<string, unknown>[]> =>
  (await test.manage('GET', `/gateways/g/evaluations/${id}/results?per_page=100${query}`)) as Record<
    string,
    unknown
  >[];

it('a model judges answers through a gateway; what fails, is limited or says nothing is counted as such', async () => {
  const evaluation = await judged();
  const result = resultOf(evaluation, 'model_judge');
  expect(result).toMatchObject({ result: '0.5', status: 2, total_logs: 2 });
  expect(result.status_description).toBe(
    'completed: 2 of 5 logs have a score; 1 where the call failed; 1 answered without a verdict; 1 rate-limited',
  );
  const scores = await scoresOf(evaluation.id);
  const reasons = Object.fromEntries(scores.map(({ reason, explanation }) => [reason, explanation]));
  expect(reasons).toMatchObject({
    'judge-error': expect.stringContaining('status 500'),
    'no-verdict': expect.stringContaining('I like it.'),
    'rate-limited': 'refused by a rate limit 3 times',
  });
  expect(scores.filter(({ state }) => state === 'scored')).toEqual([
    expect.objectContaining({ score: 0.1, passed: false, explanation: 'rude' }),
    expect.objectContaining({ score: 0.9, passed: true, explanation: 'polite' }),
  ]);
  expect(result.cost).toBeGreaterThan(0);

  // Three times for the one that was refused, once for the others.
  expect(asked.map(({ answer }) => answer).sort()).toEqual(
    ['bad', 'broken', 'good', 'limited', 'limited', 'limited', 'nonsense'].sort(),
  );
  for (const question of asked) {
    expect(question.key).toBe('Bearer stored-key-of-the-judge');
    expect(question.system).toContain('Is the answer polite?');
    expect(question.conversation).toEqual([{ role: 'user', text: question.answer }]);
  }
});

it('each call has its record, which says what it was for, and which no dataset holds', async () => {
  const evaluation = await judged();
  const filters = JSON.stringify([{ key: 'metadata.value', operator: 'eq', value: [evaluation.id] }]);
  const records = (await test.manage(
    'GET',
    `/gateways/judges/logs?per_page=50&filters=${encodeURIComponent(filters)}`,
  )) as { request_type: string; cost: number | null; metadata: { log: string }; decisions: object[] }[];
  expect(records).toHaveLength(7);
  for (const record of records) {
    expect(record.request_type).toBe('evaluation');
    expect(record.decisions).toContainEqual({
      stage: 'route',
      outcome: 'evaluation',
      rule: null,
      detail: evaluation.id,
    });
  }
  const spent = records.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
  expect(resultOf(evaluation, 'model_judge').cost).toBeCloseTo(spent, 9);
  const own = (await test.manage('POST', '/gateways/judges/datasets', {
    name: 'Own',
    enable: true,
    filters: [],
  })) as { id: string };
  expect(await test.manage('GET', `/gateways/judges/datasets/${own.id}/logs`)).toEqual([]);
});

it('no more calls are made than are allowed, and no more money is spent', async () => {
  const few = await judged({ max_calls: 1 });
  expect(asked).toHaveLength(1);
  expect(resultOf(few, 'model_judge').status_description).toContain('4 over the limit of calls');
  asked = [];
  // Those that are on their way when the limit is reached come to their end.
  const cheap = await judged({ max_cost: 0.000001 });
  expect(asked.length).toBeLessThanOrEqual(6);
  expect(resultOf(cheap, 'model_judge').status_description).toContain('1 over the limit of cost');
});

it('without a stored key the calls fail, and the result says so', async () => {
  const evaluation = await judged({ gateway: 'keyless' });
  expect(resultOf(evaluation, 'model_judge')).toMatchObject({ result: '', status: 3, total_logs: 0 });
  const [score] = await scoresOf(evaluation.id, '&state=failed');
  expect(score).toMatchObject({ explanation: expect.stringContaining('no credential for provider') });
});

it('an evaluation that is deleted ends, with the calls that are on their way', async () => {
  const before = openCalls;
  const answer = (await (await start({ gateway: 'slow', path: 'slow/chat/completions' })).json()) as {
    result: EvaluationObject;
  };
  await eventually(() => openCalls > before, 'the judge was not asked', 25_000);
  await test.manage('DELETE', `/gateways/g/evaluations/${answer.result.id}`);
  await eventually(() => openCalls === before, 'the judge is still being asked', 25_000);
  await expect(test.manage('GET', `/gateways/g/evaluations/${answer.result.id}`)).rejects.toThrow(/404/);
});

it('a judge is only for those who may run, and only as long as they may', async () => {
  const mint = async (permissions: string[]): Promise<{ id: string; value: string }> =>
    (await test.manage('POST', '/tokens', { name: 't', permissions })) as { id: string; value: string };
  expect((await start({}, (await mint(['edit'])).value)).status).toBe(403);

  const editor = await mint(['edit', 'run']);
  const before = openCalls;
  const answer = (await (
    await start({ gateway: 'slow', path: 'slow/chat/completions' }, editor.value)
  ).json()) as { result: EvaluationObject };
  await eventually(() => openCalls > before, 'the judge was not asked', 25_000);
  await test.manage('DELETE', `/tokens/${editor.id}`);
  // The calls on their way are given up with the process; the next one asks in vain.
  await test.restart();
  const done = await ended(test, 'g', answer.result.id);
  expect(resultOf(done, 'model_judge')).toMatchObject({
    status: 3,
    status_description:
      'error: 0 of 5 logs have a score; 5 not asked, because the token or the gateway is gone',
  });
  expect(openCalls).toBe(before);
});
