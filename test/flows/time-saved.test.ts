import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleep } from './fault-client.ts';
import {
  answerOf,
  Client,
  type HeldCall,
  type LogLine,
  newQuestion,
  type SharingTest,
  startSharingTest,
} from './share-in-flight-calls.ts';

/** The provider takes so long; what is measured around it may take this much more on a busy machine. */
const CALL_MS = 1_000;
const SLACK_MS = 900;

let sharing: SharingTest;
beforeAll(async () => {
  sharing = await startSharingTest();
});
afterAll(() => sharing.close());

const answer = answerOf('after a while');
function end({ response }: HeldCall, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': answer.length });
  response.end(answer);
}
const row = (lines: readonly LogLine[], client: Client): LogLine & { duration: number; saved_ms: number } =>
  lines.find(({ id }) => id === client.logId)! as never;

describe('the time that a hit saved', () => {
  it('of an exact one is what the paid request took, less what the hit took', async () => {
    const from = sharing.calls.length;
    const body = newQuestion();
    const first = new Client(sharing.test, { body });
    const call = await sharing.call(from);
    await sleep(CALL_MS);
    end(call);
    await first.over;
    const hit = new Client(sharing.test, { body });
    await hit.over;
    expect(hit.headers['tidegate-cache-kind']).toBe('exact');
    const lines = await sharing.records(2);
    expect(row(lines, first)).toMatchObject({ cached: false, saved_ms: null });
    const { saved_ms: saved, duration } = row(lines, hit);
    const paid = row(lines, first).duration;
    expect(paid).toBeGreaterThanOrEqual(CALL_MS);
    // Both durations are rounded; and the paid one ends a little after its answer was stored.
    expect(saved).toBeLessThanOrEqual(paid - duration + 2);
    expect(saved).toBeGreaterThan(paid - duration - 250);
  });

  it('of a shared one is what the call took, less what it waited itself', async () => {
    const from = sharing.calls.length;
    const body = newQuestion();
    const first = new Client(sharing.test, { body });
    const call = await sharing.call(from);
    const early = new Client(sharing.test, { body });
    await sharing.untilOpen(2);
    await sleep(CALL_MS);
    const late = new Client(sharing.test, { body });
    await sharing.untilOpen(3);
    end(call);
    await Promise.all([first, early, late].map(({ over }) => over));
    const lines = await sharing.records(3);
    expect(row(lines, first).saved_ms).toBeNull();
    const paid = row(lines, first).duration;
    for (const client of [early, late]) {
      const { saved_ms: saved, duration, cache_kind: kind } = row(lines, client);
      expect(kind).toBe('shared');
      expect(Math.abs(saved - Math.max(0, paid - duration))).toBeLessThan(250);
    }
    expect(row(lines, early).saved_ms).toBeLessThan(SLACK_MS);
    expect(row(lines, late).saved_ms).toBeGreaterThanOrEqual(CALL_MS - 100);
  });

  it('is nothing where the answer was an error', async () => {
    const from = sharing.calls.length;
    const body = newQuestion();
    const first = new Client(sharing.test, { body });
    const call = await sharing.call(from);
    const joined = new Client(sharing.test, { body });
    await sharing.untilOpen(2);
    end(call, 404);
    await Promise.all([first.over, joined.over]);
    const lines = await sharing.records(2);
    expect(row(lines, joined)).toMatchObject({ cached: true, success: false, saved_ms: null });
  });

  it('adds up in the figures', async () => {
    const body = newQuestion();
    const from = sharing.calls.length;
    const first = new Client(sharing.test, { body, headers: { 'cf-aig-metadata': '{"team":"sums"}' } });
    const call = await sharing.call(from);
    await sleep(200);
    end(call);
    await first.over;
    const hits = [1, 2].map(
      () => new Client(sharing.test, { body, headers: { 'cf-aig-metadata': '{"team":"sums"}' } }),
    );
    await Promise.all(hits.map(({ over }) => over));
    const lines = await sharing.records(3);
    const sum = hits.reduce((total, hit) => total + row(lines, hit).saved_ms, 0);
    expect(sum).toBeGreaterThan(0);
    const path = '/analytics?gateway=sharing&group_by=cache_kind,metadata:team&quantiles=false';
    const { rows } = (await sharing.test.manage('GET', path)) as {
      rows: { group: string[]; saved_ms: number }[];
    };
    expect(rows.filter(({ group }) => group[1] === 'sums')).toEqual([
      expect.objectContaining({ group: ['exact', 'sums'], saved_ms: sum }),
      expect.objectContaining({ group: ['', 'sums'], saved_ms: 0 }),
    ]);
  });
});
