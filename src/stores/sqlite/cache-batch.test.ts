import { expect, it } from 'vitest';
import type { CacheEntry } from '../../core/stores/cache.ts';
import { CacheBatch, readBatch } from './cache-batch.ts';

const entry = (n: number, body: Buffer): CacheEntry => ({
  key: n.toString(16).padStart(64, '0'),
  account: 'local',
  gateway: 'Wörter',
  status: 200,
  headers: [],
  body,
  storedAt: 1,
  expiresAt: 1_700_000_000_000 + n,
  recordId: 'r',
  costNanos: null,
  durationMs: null,
  model: null,
  provider: null,
});

it('hands over what was put in, also when its buffer had to grow or came back', () => {
  const batch = new CacheBatch();
  for (let round = 0; round < 4; round++) {
    const bodies = Array.from({ length: 30 }, (_, n) => Buffer.alloc(n * n * 37, n + round));
    // The head's length in characters is not that of its bytes.
    for (const [n, body] of bodies.entries()) batch.add(entry(n, body), `{"head":"${'ü€😀'.repeat(n)}"}`);
    const taken = batch.take();
    expect(batch.length).toBe(0);
    const rows = [...readBatch(taken)];
    expect(rows).toHaveLength(bodies.length);
    for (const [n, row] of rows.entries()) {
      const head = Buffer.from(row.head).toString();
      expect(Buffer.from(row.key).toString('hex')).toBe(entry(n, bodies[n]!).key);
      expect(row).toMatchObject({ gateway: 'local/Wörter', expiresAt: 1_700_000_000_000 + n });
      expect([head, row.headLength]).toEqual([`{"head":"${'ü€😀'.repeat(n)}"}`, head.length]);
      expect(bodies[n]!.equals(row.body)).toBe(true);
    }
    if (round % 2 === 0) batch.giveBack(taken.buffer);
  }
});

it('does not write into a buffer that has not come back', () => {
  const batch = new CacheBatch();
  batch.add(entry(1, Buffer.from('first')), '{}');
  const first = batch.take();
  batch.add(entry(2, Buffer.from('second')), '{}');
  batch.take();
  expect(Buffer.from([...readBatch(first)][0]!.body).toString()).toBe('first');
});
