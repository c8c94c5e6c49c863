import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { listOf, loaded, nearestTo, newPath, openStore, vectorOf } from './semantic-fixtures.ts';

const ROUNDS = 4;
const CHILD = fileURLToPath(new URL('./semantic-child.ts', import.meta.url));

/** Runs the child until it has said something, and then for a while; kills it, and returns its lines. */
function runAndKill(path: string, salt: number, lifeMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, path, String(salt)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), lifeMs);
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on('close', (_code, signal) => {
      if (signal === 'SIGKILL') resolve(output.split('\n').slice(0, -1));
      else reject(new Error(`the child ended by itself (${signal})`));
    });
  });
}

test('killed at random moments, what was written is there, and what was removed is not', async () => {
  const path = newPath();
  const kept = new Map<string, string>();
  const removed = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const line of await runAndKill(path, round, Math.random() * 800)) {
      const [word, id = '', ...seed] = line.split(' ');
      if (word === 'kept') kept.set(id, seed.join(' '));
      else removed.add(id);
    }
  }
  expect(kept.size).toBeGreaterThan(ROUNDS);

  const { store, health } = openStore(path, 50_000_000);
  await loaded(store);
  const { rows } = await store.list(listOf({ limit: 100_000 }));
  const there = new Set(rows.map(({ id }) => id));
  const all = [...kept.keys()];
  expect([...removed].filter((id) => there.has(id))).toEqual([]);
  // The removal of one entry a round may have been done without a word of it having got out.
  const missing = all.filter((id) => !removed.has(id) && !there.has(id));
  expect(missing.length).toBeLessThanOrEqual(ROUNDS);
  for (const id of all.filter((one) => !missing.includes(one)).slice(-200)) {
    const seed = kept.get(id)!;
    const found = await store.nearest(nearestTo(vectorOf(seed), { minCosine: 0.999 }));
    expect(found.map(({ entry }) => entry.id)).toEqual(removed.has(id) ? [] : [id]);
    const answer = await store.answer(id);
    expect(answer?.body.toString()).toBe(removed.has(id) ? undefined : `answer of ${seed}`);
  }
  expect(health.list()).toEqual([]);
  await store.close();
}, 120_000);
