import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { KeyFilter } from './key-filter.ts';

const keyOf = (n: number): string => createHash('sha256').update(String(n)).digest('hex');

it('never denies a key that was added, and denies nearly all others', () => {
  const filter = new KeyFilter(new SharedArrayBuffer(KeyFilter.BYTES));
  for (let n = 0; n < 100_000; n++) filter.add(keyOf(n));
  for (let n = 0; n < 100_000; n += 7) expect(filter.mayHave(keyOf(n))).toBe(true);
  let maybes = 0;
  for (let n = 100_000; n < 150_000; n++) if (filter.mayHave(keyOf(n))) maybes++;
  expect(maybes).toBeLessThan(500);
});

it('is one filter on both sides of shared memory', () => {
  const memory = new SharedArrayBuffer(KeyFilter.BYTES);
  new KeyFilter(memory).add(keyOf(1));
  expect(new KeyFilter(memory).mayHave(keyOf(1))).toBe(true);
});
