import { describe, expect, it } from 'vitest';
import { agentOf, cachedShare, cacheMark, statusText, toneOf } from './log-facts.ts';

const status = (patch: object) => ({
  status_code: 200,
  success: true,
  rate_limited: false,
  outcome: 'complete' as const,
  error_type: null,
  ...patch,
});
const usage = (cached: number | null) => ({ input_cached_tokens: cached }) as never;

describe('what a record says in few words', () => {
  it('tells success, limit and failure apart', () => {
    expect(toneOf(status({}))).toBe('good');
    expect(toneOf(status({ status_code: 429, success: false }))).toBe('warning');
    expect(toneOf(status({ status_code: 500, success: false }))).toBe('bad');
  });

  it('does not let a 200 that broke off look like a success', () => {
    const broken = status({ success: false, outcome: 'failed' });
    expect([toneOf(broken), statusText(broken)]).toEqual(['bad', '200 failed']);
    expect(statusText(status({ success: false, outcome: 'left' }))).toBe('200 left');
    expect(statusText(status({ status_code: 404, success: false, outcome: 'failed' }))).toBe('404');
  });

  it('names the cache that helped', () => {
    const log = { cached: false, cache_kind: null, cache_status: null, usage_metadata: null };
    expect(cacheMark({ ...log, cached: true, cache_kind: 'exact' })).toBe('hit');
    expect(cacheMark({ ...log, cached: true, cache_kind: 'semantic' })).toBe('semantic');
    expect(cacheMark({ ...log, usage_metadata: usage(10), cache_status: 'MISS' })).toBe('provider');
    expect(cacheMark({ ...log, usage_metadata: usage(0), cache_status: 'MISS' })).toBe('miss');
    expect(cacheMark(log)).toBeNull();
  });

  it('gives a share only where both numbers are known, and never more than all', () => {
    expect(cachedShare({ tokens_in: 200, usage_metadata: usage(50) })).toBe(0.25);
    expect(cachedShare({ tokens_in: 10, usage_metadata: usage(50) })).toBe(1);
    expect(cachedShare({ tokens_in: 0, usage_metadata: usage(50) })).toBeNull();
    expect(cachedShare({ tokens_in: 10, usage_metadata: usage(null) })).toBeNull();
  });

  it('names agents as people do, and passes on what it does not know', () => {
    expect(agentOf('claude-cli/2.0.1 (external, cli)')).toBe('Claude Code');
    expect(agentOf('my-agent')).toBe('my-agent');
    expect(agentOf('constructor/1')).toBe('constructor');
    expect(agentOf('  ')).toBeNull();
    expect(agentOf(null)).toBeNull();
  });
});
