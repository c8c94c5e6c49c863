import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VectorFacts, VectorIndex } from '../../core/stores/vector-index.ts';
import { padded, quantiseQuery, quantiseStored } from './quantise.ts';
import { MARGIN_SCALES, QUERY_BIAS, scanModuleBytes } from './scan-module.ts';
import { createVectorIndex } from './vector-index.ts';
import { openMemory, openScan } from './web-assembly.ts';

const MIB = 1_048_576;

/** Seeded: the same vectors in every run. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values) || 1;
  return new Float32Array(values.map((value) => value / length));
}
const randomUnit = (next: () => number, dimensions: number): Float32Array =>
  unit(Array.from({ length: dimensions }, () => next() + next() + next() - 1.5));

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
}

const facts = (number: number, change: Partial<VectorFacts> = {}): VectorFacts => ({
  number,
  key: (BigInt(number) * 0x9e3779b97f4a7c15n) & 0xffff_ffff_ffff_ffffn,
  partition: 'one',
  gateway: 'local/main',
  storedAt: 1000,
  expiresAt: 1_000_000,
  bytes: 2000,
  worth: 1,
  hits: 0,
  ...change,
});

function find(index: VectorIndex, vector: Float32Array, partition = 'one', minCosine = -1): number[] {
  const scan = index.scan(partition, vector, minCosine, 64, 2000);
  while (!scan.step(1));
  return scan.candidates().map(({ number }) => number);
}

describe('the scan module', () => {
  it('is little more than a kilobyte', () => {
    expect(scanModuleBytes().length).toBeLessThan(1500);
  });

  it('adds up what plain JavaScript adds up, in any dimension', () => {
    const next = numbersFrom(1);
    const memory = openMemory(2, 2);
    const scan = openScan(memory);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 20 }), (dimensions, count) => {
        const long = padded(dimensions);
        const question = randomUnit(next, dimensions);
        const query = new Uint8Array(memory.buffer, 0, 2 * long);
        const queryScale = quantiseQuery(question, query);
        const asked = Array.from({ length: dimensions }, (_, i) => {
          const place = 32 * Math.floor(i / 16) + (i % 16);
          return 128 * query[place]! + query[place + 16]! - QUERY_BIAS;
        });
        const expected: number[] = [];
        for (let n = 0; n < count; n++) {
          const at = 2048 + n * (16 + long);
          const stored = new Int8Array(memory.buffer, at + 16, long);
          const { scale, bias } = quantiseStored(randomUnit(next, dimensions), stored);
          new Float32Array(memory.buffer, at, 1)[0] = scale;
          new Uint32Array(memory.buffer, at, 2)[1] = n + 7;
          new Int32Array(memory.buffer, at, 3)[2] = bias;
          let sum = 0;
          for (let i = 0; i < dimensions; i++) sum += stored[i]! * asked[i]!;
          expected.push((sum * queryScale + MARGIN_SCALES) * scale);
        }
        const out = 65_536;
        const found = scan(2048, count, 16 + long, long, 0, queryScale, Number.NEGATIVE_INFINITY, out);
        expect(found).toBe(count);
        for (let n = 0; n < count; n++) {
          expect(new Uint32Array(memory.buffer, out + 8 * n, 1)[0]).toBe(n + 7);
          expect(new Float32Array(memory.buffer, out + 8 * n + 4, 1)[0]).toBeCloseTo(expected[n]!, 5);
        }
        const bar = expected.toSorted((a, b) => b - a)[Math.floor(count / 2)]! + 1e-6;
        const above = scan(2048, count, 16 + long, long, 0, queryScale, bar, out);
        expect(above).toBe(expected.filter((upper) => upper >= bar).length);
      }),
    );
  });

  it('cannot run over with the most dimensions and the largest values', () => {
    const vector = unit(Array.from({ length: 8192 }, () => 1));
    const index = createVectorIndex(4 * MIB);
    index.add(facts(1), vector);
    expect(find(index, vector, 'one', 0.999)).toEqual([1]);
    expect(
      find(
        index,
        vector.map((value) => -value),
        'one',
        -0.9,
      ),
    ).toEqual([]);
  });
});

describe('the index of vectors', () => {
  it('never holds a cosine for smaller than the bound says', () => {
    const next = numbersFrom(2);
    for (const dimensions of [8, 100, 384, 1536]) {
      const index = createVectorIndex(8 * MIB);
      const vectors = Array.from({ length: 300 }, () => randomUnit(next, dimensions));
      vectors.forEach((vector, n) => void index.add(facts(n + 1), vector));
      const scales = vectors.map((vector) => Math.max(...vector.map(Math.abs)) / 127);
      for (let round = 0; round < 10; round++) {
        const question = randomUnit(next, dimensions);
        const scan = index.scan('one', question, -1, 300, 2000);
        while (!scan.step(MIB));
        const candidates = scan.candidates();
        expect(candidates.length).toBe(300);
        let least = Number.POSITIVE_INFINITY;
        let most = 0;
        for (const { number, upper } of candidates) {
          const above = upper - dot(question, vectors[number - 1]!);
          least = Math.min(least, above);
          most = Math.max(most, above / scales[number - 1]!);
        }
        expect(least).toBeGreaterThanOrEqual(0);
        // Twice the margin, and what the sums of floats err.
        expect(most).toBeLessThanOrEqual(2 * MARGIN_SCALES + 0.01);
      }
    }
  }, 120_000);

  it('does as a plain list does, whatever is added, replaced and removed', () => {
    const next = numbersFrom(3);
    const command = fc.record({
      what: fc.constantFrom('add', 'add', 'add', 'remove'),
      key: fc.integer({ min: 1, max: 40 }),
      partition: fc.constantFrom('one', 'two', 'three'),
      dimensions: fc.constantFrom(5, 16, 40),
    });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
        const index = createVectorIndex(4 * MIB);
        const list = new Map<bigint, { number: number; partition: string; vector: Float32Array }>();
        let number = 0;
        for (const { what, key: short, partition, dimensions } of commands) {
          // Keys that collide in the table.
          const key = BigInt(short % 8) | (BigInt(short) << 40n);
          if (what === 'add') {
            number++;
            const vector = randomUnit(next, dimensions);
            const older = list.get(key);
            expect(index.add(facts(number, { key, partition }), vector)).toEqual(older ? [older.number] : []);
            list.set(key, { number, partition, vector });
          } else {
            expect(index.remove(key, list.get(key)?.number ?? 0)).toBe(list.delete(key));
          }
        }
        expect(index.entries).toBe(list.size);
        for (const { number: wanted, partition, vector } of list.values()) {
          expect(find(index, vector, partition, 0.98)).toContain(wanted);
          const same = [...list.values()].filter(
            (one) => one.partition === partition && one.vector.length === vector.length,
          );
          expect(find(index, vector, partition).sort()).toEqual(same.map((one) => one.number).sort());
        }
        for (const [key, one] of list) expect(index.remove(key, one.number)).toBe(true);
        expect(index.memoryBytes).toBe(0);
        expect(index.totals('local/main')).toEqual({ entries: 0, bytes: 0, partitions: 0 });
      }),
    );
  }, 120_000);

  it('finds what is moved, and not what is removed, while it looks', () => {
    const next = numbersFrom(4);
    const index = createVectorIndex(8 * MIB);
    const vectors = Array.from({ length: 3000 }, () => randomUnit(next, 384));
    vectors.forEach((vector, n) => void index.add(facts(n + 1), vector));
    const scan = index.scan('one', vectors[2999]!, 0.9, 8, 2000);
    expect(scan.step(1)).toBe(false);
    // The last record goes to the place of the first one, where the scan has been.
    index.remove(facts(1).key, 1);
    while (!scan.step(1));
    expect(scan.candidates().map(({ number }) => number)).toEqual([3000]);
    const other = index.scan('one', vectors[5]!, 0.9, 8, 2000);
    expect(other.step(1)).toBe(false);
    index.remove(facts(6).key, 6);
    while (!other.step(1));
    expect(other.candidates()).toEqual([]);
  });

  it('never finds what has expired, and sweeps it', () => {
    const index = createVectorIndex(MIB);
    const vector = unit([1, 2, 3]);
    index.add(facts(1, { expiresAt: 1500 }), vector);
    index.add(facts(2), vector);
    expect(find(index, vector)).toEqual([2]);
    expect(index.sweep(0, 1, 2000)).toEqual({ gone: [1], next: 1 });
    expect(index.sweep(1, 1, 2000)).toEqual({ gone: [], next: null });
    expect(index.entries).toBe(1);
  });

  it('sweeps in small steps when all expires at once', () => {
    const index = createVectorIndex(MIB);
    const vector = unit([1, 2, 3]);
    for (let n = 1; n <= 2000; n++) index.add(facts(n), vector);
    let steps = 0;
    let gone = 0;
    for (let from: number | null = 0; from !== null; steps++) {
      const swept = index.sweep(from, 5000, 2_000_000);
      expect(swept.gone.length).toBeLessThan(100);
      gone += swept.gone.length;
      from = swept.next;
    }
    expect(gone).toBe(2000);
    expect(steps).toBeGreaterThan(20);
    expect(index.memoryBytes).toBe(0);
  });

  it.each(['one partition', 'a partition each', 'some large ones after many small ones'])(
    'stays within its memory under pressure and does not lose more than it must: %s',
    (shape) => {
      const next = numbersFrom(5);
      const index = createVectorIndex(2 * MIB);
      let most = 0;
      let mostMemory = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let n = 1; n <= 12_000; n++) {
        const partition =
          shape === 'one partition'
            ? 'one'
            : shape === 'a partition each' || n < 6000
              ? `p${n}`
              : `p${n % 3}`;
        const gone = index.add(facts(n, { partition, storedAt: 1000 + n }), randomUnit(next, 64));
        if (gone.includes(n)) throw new Error(`${n} found no place`);
        mostMemory = Math.max(mostMemory, index.memoryBytes);
        most = Math.max(most, index.entries);
        if (n > 6000) least = Math.min(least, index.entries);
      }
      expect(mostMemory).toBeLessThanOrEqual(2 * MIB);
      expect(least).toBeGreaterThan(1000);
      expect(most).toBeGreaterThan(shape === 'one partition' ? 10_000 : 1500);
    },
  );

  it('evicts the least valuable first: never given, cheap, large, old', () => {
    const index = createVectorIndex(MIB);
    const vector = unit([1, 2, 3]);
    index.add(facts(1, { hits: 5 }), vector);
    index.add(facts(2, { worth: 5 }), vector);
    index.add(facts(3, { bytes: 50 }), vector);
    index.add(facts(4, { storedAt: 100_000_000 }), vector);
    index.add(facts(5), vector);
    index.addHits(facts(2).key, 2, 3);
    expect(index.evict(5, 100_000_000)).toEqual([5, 1, 2, 4, 3]);
    expect(index.entries).toBe(0);
  });
});
