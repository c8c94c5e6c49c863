import Cloudflare from 'cloudflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type EvaluationObject, ended, resultOf } from './evaluation-calls.ts';
import { nothingOpen } from './sdk-comparison.ts';
import { startUpstream, type Upstream } from './wire-upstream.ts';

const account_id = 'local';
let test: TestGateway;
let upstream: Upstream;
/** What the model of the next requests answers. */
let says = '';
const logs: string[] = [];
let everything = '';

beforeAll(async () => {
  upstream = await startUpstream();
  upstream.handle = (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        id: 'x',
        object: 'chat.completion',
        model: 'gpt-4o-mini',
        choices: [{ index: 0, message: { role: 'assistant', content: says }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
      }),
    );
  };
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g', provider_urls: { openai: upstream.url } }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'empty' }));
  for (const [text, wanted] of [
    ['Paris', 'paris'],
    [' Paris\n', 'Paris'],
    ['It is Paris.', 'Paris'],
    ['{"city":"Paris"}', 'none'],
    ['{"city":7}', 'none'],
  ] as const) {
    says = text;
    const response = await fetch(`${test.base('g')}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer clients-key',
        'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
        'content-type': 'application/json',
        'cf-aig-metadata': JSON.stringify({ wanted }),
      },
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Capital?' }] }),
    });
    await response.arrayBuffer();
    await test.record(response, 'g');
    logs.push(response.headers.get('cf-aig-log-id')!);
  }
  const dataset = await test.manage('POST', '/gateways/g/datasets', {
    name: 'All',
    enable: true,
    filters: [],
  });
  everything = (dataset as { id: string }).id;
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
  await upstream.close();
});

const create = async (types: string[], parameters: object = {}): Promise<EvaluationObject> => {
  const made = (await test.manage('POST', '/gateways/g/evaluations', {
    name: types.join(),
    dataset_ids: [everything],
    evaluation_type_ids: types,
    parameters,
  })) as EvaluationObject;
  return ended(test, 'g', made.id);
};

const scoresOf = async (evaluation: EvaluationObject): Promise<Record<string, unknown>[]> =>
  (await test.manage('GET', `/gateways/g/evaluations/${evaluation.id}/results?per_page=100`)) as Record<
    string,
    unknown
  >[];

describe('evaluations', () => {
  it('are made, listed, shown and deleted by the official SDK, with the types of the hosted API', async () => {
    const client = new Cloudflare({
      baseURL: `${test.gateway.baseUrl}/client/v4`,
      apiToken: ADMIN_TOKEN,
      maxRetries: 0,
    });
    await test.manage('PATCH', `/gateways/g/logs/${logs[0]}`, { feedback: 1 });
    await test.manage('PATCH', `/gateways/g/logs/${logs[1]}`, { feedback: 1 });
    await test.manage('PATCH', `/gateways/g/logs/${logs[2]}`, { feedback: -1 });
    const types: string[] = [];
    for await (const type of client.aiGateway.evaluationTypes.list({ account_id })) types.push(type.id);
    expect(types).toEqual([
      'cost',
      'speed',
      'human_feedback',
      'exact_match',
      'regex_match',
      'json_schema',
      'model_judge',
    ]);

    const made = await client.aiGateway.evaluations.create('g', {
      account_id,
      name: 'Basics',
      dataset_ids: [everything],
      evaluation_type_ids: ['cost', 'speed', 'human_feedback'],
    });
    expect(made).toMatchObject({ gateway_id: 'g', name: 'Basics', processed: false });
    await ended(test, 'g', made.id);
    const shown = await client.aiGateway.evaluations.get(made.id, { account_id, gateway_id: 'g' });
    expect(shown).toMatchObject({
      processed: true,
      total_logs: 5,
      datasets: [{ id: everything, account_id: 'local', account_tag: 'local', gateway_id: 'g', filters: [] }],
    });
    const byType = new Map(shown.results.map((each) => [each.evaluation_type_id, each]));
    expect(byType.get('cost')).toMatchObject({
      evaluation_id: made.id,
      status: 2,
      status_description: 'completed: 5 of 5 logs have a score',
      total_logs: 5,
    });
    const rows = (await test.manage('GET', '/gateways/g/logs')) as {
      cost: number;
      timings: { total: number };
    }[];
    const average = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    expect(Number(byType.get('cost')!.result)).toBeCloseTo(average(rows.map(({ cost }) => cost)), 9);
    expect(Number(byType.get('cost')!.result)).toBeGreaterThan(0);
    expect(Number(byType.get('speed')!.result)).toBeCloseTo(average(rows.map((row) => row.timings.total)), 0);
    expect(byType.get('human_feedback')).toMatchObject({ result: '66.7', total_logs: 3 });

    const listed: string[] = [];
    for await (const each of client.aiGateway.evaluations.list('g', { account_id, processed: true }))
      listed.push(each.id);
    expect(listed).toEqual([made.id]);
    expect(await client.aiGateway.evaluations.delete(made.id, { account_id, gateway_id: 'g' })).toEqual(
      shown,
    );
    await expect(
      client.aiGateway.evaluations.get(made.id, { account_id, gateway_id: 'g' }),
    ).rejects.toBeInstanceOf(Cloudflare.NotFoundError);
  });

  it('compare answers with a text, or with what each log’s metadata expects', async () => {
    const fixed = await create(['exact_match'], { exact_match: { expected: 'Paris' } });
    expect(resultOf(fixed, 'exact_match')).toMatchObject({ result: '40', status: 2, total_logs: 5 });
    const each = await create(['exact_match'], {
      exact_match: { expected_metadata: 'wanted', ignore_case: true },
    });
    expect(resultOf(each, 'exact_match').result).toBe('40');
    const none = await create(['exact_match'], { exact_match: { expected_metadata: 'nowhere' } });
    expect(resultOf(none, 'exact_match')).toMatchObject({
      result: '',
      status: 2,
      status_description: 'completed: 0 of 5 logs have a score; 5 without a value',
    });
    const scores = await scoresOf(fixed);
    expect(scores.filter(({ passed }) => passed === true).map(({ log_id }) => log_id)).toEqual(
      expect.arrayContaining([logs[0], logs[1]]),
    );
    const page = `/gateways/g/evaluations/${fixed.id}/results`;
    expect(await test.manage('GET', `${page}?passed=true&per_page=1&page=2`)).toHaveLength(1);
    expect(await test.manage('GET', `${page}?passed=true&per_page=1&page=3`)).toEqual([]);
    expect(await test.manage('GET', `${page}?state=failed`)).toEqual([]);
  });

  it('match patterns and schemas', async () => {
    const evaluation = await create(['regex_match', 'json_schema'], {
      regex_match: { pattern: '^it is', flags: 'i' },
      json_schema: {
        schema: { type: 'object', required: ['city'], properties: { city: { type: 'string' } } },
      },
    });
    expect(resultOf(evaluation, 'regex_match').result).toBe('20');
    expect(resultOf(evaluation, 'json_schema').result).toBe('20');
    const wrong = (await scoresOf(evaluation)).find(
      (score) => score.log_id === logs[4] && score.evaluation_type_id === 'json_schema',
    );
    expect(wrong).toMatchObject({ passed: false, score: 0, explanation: expect.stringContaining('#/city') });
  });

  it('count a pattern that takes for ever as failed, and everything else goes on', async () => {
    says = 'a'.repeat(60);
    const response = await fetch(`${test.base('g')}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer k', 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}` },
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Say a' }] }),
    });
    await response.arrayBuffer();
    await test.record(response, 'g');
    const evaluation = await create(['regex_match', 'speed'], { regex_match: { pattern: '^(a+)+b' } });
    expect(resultOf(evaluation, 'regex_match')).toMatchObject({
      result: '0',
      status_description: 'completed: 5 of 6 logs have a score; 1 where the check took too long',
    });
    expect(resultOf(evaluation, 'speed').total_logs).toBe(6);
    const slow = [{ key: 'id', operator: 'eq', value: [response.headers.get('cf-aig-log-id')] }];
    await test.manage('DELETE', `/gateways/g/logs?filters=${encodeURIComponent(JSON.stringify(slow))}`);
  });

  it('keep to the logs of their dataset at the time, and say so when there are none', async () => {
    const single = (await test.manage('POST', '/gateways/g/datasets', {
      name: 'One',
      enable: true,
      filters: [{ key: 'id', operator: 'eq', value: [logs[2]] }],
    })) as { id: string };
    const made = (await test.manage('POST', '/gateways/g/evaluations', {
      name: 'One and all',
      dataset_ids: [single.id, everything],
      evaluation_type_ids: ['speed'],
    })) as EvaluationObject;
    // The dataset as it was stays with the evaluation.
    await test.manage('DELETE', `/gateways/g/datasets/${single.id}`);
    const done = await ended(test, 'g', made.id);
    expect(done.total_logs).toBe(5);
    expect(done.datasets.map(({ name }) => name)).toEqual(['One', 'All']);

    const nothing = (await test.manage('POST', '/gateways/empty/datasets', {
      name: 'Nothing',
      enable: true,
      filters: [],
    })) as { id: string };
    const empty = (await test.manage('POST', '/gateways/empty/evaluations', {
      name: 'Nothing',
      dataset_ids: [nothing.id],
      evaluation_type_ids: ['cost'],
    })) as EvaluationObject;
    expect(resultOf(await ended(test, 'empty', empty.id), 'cost')).toMatchObject({
      result: '',
      status: 2,
      status_description: 'completed: no logs match the datasets',
    });
  });
});
