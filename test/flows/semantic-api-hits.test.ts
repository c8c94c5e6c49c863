import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/core/ids.ts';
import { ACCOUNT, type Api } from './management-api-server.ts';
import { audited, entry, G, hit, PARTITION, SEMANTIC, startSemanticApi } from './semantic-api-fixtures.ts';

let api: Api;
beforeAll(async () => {
  api = await startSemanticApi();
});
afterAll(() => api.close());

describe('hits', () => {
  it('are listed by what they are, with both questions', async () => {
    const [one, two] = [hit(api, { entryId: newId(1) }), hit(api, { entryId: newId(2), served: false })];
    const list = async (query: string) => (await api.call('GET', `${SEMANTIC}/hits${query}`)).json;
    expect((await list(`?entry=${one.entryId}`)).result).toEqual([
      {
        id: one.id,
        created_at: new Date(one.at).toISOString(),
        served: true,
        entry: one.entryId,
        partition: PARTITION,
        asked: one.asked,
        stored: one.stored,
        similarity: 0.97,
        probability: 0.985,
        log_id: one.id,
        stored_log_id: one.storedRecordId,
        model: 'gpt-4o-mini',
        age: 12.5,
        saved: 3e-6,
        verdict: null,
        judged_by: null,
        note: null,
      },
    ]);
    expect((await list(`?entry=${two.entryId}&served=true`)).result).toEqual([]);
    expect((await list(`?entry=${two.entryId}&served=false&verdict=none`)).result).toMatchObject([
      { log_id: null },
    ]);
    const paged = await list('?per_page=1&page=2');
    expect(paged.result_info).toMatchObject({ page: 2, per_page: 1, count: 1 });
    expect(paged.result[0].id).toBe(one.id);
    expect((await api.call('GET', `${SEMANTIC}/hits?verdict=perhaps`)).status).toBe(400);
    expect((await api.call('GET', `${SEMANTIC}/hits/${two.id}`)).json.result.id).toBe(two.id);
    expect((await api.call('GET', `${SEMANTIC}/hits/${newId(3)}`)).status).toBe(404);
    expect((await api.call('GET', `${SEMANTIC}/hits/nothing`)).status).toBe(404);
  });

  it('that a person finds wrong are evicted, remembered and entered, without a word of the question', async () => {
    const stored = entry(api);
    const one = hit(api, { entryId: stored.id, asked: 'canary-asked', stored: 'canary-stored' });
    const path = `${SEMANTIC}/hits/${one.id}/verdict`;
    const { status, json } = await api.call('POST', path, { verdict: 'wrong', note: 'the other way round' });
    expect([status, json.result]).toMatchObject([
      200,
      { verdict: 'wrong', judged_by: 'person', note: 'the other way round' },
    ]);
    expect(api.semantic.entries).not.toContain(stored);
    const [pair] = (await api.call('GET', `${SEMANTIC}/wrong-pairs`)).json.result;
    expect(pair).toMatchObject({ asked: 'canary-asked', stored: 'canary-stored', hit: one.id });
    const entered = await audited(api);
    expect(entered).toMatchObject({
      action: { type: 'judge', result: 'success' },
      resource: { type: 'ai_gateway.cache', id: one.id, gateway: 'g' },
      before: { verdict: null },
      after: { verdict: 'wrong' },
    });
    expect(JSON.stringify(entered)).not.toContain('canary');
    await api.call('POST', path, { verdict: 'right' });
    expect((await api.call('GET', `${SEMANTIC}/wrong-pairs`)).json.result).toEqual([]);
    expect((await api.call('POST', path, { verdict: 'unsure' })).status).toBe(400);
    expect(
      (await api.call('POST', `${SEMANTIC}/hits/${newId(1)}/verdict`, { verdict: 'right' })).status,
    ).toBe(404);
  });

  it('can be found wrong by the id of the log', async () => {
    const one = hit(api);
    const { status, json } = await api.call('POST', `${G}/logs/${one.id}/wrong-answer`, {});
    expect([status, json.result.verdict]).toEqual([200, 'wrong']);
    expect((await api.call('POST', `${G}/logs/${newId(1)}/wrong-answer`, {})).status).toBe(404);
    const elsewhere = G.replace(/g$/, 'other');
    expect((await api.call('POST', `${elsewhere}/logs/${one.id}/wrong-answer`, {})).status).toBe(404);
  });
});

describe('pairs that were told apart', () => {
  it('can be compared, tried again, and let go', async () => {
    const one = hit(api, { asked: 'Is it given?', stored: 'Is it received?' });
    await api.call('POST', `${SEMANTIC}/hits/${one.id}/verdict`, { verdict: 'wrong' });
    const compare = async (asked: string, stored: string) =>
      (await api.call('POST', `${SEMANTIC}/compare`, { asked, stored })).json.result;
    expect(await compare('is it GIVEN', 'Is it received?')).toMatchObject({
      would_hit: false,
      reason: 'known-wrong',
    });
    expect(await compare('Is it lost?', 'Is it found?')).toMatchObject({
      would_hit: true,
      reason: null,
      needed: 0.97,
    });
    expect(await compare('Was it?', 'Is it?')).toMatchObject({
      would_hit: false,
      reason: 'gate-words',
      verifier: null,
    });
    const [pair] = (await api.call('GET', `${SEMANTIC}/wrong-pairs`)).json.result;
    const checked = await api.call('POST', `${SEMANTIC}/wrong-pairs/check`);
    expect(checked.json.result.would_hit).toContain(pair.id);
    expect(checked.json.result.checked).toBeGreaterThan(0);
    expect((await api.call('DELETE', `${SEMANTIC}/wrong-pairs/${pair.id}`)).json.result.id).toBe(pair.id);
    expect(await audited(api)).toMatchObject({ action: { type: 'delete' }, before: { hit: one.id } });
    expect((await api.call('DELETE', `${SEMANTIC}/wrong-pairs/${pair.id}`)).status).toBe(404);
    expect(await compare('Is it given?', 'Is it received?')).toMatchObject({ would_hit: true });
  });

  it.each([
    {},
    { asked: '', stored: 'x' },
    { asked: 'x', stored: 'x'.repeat(5_000) },
    { asked: 'x', stored: 'y', z: 1 },
  ])('refuses to compare %j', async (body) => {
    expect((await api.call('POST', `${SEMANTIC}/compare`, body)).status).toBe(400);
  });

  it('says why the models cannot be asked', async () => {
    const { status, json } = await api.call('POST', `${SEMANTIC}/compare`, {
      asked: 'unreachable',
      stored: 'x',
    });
    expect([status, json.errors[0].message]).toEqual([409, 'semantic_cache: the embedder cannot be asked']);
  });

  it('needs a token that may run where a provider is asked', async () => {
    const semantic_cache = { embedder: 'openai/text-embedding-3-small' };
    await api.call('POST', `/accounts/${ACCOUNT}/ai-gateway/gateways`, { id: 'remote', semantic_cache });
    const path = `/accounts/${ACCOUNT}/ai-gateway/gateways/remote/cache/semantic/compare`;
    const body = { asked: 'a', stored: 'a' };
    expect((await api.call('POST', path, body, api.token(['read']))).status).toBe(403);
    expect((await api.call('POST', path, body, api.token(['read', 'run']))).status).toBe(200);
  });
});
