import { describe, expect, it } from 'vitest';
import { emptyUsage, type Usage } from '../core/usage.ts';
import { type Price, PriceBook } from './price.ts';

const book = PriceBook.bundled();
const AT = Date.UTC(2026, 9, 8, 12);

function priced(provider: string, model: string, usage: Partial<Usage>, atMs = AT): Price | null {
  return book.price({ provider, model, atMs, usage: { ...emptyUsage(), ...usage } });
}
/** Cost in USD. */
function cost(provider: string, model: string, usage: Partial<Usage>, atMs = AT): number | null {
  const price = priced(provider, model, usage, atMs);
  return price === null ? null : price.costNanos / 1e9;
}
const MILLION = { inputTokens: 1_000_000, outputTokens: 1_000_000 };

describe('list prices', () => {
  it.each([
    ['openai', 'gpt-4o', 12.5],
    ['openai', 'gpt-4o-2024-08-06', 12.5],
    ['openai', 'gpt-4o-2024-05-13', 20],
    ['openai', 'gpt-4o-mini', 0.75],
    ['openai', 'GPT-4o-Mini-2024-07-18', 0.75],
    ['azure-openai', 'gpt-4o-2024-08-06', 12.5],
    ['anthropic', 'claude-sonnet-4-20250514', 18],
    ['anthropic', 'claude-opus-4-1-20250805', 90],
    ['anthropic', 'claude-opus-5-20260901', 30],
    ['aws-bedrock', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', 19.8],
    ['aws-bedrock', 'global.anthropic.claude-sonnet-4-5-20250929-v1:0', 18],
    ['aws-bedrock', 'anthropic.claude-opus-4-1-20250805-v1:0', 90],
    ['aws-bedrock', 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0', 0.3],
    ['google-vertex-ai', 'claude-sonnet-4@20250514', 18],
    ['google-ai-studio', 'models/gemini-2.5-flash', 2.8],
    ['openrouter', 'openai/gpt-4o-2024-08-06', 12.5],
    ['workers-ai', '@cf/meta/llama-3.1-8b-instruct', 1.109],
    ['openai', 'gpt-4o-mini-2031-01-01', 0.75],
  ])('%s %s costs %d USD for a million tokens each way', (provider, model, usd) => {
    expect(cost(provider, model, MILLION)).toBe(usd);
  });

  it('counts cached input of gpt-4o-mini at half', () => {
    const usage = { inputTokens: 10_000, cacheReadTokens: 8000, outputTokens: 1000 };
    expect(cost('openai', 'gpt-4o-mini', usage)).toBe(0.0015);
  });

  it('counts Claude’s cache reads and both kinds of cache writes', () => {
    const usage = {
      inputTokens: 10_000,
      cacheReadTokens: 5000,
      cacheWriteTokens: 2000,
      cacheWrite1hTokens: 1000,
      outputTokens: 1000,
    };
    const price = priced('anthropic', 'claude-sonnet-4-5-20250929', usage)!;
    // 2000 × 3 + 5000 × 0.3 + 2000 × 3.75 + 1000 × 6 + 1000 × 15, per million
    expect(price.costNanos).toBe(36_000_000);
    expect(
      price.lines.map(({ kind, units, picosPerUnit, nanos }) => [kind, units, picosPerUnit, nanos]),
    ).toEqual([
      ['input', 2000, '3000000', 6_000_000],
      ['cache_read', 5000, '300000', 1_500_000],
      ['cache_write', 2000, '3750000', 7_500_000],
      ['cache_write_1h', 1000, '6000000', 6_000_000],
      ['output', 1000, '15000000', 15_000_000],
    ]);
    expect(price.rule).toBe('catalogue of 2026-09-23: anthropic/claude-sonnet-4-5');
  });

  it('takes twice the input price for 1-hour cache writes where no price of their own is listed', () => {
    const price = priced('aws-bedrock', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', {
      inputTokens: 1000,
      cacheWrite1hTokens: 1000,
      outputTokens: 0,
    })!;
    expect(price.costNanos).toBe(6_600_000);
    expect(price.rule).toContain('1-hour cache writes at twice the input price');
  });

  it('puts the whole request into the higher tier once its input is above the threshold', () => {
    const at = (inputTokens: number): number | null =>
      cost('google-ai-studio', 'gemini-2.5-pro', { inputTokens, outputTokens: 1000 });
    expect(at(200_000)).toBe(0.26);
    expect(at(200_001)).toBe(0.5150025);
    expect(
      priced('google-ai-studio', 'gemini-2.5-pro', { inputTokens: 200_001, outputTokens: 1 })!.rule,
    ).toContain(', above 200000 input tokens');
  });

  it('follows a price change on its day', () => {
    expect(cost('openai', 'o3', MILLION, Date.UTC(2025, 5, 9, 23, 59, 59, 999))).toBe(50);
    expect(cost('openai', 'o3', MILLION, Date.UTC(2025, 5, 10))).toBe(10);
  });

  it('follows a price that depends on the time of the day', () => {
    const at = (hour: number): number | null =>
      cost('deepseek', 'deepseek-v4-flash', MILLION, Date.UTC(2026, 9, 8, hour));
    expect([at(0), at(1), at(3), at(4), at(6), at(10)]).toEqual([0.88, 1.76, 1.76, 0.88, 1.76, 0.88]);
  });

  it('prices audio and images by their own price where one is listed, else as any token', () => {
    const audio = { inputTokens: 1000, audioInputTokens: 400, outputTokens: 0 };
    expect(priced('google-ai-studio', 'gemini-2.5-flash', audio)!.costNanos).toBe(600 * 300 + 400 * 1000);
    expect(priced('openai', 'gpt-4o', audio)!.costNanos).toBe(1000 * 2500);
    const image = { inputTokens: 1000, imageInputTokens: 900, outputTokens: 100, imageOutputTokens: 100 };
    expect(priced('openai', 'gpt-image-1', image)!.costNanos).toBe(100 * 5000 + 900 * 10_000 + 100 * 40_000);
  });

  it('counts audio as cached only where the fresh input has no room for it', () => {
    const usage = { inputTokens: 1000, cacheReadTokens: 700, audioInputTokens: 500, outputTokens: 0 };
    expect(
      priced('google-ai-studio', 'gemini-2.5-flash', usage)!.lines.map(({ kind, units }) => [kind, units]),
    ).toEqual([
      ['audio_input', 300],
      ['cache_read', 500],
      ['audio_cache_read', 200],
    ]);
  });

  it('prices what is no token: seconds, pages, searches, requests', () => {
    expect(cost('openai', 'whisper-1', { units: { seconds: 90 } })).toBe(0.009);
    expect(cost('openai', 'whisper-1', { units: { seconds: 0.5 } })).toBe(0.00005);
    expect(cost('mistral', 'mistral-ocr-latest', { units: { pages: 3 } })).toBe(0.012);
    expect(
      cost('anthropic', 'claude-sonnet-4-5', { inputTokens: 1000, outputTokens: 0, units: { searches: 2 } }),
    ).toBe(0.023);
    expect(cost('perplexity-ai', 'sonar', { inputTokens: 1000, outputTokens: 1000 })).toBe(0.014);
  });
});

describe('what is not known', () => {
  it('is null: models, providers, and names of the language', () => {
    expect(cost('openai', 'no-such-model', MILLION)).toBeNull();
    expect(cost('no-such-provider', 'gpt-4o', MILLION)).toBeNull();
    expect(cost('huggingface', 'gpt-4o', MILLION)).toBeNull();
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '']) {
      expect(cost(name, 'gpt-4o', MILLION)).toBeNull();
      expect(cost('openai', name, MILLION)).toBeNull();
      expect(cost('openai', 'gpt-4o', { ...MILLION, units: { [name]: 5 } })).toBe(12.5);
    }
    expect(cost('openai', 'x'.repeat(1_000_000), MILLION)).toBeNull();
  });

  it('is null: a usage without tokens, or without the side that has a price', () => {
    expect(cost('openai', 'gpt-4o', {})).toBeNull();
    expect(cost('openai', 'gpt-4o', { inputTokens: 5 })).toBeNull();
    expect(cost('openai', 'gpt-4o', { outputTokens: 5 })).toBeNull();
    expect(cost('openai', 'gpt-4o', { units: { counted_tokens: 5 } })).toBeNull();
  });

  it('is null: a class of tokens in use that has no price', () => {
    expect(cost('openai', 'o3-pro', { inputTokens: 100, outputTokens: 1 })).toBe(0.00208);
    expect(cost('openai', 'o3-pro', { inputTokens: 100, cacheReadTokens: 50, outputTokens: 1 })).toBeNull();
    expect(cost('openai', 'o3-pro', { inputTokens: 100, cacheReadTokens: 0, outputTokens: 1 })).toBe(0.00208);
    expect(cost('openai', 'gpt-4o', { inputTokens: 100, cacheWriteTokens: 50, outputTokens: 1 })).toBeNull();
  });

  it('is null: figures that are no counts', () => {
    for (const inputTokens of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
      expect(cost('openai', 'gpt-4o', { inputTokens, outputTokens: 1 })).toBeNull();
    }
  });

  it('is not the same as free', () => {
    expect(cost('openrouter', 'arliai/qwq-32b-arliai-rpr-v1:free', MILLION)).toBe(0);
    expect(cost('openai', 'omni-moderation-latest', { inputTokens: 5 })).toBe(0);
  });

  it('needs no output for an embedding', () => {
    expect(cost('openai', 'text-embedding-3-small', { inputTokens: 1_000_000 })).toBe(0.02);
  });
});
