import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Slab, Slabs } from './slabs.ts';

it('keeps what each was given, whatever leaves in the meantime, and uses again what is free', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ length: fc.integer({ min: 1, max: 9000 }), leaves: fc.nat(200) }), {
        maxLength: 300,
      }),
      (steps) => {
        const slabs = new Slabs();
        const kept: { slab: Slab; start: number; length: number; mark: number }[] = [];
        let most = 0;
        for (const [mark, { length, leaves }] of steps.entries()) {
          const slab = slabs.take(length);
          expect(slab === null).toBe(length > 8192);
          if (slab === null) continue;
          const start = slab.end - length;
          slab.bytes.fill(mark & 255, start, slab.end);
          kept.push({ slab, start, length, mark: mark & 255 });
          most = Math.max(most, slabs.bytes);
          const [gone] = leaves < kept.length ? kept.splice(leaves, 1) : [];
          if (gone) slabs.give(gone.slab, gone.length);
        }
        for (const { slab, start, length, mark } of kept)
          expect(slab.bytes.subarray(start, start + length).every((byte) => byte === mark)).toBe(true);
        for (const { slab, length } of kept) slabs.give(slab, length);
        // The one that is being filled is not given up.
        expect(slabs.bytes).toBe(Math.min(most, 64 * 1024));
      },
    ),
    { seed: 3, numRuns: 200 },
  );
});
