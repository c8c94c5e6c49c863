import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyUsage, type Usage } from '../core/usage.ts';
import { PriceBook } from './price.ts';

const book = PriceBook.bundled();
const AT = Date.UTC(2026, 9, 8, 12);

const SMALL = JSON.stringify({
  format: 1,
  date: '2026-10-08',
  source: 'a test',
  providers: { openai: 'o', anthropic: 'o' },
  books: {
    o: {
      models: [
        {
          id: 'gpt-x',
          match: ['^gpt-', '^claude-'],
          prices: [{ rates: { input: 1_000_000, output: 2_000_000, cacheRead: 1, cacheWrite: 3 } }],
        },
      ],
    },
  },
});

describe('the arithmetic', () => {
  const tokens = fc.integer({ min: 0, max: 2_000_000 });
  const usages = fc
    .record({ fresh: tokens, read: tokens, write: tokens, hour: tokens, output: tokens })
    .map(({ fresh, read, write, hour, output }) => ({
      ...emptyUsage(),
      inputTokens: fresh + read + write + hour,
      cacheReadTokens: read,
      cacheWriteTokens: write,
      cacheWrite1hTokens: hour,
      outputTokens: output,
    }));
  const models = fc.constantFrom(
    ['anthropic', 'claude-sonnet-4-5'],
    ['anthropic', 'claude-opus-5-5'],
    ['openrouter', 'anthropic/claude-sonnet-4.5'],
    ['openai', 'gpt-5.6-sol'],
  );

  it('never costs less for more of anything', () => {
    const more = fc.constantFrom(
      'fresh',
      'cacheReadTokens',
      'cacheWriteTokens',
      'cacheWrite1hTokens',
      'outputTokens',
    );
    fc.assert(
      fc.property(
        models,
        usages,
        more,
        fc.integer({ min: 1, max: 500_000 }),
        ([provider, model], usage, what, extra) => {
          const before = book.price({ provider: provider!, model: model!, atMs: AT, usage });
          const grown: Usage = { ...usage };
          if (what !== 'outputTokens') grown.inputTokens! += extra;
          if (what !== 'fresh') grown[what as 'outputTokens'] = (grown[what as 'outputTokens'] ?? 0) + extra;
          const after = book.price({ provider: provider!, model: model!, atMs: AT, usage: grown });
          if (before && after) expect(after.costNanos).toBeGreaterThanOrEqual(before.costNanos);
        },
      ),
    );
  });

  it('gives whole nano-dollars, the exact sum of the lines rounded once', () => {
    fc.assert(
      fc.property(models, usages, ([provider, model], usage) => {
        const price = book.price({ provider: provider!, model: model!, atMs: AT, usage });
        if (!price) return;
        expect(Number.isSafeInteger(price.costNanos)).toBe(true);
        const picos = price.lines.reduce(
          (sum, line) => sum + BigInt(line.units) * BigInt(line.picosPerUnit),
          0n,
        );
        expect(BigInt(price.costNanos)).toBe((picos + 500n) / 1000n);
        const input = price.lines
          .filter(({ kind }) => kind !== 'output')
          .reduce((sum, { units }) => sum + units, 0);
        expect(input).toBe(usage.inputTokens);
      }),
    );
  });

  it('does not depend on which requests were priced before', () => {
    const requests = fc.array(fc.tuple(models, usages), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(requests, fc.gen(), (list, gen) => {
        const one = PriceBook.load(SMALL) as PriceBook;
        const costs = (of: typeof list): (number | undefined)[] =>
          of.map(
            ([[provider, model], usage]) =>
              one.price({ provider: provider!, model: model!, atMs: AT, usage })?.costNanos,
          );
        const shuffled = [...list].sort(() => gen(fc.integer, { min: -1, max: 1 }));
        const expected = new Map(list.map((request, index) => [request, costs(list)[index]]));
        expect(costs(shuffled)).toEqual(shuffled.map((request) => expected.get(request)));
      }),
      { numRuns: 30 },
    );
  });

  it('stays right when more names were asked for than are remembered', () => {
    const one = PriceBook.load(SMALL) as PriceBook;
    const usage = { ...emptyUsage(), inputTokens: 10, outputTokens: 10 };
    for (let i = 0; i < 10_000; i++)
      expect(one.price({ provider: 'openai', model: `unknown-${i}`, atMs: AT, usage })).toBeNull();
    expect(one.price({ provider: 'openai', model: 'gpt-x', atMs: AT, usage })!.costNanos).toBe(30_000);
  });
});
