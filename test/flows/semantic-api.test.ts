import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, type Api } from './management-api-server.ts';
import { audited, entry, hit, PARTITION, SEMANTIC, startSemanticApi } from './semantic-api-fixtures.ts';

let api: Api;
beforeAll(async () => {
  api = await startSemanticApi();
});
afterAll(() => api.close());

describe('the summary', () => {
  it('says how it does, over whole days', async () => {
    entry(api);
    const { evidence } = api.semantic;
    const at = Date.now();
    for (let i = 0; i < 8; i++) {
      evidence.noteLookUp({
        account: ACCOUNT,
        gateway: 'g',
        at,
        mode: 'verify',
        reason: 'gate-numbers',
        probability: null,
      });
    }
    for (const verdict of ['right', 'wrong', null] as const) {
      const made = hit(api);
      evidence.noteLookUp({ ...made, mode: 'verify', reason: null });
      if (verdict !== null) evidence.judge(ACCOUNT, 'g', made.id, verdict, 'label', null);
    }
    evidence.noteCheckCost(ACCOUNT, 'g', at, 250_000);
    const { status, json } = await api.call('GET', `${SEMANTIC}?from=-1h`);
    expect(status).toBe(200);
    expect(json.result).toMatchObject({
      mode: 'verify',
      state: 'working',
      problem: null,
      paused_since: null,
      error_budget: 0.02,
      entries: 1,
      partitions: 1,
      look_ups: 11,
      served: 3,
      would_serve: 0,
      reasons: [
        { reason: 'gate-numbers', count: 8 },
        { reason: 'hit', count: 3 },
      ],
      error: { wrong: 1, judged: 2, share: 0.5 },
      noise: { judged: 0, share: null, low: 0, high: 1 },
      saved: 9e-6,
      saved_ms: 2_100,
      check_cost: 0.00025,
      check_cost_today: 0.00025,
      daily_check_budget: 0.25,
      operating_point: 0.97,
    });
    expect(json.result.from).toMatch(/T00:00:00.000Z$/);
    const point = json.result.curve.find((each: { probability: number }) => each.probability === 0.97);
    expect(point).toMatchObject({ precision: 0.5, judged: 2 });
    expect(point.hit_rate).toBeCloseTo(3 / 11, 10);
    expect(point.low).toBeGreaterThan(0);
    const { areas } = json.result;
    expect(areas).toMatchObject({ pr_auc: 0.5, crr: areas.p_chr_auc / 0.5 });
    expect([areas.hit_rate, areas.p_chr_auc]).toEqual([point.hit_rate, point.hit_rate / 2]);
    const yesterday = await api.call('GET', `${SEMANTIC}?from=-72h&to=-48h`);
    expect(yesterday.json.result).toMatchObject({ look_ups: 0, served: 0, entries: 1 });
  });

  it('is all zeros where it is off, and there is nothing to compare', async () => {
    const off = `/accounts/${ACCOUNT}/ai-gateway/gateways/off/cache/semantic`;
    const { json } = await api.call('GET', off);
    expect(json.result).toMatchObject({
      mode: 'off',
      state: 'off',
      embedder: null,
      entries: 0,
      look_ups: 0,
      curve: [],
      areas: null,
    });
    const compared = await api.call('POST', `${off}/compare`, { asked: 'a', stored: 'b' });
    expect(compared.status).toBe(409);
    expect(compared.json).toMatchObject({
      success: false,
      errors: [{ message: expect.stringContaining('is off') }],
    });
  });

  it.each(['?from=tomorrow', '?from=-1h&to=-2h', '?since=-1h'])('refuses %s', async (query) => {
    expect((await api.call('GET', SEMANTIC + query)).status).toBe(400);
  });
});

describe('entries', () => {
  it('are listed, and removed one by one, by partition, by age, or all', async () => {
    api.semantic.entries.length = 0;
    const now = Date.now();
    const [one, old, far, others] = [
      entry(api, { text: 'First' }),
      entry(api, { storedAt: now - 7_200_000 }),
      entry(api, { partition: 'cd'.repeat(32), text: 'Second' }),
      entry(api, { gateway: 'other' }),
    ];
    const ids = async (query = '') =>
      (await api.call('GET', `${SEMANTIC}/entries${query}`)).json.result.map(({ id }: { id: string }) => id);
    expect(await ids()).toEqual([one.id, old.id, far.id]);
    expect(await ids('?search=SECOND')).toEqual([far.id]);
    expect(await ids(`?partition=${PARTITION}&order_by=hits`)).toEqual([one.id, old.id]);
    const [shown] = (await api.call('GET', `${SEMANTIC}/entries?search=first`)).json.result;
    expect(shown).toEqual({
      id: one.id,
      partition: PARTITION,
      text: 'First',
      provider: 'openai',
      model: 'gpt-4o-mini',
      created_at: new Date(one.storedAt).toISOString(),
      expires_at: new Date(one.expiresAt).toISOString(),
      hits: 3,
      bytes: 2_000,
      cost: 5e-6,
      log_id: one.recordId,
    });
    const remove = async (query: string) => (await api.call('DELETE', `${SEMANTIC}/entries${query}`)).json;
    expect((await remove('?older_than_seconds=3600')).result).toEqual({ id: 'g', deleted: 1 });
    expect((await remove(`?partition=${'cd'.repeat(32)}`)).result.deleted).toBe(1);
    expect(await audited(api)).toMatchObject({ action: { type: 'purge' }, after: { semantic: true } });
    expect((await remove('?partiton=x')).success).toBe(false);
    expect((await remove('?partition=x')).success).toBe(false);
    expect(await ids()).toEqual([one.id]);
    expect((await api.call('DELETE', `${SEMANTIC}/entries/${others.id}`)).status).toBe(404);
    expect((await api.call('DELETE', `${SEMANTIC}/entries/${one.id}`)).json.result.id).toBe(one.id);
    expect(await ids()).toEqual([]);
    entry(api);
    expect((await remove('')).result.deleted).toBe(1);
    expect(api.semantic.entries).toEqual([others]);
  });
});

describe('a pause', () => {
  it('shows, and is ended by hand', async () => {
    const since = Date.now() + 1_000;
    api.semantic.evidence.setPause(ACCOUNT, 'g', { since, reason: '9 of 20 were wrong' });
    const shown = await api.call('GET', SEMANTIC);
    expect(shown.json.result).toMatchObject({
      state: 'paused',
      problem: '9 of 20 were wrong',
      paused_since: new Date(since).toISOString(),
    });
    const resumed = await api.call('POST', `${SEMANTIC}/resume`);
    expect(resumed.json.result).toEqual({ id: 'g', resumed: true });
    expect(await audited(api)).toMatchObject({
      action: { type: 'resume' },
      before: { since, reason: '9 of 20 were wrong' },
    });
    expect((await api.call('POST', `${SEMANTIC}/resume`)).json.result.resumed).toBe(false);
    expect((await api.call('GET', SEMANTIC)).json.result).toMatchObject({
      state: 'working',
      paused_since: null,
    });
  });
});
