import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT, type Api, startApi } from './management-api-server.ts';

const account_id = ACCOUNT;
const path = `/accounts/${ACCOUNT}/ai-gateway/gateways/g/datasets`;
let api: Api;
beforeAll(async () => {
  api = await startApi();
  for (const id of ['g', 'other']) await api.call('POST', `/accounts/${ACCOUNT}/ai-gateway/gateways`, { id });
});
afterAll(() => api.close());

const GOOD = { name: 'Cheap', enable: true, filters: [] };

test('the official SDK makes, lists, shows, replaces and deletes datasets', async () => {
  const client = api.client();
  const { datasets } = client.aiGateway;
  const created = await datasets.create('g', {
    account_id,
    name: 'Slow answers',
    enable: true,
    filters: [
      { key: 'created_at', operator: 'gt', value: ['2026-01-31T12:00:00Z'] },
      { key: 'duration', operator: 'gt', value: [500] },
      { key: 'provider', operator: 'eq', value: ['openai', 'anthropic'] },
      { key: 'success', operator: 'eq', value: [true] },
    ],
  });
  expect(created).toEqual({
    id: created.id,
    gateway_id: 'g',
    name: 'Slow answers',
    enable: true,
    filters: [
      { key: 'created_at', operator: 'gt', value: ['2026-01-31T12:00:00Z'] },
      { key: 'duration', operator: 'gt', value: [500] },
      { key: 'provider', operator: 'eq', value: ['openai', 'anthropic'] },
      { key: 'success', operator: 'eq', value: [true] },
    ],
    created_at: created.created_at,
    modified_at: created.created_at,
  });
  expect(new Date(created.created_at).toISOString()).toBe(created.created_at);
  expect(await datasets.get(created.id, { account_id, gateway_id: 'g' })).toEqual(created);

  const updated = await datasets.update(created.id, {
    account_id,
    gateway_id: 'g',
    name: 'All',
    enable: false,
    filters: [],
  });
  expect(updated).toMatchObject({ id: created.id, name: 'All', enable: false, filters: [] });
  expect(updated.created_at).toBe(created.created_at);

  const second = await datasets.create('g', { account_id, name: 'Second', enable: true, filters: [] });
  const ids = async (query: object): Promise<string[]> => {
    const found: string[] = [];
    for await (const dataset of datasets.list('g', { account_id, ...query })) found.push(dataset.id);
    return found;
  };
  expect(await ids({})).toEqual([second.id, created.id]);
  expect(await ids({ per_page: 1 })).toEqual([second.id, created.id]);
  expect(await ids({ enable: false })).toEqual([created.id]);
  expect(await ids({ name: 'Second' })).toEqual([second.id]);
  expect(await ids({ search: 'seco' })).toEqual([second.id]);

  expect(await datasets.delete(created.id, { account_id, gateway_id: 'g' })).toEqual(updated);
  await expect(datasets.get(created.id, { account_id, gateway_id: 'g' })).rejects.toThrow(/404/);
});

test('a dataset shows the logs that match it now, and how many there are', async () => {
  const cheap = api.record({ costNanos: 10 });
  api.record({ costNanos: 5_000_000 });
  api.record({ costNanos: 20, requestType: 'evaluation' });
  const made = await api.call('POST', path, {
    ...GOOD,
    filters: [{ key: 'cost', operator: 'lt', value: [0.001] }],
  });
  const rows = `${path}/${made.json.result.id}/logs`;
  const before = await api.call('GET', rows);
  expect(before.json.result.map((row: { id: string }) => row.id)).toEqual([cheap.id]);
  expect(before.json.result_info).toEqual({ page: 1, per_page: 20, count: 1, total_count: 1 });
  const later = api.record({ costNanos: 30 });
  const after = await api.call('GET', `${rows}?per_page=1`);
  expect(after.json.result.map((row: { id: string }) => row.id)).toEqual([later.id]);
  expect(after.json.result_info.total_count).toBe(2);
  expect((await api.call('GET', `${rows}?page=9`)).json.result).toEqual([]);
});

