import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/core/ids.ts';
import type { SemanticEntryListing } from '../../src/core/stores/semantic.ts';
import type { SimilarHit } from '../../src/core/stores/semantic-evidence.ts';
import { ACCOUNT, type Api, startApi } from './management-api-server.ts';

const G = `/accounts/${ACCOUNT}/ai-gateway/gateways/g`;
const SEMANTIC = `${G}/cache/semantic`;

let api: Api;
beforeAll(async () => {
  api = await startApi();
  const semantic_cache = { mode: 'verify', embedder: 'local', error_budget: 0.02, daily_check_budget: 0.25 };
  const made = await api.call('POST', `/accounts/${ACCOUNT}/ai-gateway/gateways`, {
    id: 'g',
    semantic_cache,
  });
  expect(made.status).toBe(200);
  for (const id of ['off', 'other']) {
    await api.call('POST', `/accounts/${ACCOUNT}/ai-gateway/gateways`, { id });
  }
});
afterAll(() => api.close());

const PARTITION = 'ab'.repeat(32);

function hit(change: Partial<SimilarHit> = {}): SimilarHit {
  const now = Date.now();
  const made: SimilarHit = {
    id: newId(now),
    account: ACCOUNT,
    gateway: 'g',
    at: now,
    served: true,
    entryId: newId(now),
    partition: PARTITION,
    asked: 'How was it given?',
    stored: 'How was it received?',
    similarity: 0.97,
    probability: 0.985,
    storedRecordId: newId(now),
    model: 'gpt-4o-mini',
    ageMs: 12_500,
    savedNanos: 3_000,
    savedMs: 700,
    ...change,
  };
  api.semantic.evidence.putHit(made);
  return made;
}

function entry(change: Partial<SemanticEntryListing> = {}): SemanticEntryListing {
  const now = Date.now();
  const made: SemanticEntryListing = {
    id: newId(now),
    account: ACCOUNT,
    gateway: 'g',
    partition: PARTITION,
    text: 'How was it received?',
    storedAt: now - 60_000,
    expiresAt: now + 60_000,
    recordId: newId(now),
    costNanos: 5_000,
    durationMs: 800,
    model: 'gpt-4o-mini',
    provider: 'openai',
    hits: 3,
    bytes: 2_000,
    ...change,
  };
  api.semantic.entries.push(made);
  return made;
}

const audited = async (): Promise<Record<string, unknown>> =>
  (await api.call('GET', `/accounts/${ACCOUNT}/ai-gateway/audit-logs?per_page=1`)).json.result[0];

describe('the summary', () => {
  it('says how it does, over whole days', async () => {
    entry();
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
      const made = hit();
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

describe('hits', () => {
  it('are listed by what they are, with both questions', async () => {
    const [one, two] = [hit({ entryId: newId(1) }), hit({ entryId: newId(2), served: false })];
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
    const stored = entry();
    const one = hit({ entryId: stored.id, asked: 'canary-asked', stored: 'canary-stored' });
    const path = `${SEMANTIC}/hits/${one.id}/verdict`;
    const { status, json } = await api.call('POST', path, { verdict: 'wrong', note: 'the other way round' });
    expect([status, json.result]).toMatchObject([
      200,
      { verdict: 'wrong', judged_by: 'person', note: 'the other way round' },
    ]);
    expect(api.semantic.entries).not.toContain(stored);
    const [pair] = (await api.call('GET', `${SEMANTIC}/wrong-pairs`)).json.result;
    expect(pair).toMatchObject({ asked: 'canary-asked', stored: 'canary-stored', hit: one.id });
    const entered = await audited();
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
    const one = hit();
    const { status, json } = await api.call('POST', `${G}/logs/${one.id}/wrong-answer`, {});
    expect([status, json.result.verdict]).toEqual([200, 'wrong']);
    expect((await api.call('POST', `${G}/logs/${newId(1)}/wrong-answer`, {})).status).toBe(404);
    const elsewhere = G.replace(/g$/, 'other');
    expect((await api.call('POST', `${elsewhere}/logs/${one.id}/wrong-answer`, {})).status).toBe(404);
  });
});

describe('pairs that were told apart', () => {
  it('can be compared, tried again, and let go', async () => {
    const one = hit({ asked: 'Is it given?', stored: 'Is it received?' });
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
    expect(await audited()).toMatchObject({ action: { type: 'delete' }, before: { hit: one.id } });
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

describe('entries', () => {
  it('are listed, and removed one by one, by partition, by age, or all', async () => {
    api.semantic.entries.length = 0;
    const now = Date.now();
    const [one, old, far, others] = [
      entry({ text: 'First' }),
      entry({ storedAt: now - 7_200_000 }),
      entry({ partition: 'cd'.repeat(32), text: 'Second' }),
      entry({ gateway: 'other' }),
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
    expect(await audited()).toMatchObject({ action: { type: 'purge' }, after: { semantic: true } });
    expect((await remove('?partiton=x')).success).toBe(false);
    expect((await remove('?partition=x')).success).toBe(false);
    expect(await ids()).toEqual([one.id]);
    expect((await api.call('DELETE', `${SEMANTIC}/entries/${others.id}`)).status).toBe(404);
    expect((await api.call('DELETE', `${SEMANTIC}/entries/${one.id}`)).json.result.id).toBe(one.id);
    expect(await ids()).toEqual([]);
    entry();
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
    expect(await audited()).toMatchObject({
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
