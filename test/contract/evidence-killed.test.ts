import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../src/stores/sqlite/database.ts';
import { type EvidenceFolder, evidenceFolder, listed, NOON } from './evidence-fixtures.ts';

const KILLS = 5;
const CHILD = fileURLToPath(new URL('./evidence-child.ts', import.meta.url));

let test: EvidenceFolder;
beforeEach(() => {
  test = evidenceFolder();
});
afterEach(() => test.close());

/** What it said before it was killed, whole lines only. */
async function killed(): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, test.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const enough = 20 + Math.random() * 60;
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.split('\n').length > enough) child.kill('SIGKILL');
    });
    child.once('close', () => resolve());
  });
  return text.split('\n').slice(0, -1);
}

it(`keeps what people said through ${KILLS} kills, and a file that is whole`, {
  timeout: 120_000,
}, async () => {
  const said: string[] = [];
  for (let round = 0; round < KILLS; round++) {
    said.push(...(await killed()));
    const store = test.open();
    const pairs = new Set(store.wrongPairs('a', 'g').map(({ id }) => id));
    for (const line of said) {
      const [what, id] = line.split(' ');
      if (what === 'pair') expect(pairs).toContain(id);
      else
        expect([what, store.findHit('a', 'g', id!)]).toMatchObject([
          'wrong',
          { verdict: 'wrong', judgedBy: 'person' },
        ]);
    }
    const { served, error } = store.summarise('a', 'g', NOON, NOON + 1);
    expect(served).toBeGreaterThan(0);
    expect(error.judged).toBeLessThanOrEqual(served);
    expect(listed(store, { limit: 1 }).totalCount).toBeGreaterThan(0);
    store.close();
    const database = openDatabase(test.path, { readOnly: true });
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
  }
  expect(said.filter((line) => line.startsWith('wrong')).length).toBeGreaterThan(0);
  expect(test.trouble).toEqual([]);
});
