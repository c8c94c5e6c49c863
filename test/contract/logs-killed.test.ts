import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aQuery, clock, eventually, openTestLogs } from './logs-fixtures.ts';

const ROUNDS = 8;
const CHILD = fileURLToPath(new URL('./logs-child.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-killed-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the child for a while, kills it, and returns the ids whose append() had returned. */
function runAndKill(lifeMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    // The clock of a round starts with the first record: a slow start must not end in an empty round.
    if (output === '') setTimeout(() => child.kill('SIGKILL'), lifeMs);
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on('close', (_code, signal) => {
      // A child that ended in any other way was not killed, and the round shows nothing.
      if (signal === 'SIGKILL') resolve(output.split('\n').slice(0, -1));
      else reject(new Error(`the child ended by itself (${signal})`));
    });
  });
}

test('killed at random moments, nothing acknowledged is lost and nothing is there twice', async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) acknowledged.push(...(await runAndKill(Math.random() * 400)));
  expect(acknowledged.length).toBeGreaterThan(100);

  const logs = openTestLogs(folder);
  // What the last process left is taken over in the background; a list does not wait long for it.
  await eventually(
    async () => (await logs.store.list(aQuery({ limit: 1 }))).totalCount,
    (total) => total >= acknowledged.length,
  );
  const stored = new Set<string>();
  for (let offset = 0; ; offset += 5000) {
    const page = await logs.store.list(aQuery({ limit: 5000, offset }));
    for (const row of page.rows) stored.add(row.id);
    if (page.rows.length < 5000) {
      expect(stored.size).toBe(page.totalCount);
      break;
    }
  }
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  // At most the records of one turn, 20, a round were written without a word of it having got out.
  expect(stored.size - acknowledged.length).toBeLessThanOrEqual(20 * ROUNDS);
  expect(logs.health.counters.get('records_repeated') ?? 0).toBe(0);

  for (const id of acknowledged.filter((_, index) => index % 50 === 0)) {
    const answer = await logs.store.body('local', 'main', id, 'response');
    expect(answer?.bytes.toString()).toBe(`answer of ${id}`);
  }
  const everything = {
    account: 'local',
    gateways: null,
    from: 0,
    to: clock.now() + 1,
    interval: null,
    groupBy: [],
    top: null,
  };
  const counted = await logs.store.aggregate({ ...everything, filters: [] });
  expect(counted).toMatchObject({ scanned: false, rows: [{ requests: stored.size }] });
  await logs.close();
}, 60_000);
