import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyUsage, type Usage } from '../core/usage.ts';
import { billCustomCost, type CustomCost, parseCustomCost } from './custom-cost.ts';

function parsed(text: string): CustomCost {
  const cost = parseCustomCost(text);
  if ('error' in cost) throw new Error(cost.error);
  return cost;
}
const nanos = (text: string, usage: Partial<Usage>): number | null =>
  billCustomCost(parsed(text), { ...emptyUsage(), ...usage })?.costNanos ?? null;

describe('cf-aig-custom-cost', () => {
  it('reads numbers exactly, whether they are numbers or texts, in any spelling', () => {
    for (const spelled of ['0.0000025', '2.5e-6', '25E-7', '0.25e-5', '"0.0000025"', '"2.5e-6"']) {
      expect(parsed(`{"per_token_in":${spelled}}`).perTokenIn).toBe(2_500_000n);
    }
    // As a binary fraction this is not 0.1 + 0.2.
    expect(parsed('{"total_cost":0.300000000001}').total).toBe(300_000_000_001n);
    expect(parsed('{"total_cost":0}').total).toBe(0n);
  });

  it('prices input and output', () => {
    expect(
      nanos('{"per_token_in":0.000001,"per_token_out":0.000002}', { inputTokens: 1000, outputTokens: 500 }),
    ).toBe(2_000_000);
  });

  const usage = { inputTokens: 1000, cacheReadTokens: 600, cacheWriteTokens: 200, outputTokens: 0 };

  it('leaves 200 fresh of 1,000 input with 600 read and 200 written', () => {
    expect(
      nanos('{"per_token_in":1e-6,"per_cache_read_token":1e-7,"per_cache_write_token":2e-6}', usage),
    ).toBe(200 * 1000 + 600 * 100 + 200 * 2000);
  });

  it('with one cache rate prices the other class as plain input', () => {
    expect(nanos('{"per_token_in":1e-6,"per_cache_read_token":1e-7}', usage)).toBe(400 * 1000 + 600 * 100);
    expect(nanos('{"per_token_in":1e-6,"per_cache_write_token":2e-6}', usage)).toBe(800 * 1000 + 200 * 2000);
  });

  it('with no cache rate prices all input alike', () => {
    expect(nanos('{"per_token_in":1e-6}', usage)).toBe(1000 * 1000);
  });

  it('prices 1-hour cache writes like the others', () => {
    expect(
      nanos('{"per_token_in":1e-6,"per_cache_write_token":2e-6}', { ...usage, cacheWrite1hTokens: 100 }),
    ).toBe(700 * 1000 + 300 * 2000);
  });

  it('takes a total for the whole request, whatever was used', () => {
    expect(nanos('{"total_cost":0.05}', {})).toBe(50_000_000);
    expect(nanos('{"total_cost":0}', { inputTokens: 5 })).toBe(0);
  });

  it('is unknown where a rate applies to a count that is not stated', () => {
    expect(nanos('{"per_token_in":1e-6}', {})).toBeNull();
    expect(nanos('{"per_token_in":1e-6,"per_token_out":1e-6}', { inputTokens: 5 })).toBeNull();
    expect(nanos('{"per_token_in":1e-6}', { inputTokens: 5 })).toBe(5000);
    expect(nanos('{"per_token_out":1e-6}', { outputTokens: 5 })).toBe(5000);
  });

  it.each([
    '',
    'x',
    '5',
    '"5"',
    'null',
    '[]',
    '{}',
    '{"per_token_in":-1}',
    '{"per_token_in":"-0.1"}',
    '{"per_token_in":NaN}',
    '{"per_token_in":"NaN"}',
    '{"per_token_in":"Infinity"}',
    '{"per_token_in":1e999}',
    '{"per_token_in":1000001}',
    '{"per_token_in":""}',
    '{"per_token_in":"0x10"}',
    '{"per_token_in":null}',
    '{"per_token_in":true}',
    '{"per_token_in":{"a":1}}',
    '{"per_token_in":[1]}',
    '{"per_token_input":1}',
    '{"__proto__":1}',
    '{"constructor":1}',
    '{"total_cost":1,"per_token_in":1}',
  ])('refuses %s and names the form', (text) => {
    expect(parseCustomCost(text)).toEqual({
      error: expect.stringContaining('a JSON object with per_token_in'),
    });
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof parseCustomCost(text)).toBe('object');
      }),
    );
  });

  it('gives back every decimal to the twelfth place', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 16n }), (picos) => {
        const digits = picos.toString().padStart(13, '0');
        const text = `${digits.slice(0, -12)}.${digits.slice(-12)}`;
        expect(parsed(`{"total_cost":${text}}`).total).toBe(picos);
        expect(parsed(`{"total_cost":"${picos}e-12"}`).total).toBe(picos);
      }),
    );
  });
});
