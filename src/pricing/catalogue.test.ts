import { readFileSync } from 'node:fs';
import { calcPrice, findProvider, type ModelInfo } from '@pydantic/genai-prices';
import { describe, expect, it } from 'vitest';
import { emptyUsage } from '../core/usage.ts';
import { buildCatalogue, catalogueText } from './build-catalogue.ts';
import { matchesModel, spellings } from './match-model.ts';
import { PriceBook } from './price.ts';

const text = readFileSync(new URL('./catalogue.json', import.meta.url), 'utf8');
const AT = Date.UTC(2026, 9, 8, 12);

describe('the bundled catalogue', () => {
  const file = buildCatalogue();

  it('is what the builder makes of the installed source', () => {
    expect(catalogueText(file)).toBe(text);
  });

  it('names the version and the day of its source', () => {
    const installed = JSON.parse(
      readFileSync(
        new URL('../../node_modules/@pydantic/genai-prices/package.json', import.meta.url),
        'utf8',
      ),
    ) as { version: string };
    expect(file.source).toContain(`genai-prices ${installed.version} `);
    expect(PriceBook.bundled().date).toBe(file.date);
  });

  it('loads without an error, and its odd prices are few and known to be odd', () => {
    const book = PriceBook.load(text);
    expect(book).toBeInstanceOf(PriceBook);
    // Google's cache writes are billed by the hour of storage; the source lists what OpenRouter makes of that.
    const warnings = (book as PriceBook).warnings;
    expect(warnings.filter((warning) => !warning.startsWith('books.openrouter.'))).toEqual([]);
  });

  it('leaves few models without a price', () => {
    const models = Object.values(file.books).flatMap((book) => book.models);
    expect(models.length).toBeGreaterThan(1000);
    const without = models.filter(({ prices }) => prices.length === 0).length;
    expect(without).toBeLessThan(models.length / 50);
    expect(file.aside).toMatchObject({ 'models without a price': without });
  });

  it('recognises every model of the source by its own rules, in the same order', () => {
    for (const [bookName, book] of Object.entries(file.books)) {
      const source = findProvider({ providerId: bookName })!;
      for (const model of source.models) {
        for (const name of namesOf(model)) {
          const theirs = source.models.find((candidate) => matchesSource(candidate, name))!.id;
          const ours = book.models.find((candidate) => matchesModel(candidate, name.toLowerCase()))?.id;
          expect.soft(ours, `${bookName} ${name}`).toBe(theirs);
        }
      }
    }
  });

  it('prices every model as its source does', () => {
    const prices = PriceBook.bundled();
    const book = new Map(Object.entries(file.providers).map(([id, name]) => [name, id]));
    let compared = 0;
    for (const [name, provider] of book) {
      for (const { id, prices: listed } of findProvider({ providerId: name })!.models) {
        if (JSON.stringify(listed).includes('requests_kcount')) continue;
        for (const [input, read, write, output] of [
          [1000, 0, 0, 500],
          [250_001, 0, 0, 77],
          [10_000, 6000, 2000, 1],
        ] as const) {
          const mine = prices.price({
            provider,
            model: id,
            atMs: AT,
            usage: {
              ...emptyUsage(),
              inputTokens: input,
              cacheReadTokens: read,
              cacheWriteTokens: write,
              outputTokens: output,
            },
          });
          if (mine === null) continue;
          const theirs = calcPrice(
            {
              input_tokens: input,
              cache_read_tokens: read,
              cache_write_tokens: write,
              output_tokens: output,
            },
            id,
            { providerId: name, timestamp: new Date(AT) },
          )!;
          compared++;
          expect.soft(mine.costNanos / 1e9, `${name} ${id}`).toBeCloseTo(theirs.total_price, 8);
        }
      }
    }
    expect(compared).toBeGreaterThan(2000);
  });
});

function matchesSource(model: ModelInfo, name: string): boolean {
  const test = (logic: ModelInfo['match']): boolean => {
    if ('or' in logic) return logic.or.some(test);
    if ('and' in logic) return logic.and.every(test);
    const lower = name.toLowerCase();
    if ('equals' in logic) return lower === logic.equals.toLowerCase();
    if ('starts_with' in logic) return lower.startsWith(logic.starts_with.toLowerCase());
    if ('ends_with' in logic) return lower.endsWith(logic.ends_with.toLowerCase());
    if ('contains' in logic) return lower.includes(logic.contains.toLowerCase());
    return new RegExp(logic.regex).test(name);
  };
  return test(model.match);
}

/** Names that the source's rules speak of, and near misses of them. */
function namesOf(model: ModelInfo): string[] {
  const names: string[] = [];
  const walk = (logic: ModelInfo['match']): void => {
    if ('or' in logic) logic.or.forEach(walk);
    else if ('and' in logic) logic.and.forEach(walk);
    else if ('regex' in logic)
      names.push(
        logic.regex
          .replace(/\\d\{(\d)\}/g, (_, n) => '7'.repeat(Number(n)))
          .replace(/\\d/g, '7')
          .replaceAll('\\.', '.')
          .replace(/[\^$]/g, ''),
      );
    else
      for (const part of Object.values(logic) as string[])
        names.push(part, `${part}-x`, `x-${part}`, `${part}-lite`, `${part}-tts`);
  };
  walk(model.match);
  return names.filter((name) => matchesSource(model, name) && !name.includes('('));
}

describe('spellings of a model name', () => {
  it('are the name, its date in the other spelling, and the name without a date', () => {
    expect(spellings('Claude-X-20250929')).toEqual(['claude-x-20250929', 'claude-x-2025-09-29', 'claude-x']);
    expect(spellings('gpt-x-2025-04-14')).toEqual(['gpt-x-2025-04-14', 'gpt-x']);
    expect(spellings('claude-x@20250929')).toEqual(['claude-x@20250929', 'claude-x']);
    expect(spellings('models/gemini-x')).toEqual(['gemini-x']);
    expect(spellings('x-20259999')).toEqual(['x-20259999', 'x']);
  });
});
