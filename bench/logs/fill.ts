import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flattenRecord } from '../../src/core/stores/log-columns.ts';
import { SqliteLogWriter } from '../../src/stores/sqlite/logs-writer.ts';
import { Traffic } from './traffic.ts';

const BATCH = 500;
const SEED = 20_261_122;
const SETTLED_MS = 600_000;
export const SPAN_MS = 30 * 86_400_000;

/** Makes the store in `folder`, or takes the one that is there when it was made to its end with as many records. */
export function fillStore(folder: string, records: number, nowMs: () => number): void {
  const mark = join(folder, 'filled.json');
  if (existsSync(mark)) {
    const known = JSON.parse(readFileSync(mark, 'utf8')) as { records: number };
    if (known.records === records) return;
    throw new Error(`${folder} holds ${known.records} records: give another folder, or remove it`);
  }
  mkdirSync(folder, { recursive: true });
  const endMs = nowMs();
  const traffic = new Traffic(SEED, endMs - SPAN_MS, SPAN_MS);
  let aheadMs = 0;
  const writer = new SqliteLogWriter({
    folder: join(folder, 'logs'),
    now: () => nowMs() + aheadMs,
    onDamage: (message) => {
      throw new Error(message);
    },
  });
  if (writer.countRows() > 0) throw new Error(`${folder} was begun and not finished: remove it`);
  for (let made = 0; made < records; ) {
    const count = Math.min(BATCH, records - made);
    const batch = Array.from({ length: count }, (_, index) => ({
      ...flattenRecord(traffic.at((made + index) / records)),
      bodies: null,
    }));
    writer.append(batch, { segment: 1, offset: made, finished: false });
    made += count;
    while (writer.arrange(made < records));
    if (made % 100_000 === 0) {
      const seconds = (nowMs() - endMs) / 1000;
      process.stdout.write(`\r${made} records, ${Math.round(made / seconds)} per second `);
    }
  }
  // Wide roll-ups are made some minutes after the records of their time.
  aheadMs = SETTLED_MS;
  for (let steps = 0; writer.arrange(false); steps++) {
    if (steps % 1000 === 0) process.stdout.write(`\rsettling: ${steps} steps `);
  }
  writer.forgetSegment(1);
  writer.secure();
  writer.close();
  process.stdout.write('\n');
  writeFileSync(mark, JSON.stringify({ records, endMs }));
}
