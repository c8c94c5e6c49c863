import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EvaluationScore } from '../../src/api/contract/evaluations.ts';
import { openDatabase } from '../../src/stores/sqlite/database.ts';
import { ADMIN_TOKEN, gatewayBody } from '../support/gateway.ts';
import { eventually } from '../support/scripted-provider.ts';
import { startTidegate, type TidegateProcess } from '../support/tidegate-process.ts';
import { type EvaluationObject, ended, resultOf } from './evaluation-calls.ts';
import { startUpstream, type Upstream } from './wire-upstream.ts';

const LOGS = 24;
const AT_ONCE = 4;

let folder: string;
let upstream: Upstream;
let running: TidegateProcess;
let baseUrl = '';
/** What the judge was asked about, in order. */
let asked: string[] = [];
/** The judge answers so many questions and then no more, until it is told to. */
let patience = Number.POSITIVE_INFINITY;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-evaluation-'));
  upstream = await startUpstream();
  upstream.handle = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const { messages } = JSON.parse(Buffer.concat(chunks).toString());
      const isJudge = messages[0].role === 'system';
      const answer = isJudge ? JSON.parse(messages[1].content).answer : messages[0].content;
      if (isJudge) asked.push(answer);
      if (isJudge && patience-- <= 0) return;
      response.writeHead(200, { 'content-type': 'application/json' });
      const content = isJudge ? JSON.stringify({ score: 0.75, reason: `about ${answer}` }) : answer;
      response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] }));
    });
  };
  await start();
});
afterAll(async () => {
  running.child.kill('SIGKILL');
  await running.ended;
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  running = startTidegate(folder, ['start', '--port', '0'], {
    TIDEGATE_ADMIN_TOKEN: ADMIN_TOKEN,
    TIDEGATE_ALLOW_PRIVATE: '127.0.0.0/8',
    TIDEGATE_LOG_LEVEL: 'error',
    TIDEGATE_DATA: join(folder, 'data'),
    TIDEGATE_PROVIDER_OPENAI_URL: upstream.url,
  });
  const banner = await running.printed('Ctrl-C stops');
  baseUrl = /Base URL +(http:\/\/[^/\s]+)/.exec(banner)![1]!;
}

async function stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  running.child.kill(signal);
  await running.ended;
}

const api = {
  async manage(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${baseUrl}/client/v4/accounts/local/ai-gateway${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { success: boolean; result: unknown };
    if (!answer.success) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer.result;
  },
};

const scoresOf = async (id: string): Promise<EvaluationScore[]> =>
  (await api.manage('GET', `/gateways/g/evaluations/${id}/results?per_page=100`)) as EvaluationScore[];

it('an evaluation that is killed goes on at the next start, and judges nothing twice', async () => {
  await api.manage('POST', '/gateways', gatewayBody({ id: 'g' }));
  await api.manage('POST', '/gateways/g/provider_configs', {
    provider_slug: 'openai',
    alias: 'default',
    secret: 'stored-key',
  });
  for (let n = 0; n < LOGS; n++) {
    const response = await fetch(`${baseUrl}/v1/local/g/openai/chat/completions`, {
      method: 'POST',
      headers: { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}` },
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: `answer ${n}` }] }),
    });
    await response.arrayBuffer();
  }
  const dataset = (await api.manage('POST', '/gateways/g/datasets', {
    name: 'All',
    enable: true,
    filters: [],
  })) as { id: string };
  patience = 9;
  const { id } = (await api.manage('POST', '/gateways/g/evaluations', {
    name: 'Killed',
    dataset_ids: [dataset.id],
    evaluation_type_ids: ['speed', 'model_judge'],
    parameters: { model_judge: { provider: 'openai', model: 'gpt-4o', instructions: 'Is it right?' } },
  })) as EvaluationObject;

  for (const [answered, next] of [
    [9, 8],
    [17, Number.POSITIVE_INFINITY],
  ] as const) {
    await eventually(() => asked.length >= answered + AT_ONCE, 'the judge is not asked on', 60_000);
    // Those that were answered are kept; of the others the judge has only heard the question.
    let before: EvaluationScore[] = [];
    const end = performance.now() + 60_000;
    while (before.length < 2 * answered && performance.now() < end) before = await scoresOf(id);
    expect(before).toHaveLength(2 * answered);
    expect(await api.manage('GET', `/gateways/g/evaluations/${id}`)).toMatchObject({
      processed: false,
      total_logs: LOGS,
      processed_logs: answered,
      state: 'running',
    });
    await stop('SIGKILL');
    const known = new Set(before.map(({ explanation }) => explanation?.replace('about ', '')));
    asked = [...known].filter((answer) => answer !== undefined);
    patience = next;
    await start();
    await eventually(() => asked.length > known.size - 1, 'it does not go on', 60_000);
  }
  const done = await ended(api, 'g', id);
  expect(resultOf(done, 'model_judge')).toMatchObject({ result: '0.75', status: 2, total_logs: LOGS });
  expect(resultOf(done, 'speed').total_logs).toBe(LOGS);
  expect(new Set(asked).size).toBe(LOGS);
  expect(asked).toHaveLength(LOGS);
  const judged = (await scoresOf(id)).filter((score) => score.evaluation_type_id === 'model_judge');
  expect(new Set(judged.map(({ log_id }) => log_id)).size).toBe(LOGS);
}, 180_000);

it('a verdict that had come, but was not kept yet when the process ended, is taken from its record', async () => {
  await stop('SIGTERM');
  const database = openDatabase(join(folder, 'data', 'evaluations.db'));
  database.exec(`
    UPDATE evaluation_log SET state = 1 WHERE position <= 3;
    DELETE FROM score WHERE position <= 3;
    UPDATE evaluation SET is_over = 0, document = json_set(document, '$.state', 'running', '$.results', json('[]'));
  `);
  database.close();
  asked = [];
  await start();
  const [{ id }] = (await api.manage('GET', '/gateways/g/evaluations')) as [EvaluationObject];
  const done = await ended(api, 'g', id);
  expect(resultOf(done, 'model_judge')).toMatchObject({ result: '0.75', total_logs: LOGS });
  expect(asked).toEqual([]);
}, 120_000);
