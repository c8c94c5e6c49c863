import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { addedBy, BASE, changeOfEveryKind, entries } from './audit-calls.ts';
import { type Api, startApi } from './management-api-server.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await changeOfEveryKind(api);
});
afterAll(() => api.close());

describe('the log', () => {
  it('is found by actor, action, kind, id and time, page by page', async () => {
    const editor = api.token(['edit'], { name: 'the editor', id: 'editor-id' });
    await api.call('POST', `${BASE}/gateways`, { id: 'by-editor' }, editor);
    for (const query of ['actor=editor-id', 'actor=the%20editor', 'resource_id=by-editor']) {
      expect((await entries(api, `&${query}`)).map(({ resource }) => resource.id)).toEqual(['by-editor']);
    }
    const kind = await entries(api, '&resource_type=ai_gateway.token&action=revoke');
    expect(kind.length).toBeGreaterThan(0);
    expect(new Set(kind.map(({ action }) => action.type))).toEqual(new Set(['revoke']));
    expect(await entries(api, '&to=2001-01-01T00:00:00Z')).toEqual([]);
    expect((await entries(api, '&from=-1h')).length).toBeGreaterThan(5);
    const page = await api.call('GET', `${BASE}/audit-logs?per_page=2&page=2`);
    const all = await entries(api);
    expect(page.json.result).toEqual(all.slice(2, 4));
    expect(page.json.result_info).toMatchObject({ page: 2, per_page: 2, count: 2 });
    const past = await api.call('GET', `${BASE}/audit-logs?page=900`);
    expect(past.json.result).toEqual([]);
    for (const query of [
      'per_page=1000',
      'from=yesterday',
      'who=me',
      'action=',
      "actor=' OR 1=1 --&page=0",
    ]) {
      expect((await api.call('GET', `${BASE}/audit-logs?${query}`)).status).toBe(400);
    }
    expect(await entries(api, `&actor=${encodeURIComponent("' OR 1=1 --")}`)).toEqual([]);
  });

  it('can be computed anew by anybody from what the API answers', async () => {
    const all = (await entries(api)).reverse();
    expect(all.length).toBeGreaterThan(14);
    let previous = '0'.repeat(64);
    for (const [index, { hash, ...entry }] of all.entries()) {
      expect(entry.sequence).toBe(index + 1);
      expect(entry.previous_hash).toBe(previous);
      expect(createHash('sha256').update(canonicalJson(entry)).digest('hex')).toBe(hash);
      previous = hash;
    }
    const { json } = await api.call('GET', `${BASE}/audit-logs/verify`);
    expect(json.result).toEqual({ intact: true, entries: all.length, head: previous, broken: null });
  });

  it('of another account is a chain of its own, and not to be seen', async () => {
    const other = api.token(['admin'], { account: 'other' });
    await api.call('POST', '/accounts/other/ai-gateway/gateways', { id: 'theirs' }, other);
    const theirs = await api.call('GET', '/accounts/other/ai-gateway/audit-logs', undefined, other);
    expect(theirs.json.result).toMatchObject([{ sequence: 1, resource: { id: 'theirs' } }]);
    expect(await entries(api, '&resource_id=theirs')).toEqual([]);
    expect((await api.call('GET', '/accounts/other/ai-gateway/audit-logs')).status).toBe(404);
  });

  it('does not fill up with guesses: thirty failed sign-ins an hour, then their number', async () => {
    api.later(7_200_000);
    const guesses = await addedBy(api, async () => {
      for (let i = 0; i < 50; i++) {
        await api.call('POST', '/session', { token: `tg_guess_${i}` }, null);
        // Past the pause of the brute-force guard.
        api.later(61_000);
      }
    });
    expect(guesses).toHaveLength(30);
    api.later(7_200_000);
    const [next] = await addedBy(api, () => api.call('POST', '/session', { token: 'tg_again' }, null));
    expect(next).toMatchObject({ action: { result: 'failure' }, after: { left_out_before: 20 } });
  });
});