test('with the key id a dataset holds single records, whatever they are', async () => {
  const first = api.record({ requestType: 'evaluation' });
  api.record();
  const foreign = api.record({ gateway: 'other' });
  const made = await api.call('POST', path, {
    ...GOOD,
    filters: [{ key: 'id', operator: 'eq', value: [first.id, foreign.id] }],
  });
  const found = await api.call('GET', `${path}/${made.json.result.id}/logs`);
  expect(found.json.result.map((row: { id: string }) => row.id)).toEqual([first.id]);
});

test.each([
  ['no name', { enable: true, filters: [] }, ['body', 'name']],
  ['an empty name', { ...GOOD, name: ' ' }, ['body', 'name']],
  ['no filters', { name: 'x', enable: true }, ['body', 'filters']],
  ['no enable', { name: 'x', filters: [] }, ['body', 'enable']],
  ['an unknown field', { ...GOOD, account: 'other' }, ['body', 'account']],
  [
    'an unknown key',
    { ...GOOD, filters: [{ key: 'metadata.key', operator: 'eq', value: ['a'] }] },
    ['body', 'filters', '0', 'key'],
  ],
  [
    'an unknown operator',
    { ...GOOD, filters: [{ key: 'model', operator: 'neq', value: ['a'] }] },
    ['body', 'filters', '0', 'operator'],
  ],
  [
    'no values',
    { ...GOOD, filters: [{ key: 'model', operator: 'eq', value: [] }] },
    ['body', 'filters', '0', 'value'],
  ],
  [
    'a value of the wrong kind',
    { ...GOOD, filters: [{ key: 'cost', operator: 'lt', value: ['much'] }] },
    ['body', 'filters', '0', 'value'],
  ],
  [
    'a time that is none',
    { ...GOOD, filters: [{ key: 'created_at', operator: 'lt', value: ['yesterday'] }] },
    ['body', 'filters', '0', 'value'],
  ],
  [
    'the same condition twice',
    {
      ...GOOD,
      filters: [
        { key: 'model', operator: 'eq', value: ['a'] },
        { key: 'model', operator: 'eq', value: ['b'] },
      ],
    },
    ['body', 'filters', '1'],
  ],
  [
    'an id that is none',
    { ...GOOD, filters: [{ key: 'id', operator: 'eq', value: ["' OR 1=1"] }] },
    ['body', 'filters', '0', 'value'],
  ],
  [
    'part of an id',
    { ...GOOD, filters: [{ key: 'id', operator: 'contains', value: ['0190'] }] },
    ['body', 'filters', '0', 'operator'],
  ],
  [
    'too many values',
    { ...GOOD, filters: [{ key: 'model', operator: 'eq', value: Array(101).fill('a') }] },
    ['body', 'filters', '0', 'value'],
  ],
])('%s is refused, with its place', async (_, body, place) => {
  const { status, json } = await api.call('POST', path, body);
  expect(status).toBe(400);
  expect(json.errors[0].path).toEqual(place);
});

test('a dataset of another gateway or account is not there, and goes with its gateway', async () => {
  const { json } = await api.call('POST', path, GOOD);
  const { id } = json.result;
  const elsewhere = `/accounts/${ACCOUNT}/ai-gateway/gateways/other/datasets/${id}`;
  for (const method of ['GET', 'DELETE']) expect((await api.call(method, elsewhere)).status).toBe(404);
  expect((await api.call('PUT', elsewhere, GOOD)).status).toBe(404);
  expect((await api.call('GET', `${elsewhere}/logs`)).status).toBe(404);
  expect((await api.call('GET', `${path}/${id}`)).status).toBe(200);

  const gateways = `/accounts/${ACCOUNT}/ai-gateway/gateways`;
  await api.call('POST', gateways, { id: 'short' });
  await api.call('POST', `${gateways}/short/datasets`, GOOD);
  await api.call('DELETE', `${gateways}/short`);
  await api.call('POST', gateways, { id: 'short' });
  expect((await api.call('GET', `${gateways}/short/datasets`)).json.result).toEqual([]);
});
