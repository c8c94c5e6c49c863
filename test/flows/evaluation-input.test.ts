import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, type Api, startApi } from './management-api-server.ts';

const gateways = `/accounts/${ACCOUNT}/ai-gateway/gateways`;
let api: Api;
let everything = '';
beforeAll(async () => {
  api = await startApi();
  for (const id of ['g', 'empty']) await api.call('POST', gateways, { id });
  const made = await api.call('POST', `${gateways}/g/datasets`, { name: 'All', enable: true, filters: [] });
  everything = made.json.result.id;
});
afterAll(() => api.close());

describe('an evaluation is refused', () => {
  const GOOD = { name: 'x', evaluation_type_ids: ['cost'] };
  const post = async (body: object, gateway = 'g'): Promise<[number, string[] | undefined]> => {
    const { status, json } = await api.call('POST', `${gateways}/${gateway}/evaluations`, body);
    return [status, json.errors[0]?.path];
  };

  it.each([
    [{ evaluation_type_ids: [] }, ['body', 'evaluation_type_ids']],
    [{ evaluation_type_ids: ['magic'] }, ['body', 'evaluation_type_ids', '0']],
    [{ evaluation_type_ids: ['cost', 'cost'] }, ['body', 'evaluation_type_ids']],
    [{ dataset_ids: [] }, ['body', 'dataset_ids']],
    [{ dataset_ids: ['nope'] }, ['body', 'dataset_ids', '0']],
    [{ name: '' }, ['body', 'name']],
    [{ token_id: 'x' }, ['body', 'token_id']],
    [{ evaluation_type_ids: ['regex_match'] }, ['body', 'parameters', 'regex_match']],
    [{ parameters: { regex_match: { pattern: 'a' } } }, ['body', 'parameters', 'regex_match']],
    [
      { evaluation_type_ids: ['regex_match'], parameters: { regex_match: { pattern: '(' } } },
      ['body', 'parameters', 'regex_match'],
    ],
    [
      { evaluation_type_ids: ['regex_match'], parameters: { regex_match: { pattern: 'a', flags: 'gg' } } },
      ['body', 'parameters', 'regex_match', 'flags'],
    ],
    [
      { evaluation_type_ids: ['json_schema'], parameters: { json_schema: { schema: { $ref: '#/x' } } } },
      ['body', 'parameters', 'json_schema'],
    ],
    [
      { evaluation_type_ids: ['exact_match'], parameters: { exact_match: {} } },
      ['body', 'parameters', 'exact_match'],
    ],
    [
      {
        evaluation_type_ids: ['model_judge'],
        parameters: { model_judge: { provider: 'nobody', model: 'm', instructions: 'i' } },
      },
      ['body', 'parameters', 'model_judge', 'provider'],
    ],
    [
      {
        evaluation_type_ids: ['model_judge'],
        parameters: { model_judge: { provider: 'google-vertex-ai', model: 'm', instructions: 'i' } },
      },
      ['body', 'parameters', 'model_judge', 'path'],
    ],
    [
      {
        evaluation_type_ids: ['model_judge'],
        parameters: { model_judge: { gateway: 'other', provider: 'openai', model: 'm', instructions: 'i' } },
      },
      ['body', 'parameters', 'model_judge', 'gateway'],
    ],
  ])('%j', async (change, place) => {
    expect(await post({ ...GOOD, dataset_ids: [everything], ...change })).toEqual([400, place]);
  });

  it('over a dataset of another gateway, or one that is switched off', async () => {
    expect(await post({ ...GOOD, dataset_ids: [everything] }, 'empty')).toEqual([
      400,
      ['body', 'dataset_ids', '0'],
    ]);
    const off = await api.call('POST', `${gateways}/g/datasets`, { name: 'Off', enable: false, filters: [] });
    expect(await post({ ...GOOD, dataset_ids: [off.json.result.id] })).toEqual([
      400,
      ['body', 'dataset_ids', '0'],
    ]);
  });
});

it('an evaluation of another gateway is not there, and goes with its gateway', async () => {
  const body = { name: 'Mine', dataset_ids: [everything], evaluation_type_ids: ['cost'] };
  const { json } = await api.call('POST', `${gateways}/g/evaluations`, body);
  const { id } = json.result;
  for (const [method, path] of [
    ['GET', `${gateways}/empty/evaluations/${id}`],
    ['DELETE', `${gateways}/empty/evaluations/${id}`],
    ['GET', `${gateways}/empty/evaluations/${id}/results`],
    ['GET', `${gateways}/g/evaluations/nonsense`],
  ] as const)
    expect([path, (await api.call(method, path)).status]).toEqual([path, 404]);
  expect((await api.call('GET', `${gateways}/g/evaluations/${id}`)).status).toBe(200);
  await api.call('DELETE', `${gateways}/g`);
  await api.call('POST', gateways, { id: 'g' });
  expect((await api.call('GET', `${gateways}/g/evaluations`)).json.result).toEqual([]);
  expect((await api.call('GET', `${gateways}/g/evaluations/${id}/results`)).status).toBe(404);
});
