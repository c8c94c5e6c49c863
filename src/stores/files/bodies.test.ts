import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BodyRange, BodySource } from '../../core/stores/bodies.ts';
import { openBodies } from './bodies.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-bodies-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function sourceOf(bytes: Buffer): BodySource {
  return { read: (into, at) => bytes.copy(into, 0, at, at + into.length) };
}

/** Ranges with gaps, some of them larger than a block, and whether each survives a second packing. */
const layout = fc.array(
  fc.record({
    gap: fc.nat(2000),
    length: fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 200_000, max: 400_000 })),
    survives: fc.boolean(),
    random: fc.boolean(),
  }),
  { maxLength: 40 },
);

test('every range is read back at its old address, before and after a repacking, and what was left out is gone', () => {
  let segment = 1;
  fc.assert(
    fc.property(layout, (parts) => {
      const ranges: BodyRange[] = [];
      let at = 0;
      for (const { gap, length } of parts) {
        ranges.push({ at: at + gap, length });
        at += gap + length;
      }
      const bytes = Buffer.alloc(at);
      for (const [index, { at: from, length }] of ranges.entries()) {
        for (let place = 0; place < length; place++) {
          bytes[from + place] = parts[index]!.random ? Math.random() * 256 : index + (place % 7);
        }
      }
      const bodies = openBodies({ folder });
      bodies.pack(++segment, ranges, sourceOf(bytes));
      for (const { at: from, length } of ranges) {
        const half = Math.ceil(length / 2);
        expect(bodies.read(segment, { at: from, length })?.equals(bytes.subarray(from, from + length))).toBe(
          true,
        );
        const second = { at: from + length - half, length: half };
        expect(bodies.read(segment, second)?.equals(bytes.subarray(second.at, second.at + half))).toBe(true);
      }
      bodies.pack(
        segment,
        ranges.filter((_, index) => parts[index]!.survives),
        null,
      );
      for (const [index, { at: from, length }] of ranges.entries()) {
        const found = openBodies({ folder }).read(segment, { at: from, length });
        if (parts[index]!.survives) expect(found?.equals(bytes.subarray(from, from + length))).toBe(true);
        else expect(found).toBeNull();
      }
    }),
    { numRuns: 15 },
  );
});

test('bodies that are alike are packed together and take little', () => {
  const one = Buffer.from(
    JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello there' }] }),
  );
  const ranges = Array.from({ length: 1000 }, (_, index) => ({ at: index * one.length, length: one.length }));
  openBodies({ folder }).pack(7, ranges, sourceOf(Buffer.concat(ranges.map(() => one))));
  expect(statSync(join(folder, readdirSync(folder)[0]!)).size).toBeLessThan(one.length * 100);
});

test('what is not there is null, what is damaged is an error', () => {
  const bodies = openBodies({ folder });
  expect(bodies.read(1, { at: 0, length: 5 })).toBeNull();
  expect(bodies.has(1)).toBe(false);
  bodies.pack(1, [{ at: 10, length: 5 }], sourceOf(Buffer.from('0123456789hello world')));
  expect(bodies.read(1, { at: 10, length: 5 })?.toString()).toBe('hello');
  expect(bodies.read(1, { at: 10, length: 6 })).toBeNull();
  expect(bodies.read(1, { at: 9, length: 2 })).toBeNull();
  writeFileSync(join(folder, readdirSync(folder)[0]!), 'rubbish, and a good deal of it');
  expect(() => openBodies({ folder }).read(1, { at: 10, length: 5 })).toThrow('index');
});

test('what a crash left is removed at the start, what is known stays', () => {
  const bodies = openBodies({ folder });
  for (const segment of [1, 2]) bodies.pack(segment, [{ at: 0, length: 1 }], sourceOf(Buffer.from('x')));
  writeFileSync(join(folder, '00000000000003.bodies.packing'), 'half');
  bodies.clean(new Set([2]));
  expect(readdirSync(folder)).toEqual(['00000000000002.bodies']);
});
