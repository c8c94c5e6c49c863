import { describe, expect, it } from 'vitest';
import type { LogObject } from '../../../../src/api/contract.ts';
import { decisionSentences } from './decision-sentences.ts';

type Decision = LogObject['decisions'][number];

const sentences = (...decisions: Decision[]) =>
  decisionSentences({ decisions, cost: null } as unknown as LogObject);
const decision = (
  stage: string,
  outcome: string,
  rule: string | null = null,
  detail: string | null = null,
) => ({
  stage,
  outcome,
  rule,
  detail,
});

describe('decisions as sentences', () => {
  it('says what the gateway decided, with the place of the rule', () => {
    const key = 'a'.repeat(64);
    const found = sentences(
      decision('auth', 'anonymous', 'authentication'),
      decision('limit', '37 left', '100 per 60 s, sliding'),
      decision('limit', 'refused', '1000 per 0.5 s, fixed'),
      decision('cache', 'hit', 'cache_ttl', `${key}, stored 12 s ago by 0199-a`),
      decision('cache', 'not stored', null, 'the answer is an error'),
      decision('retry', 'tried again', 'attempts', 'status 529 after 812 ms, waited 500 ms'),
      decision('route', 'step 0 failed', 'fallback', 'status 500'),
      decision('key', 'stored key', 'default'),
    );
    expect(found.map(({ text }) => text)).toEqual([
      'Let in without a token: this gateway is open',
      'Counted against 100 requests per 1 min (sliding window): 37 left',
      'Refused by the rate limit of 1,000 requests per 500 ms (fixed window)',
      'Answered from the cache: the same request was answered 12 s before',
      'Not stored in the cache: the answer is an error',
      'Tried again: status 529 after 812 ms, then waited 500 ms',
      'Step 1 failed (status 500), so the next one was tried',
      'Sent with the stored provider key ‘default’',
    ]);
    expect(found[3]?.place).toEqual({ kind: 'record', id: '0199-a' });
    expect(found[1]?.place).toEqual({ kind: 'settings', field: 'rate_limiting_limit' });
    expect(found[2]?.tone).toBe('warning');
  });

  it('gives the price with its lines, and says when it is unknown', () => {
    const [known, unknown, free] = sentences(
      decision('price', '3600 nano-dollars', 'catalogue of 2026-11-02: anthropic/claude', 'input 1200: 3600'),
      decision('price', 'unknown', 'catalogue of 2026-11-02', 'no price for openai x and this usage'),
      decision('price', '0 nano-dollars', 'cache hit'),
    );
    expect(known).toMatchObject({
      text: 'Price: 0.0000036 USD, by the catalogue of 2026-11-02: anthropic/claude',
      detail: 'input 1,200 → 0.0000036 USD',
    });
    expect(unknown).toMatchObject({
      text: 'The price is not known: no price for openai x and this usage',
      tone: 'warning',
    });
    expect(free?.text).toBe('Cost nothing: it came from the cache');
  });

  it('leaves out nothing, and shows what it does not know in the words of the gateway', () => {
    const found = sentences(
      decision('guard', 'blocked', 'pii', 'email'),
      decision('cache', 'something new'),
      decision('__proto__', 'x'),
      decision('retry', 'tried again', 'attempts', 'in a form that was never seen'),
    );
    expect(found.map(({ text }) => text)).toEqual([
      'guard: blocked (pii)',
      'cache: something new',
      '__proto__: x',
      'retry: tried again (attempts)',
    ]);
    expect(found[0]?.detail).toBe('email');
  });

  it('says what was shared, and why there was no similar answer', () => {
    const payer = '01920000-aaaa-7000-8000-000000000001';
    const found = sentences(
      decision('cache', 'joined', 'share_in_flight', `the call of ${payer}`),
      decision('cache', 'not shared', 'share_in_flight', `the call of ${payer} failed: timeout`),
      decision('cache', 'shared', 'share_in_flight', 'one more joined'),
      decision('cache', 'shared', 'share_in_flight', '99 more joined'),
      decision('cache', 'left', 'share_in_flight', `${payer} goes on with the call`),
      decision('cache', 'left to others', 'share_in_flight', 'they go on with the call'),
      decision('cache', 'taken over', 'share_in_flight', `the call that ${payer} has left`),
      decision(
        'cache',
        'similar answer',
        'semantic_cache',
        'e1, similarity 0.9531, probability 0.9912, stored 12 s ago by 0199-a',
      ),
      decision('cache', 'similar answer not served', 'shadow', 'e1, similarity 0.9531'),
      decision('cache', 'no similar answer', 'gate-numbers', 'similarity 0.9712'),
      decision('cache', 'no similar answer', 'of-a-newer-gateway'),
      decision('cache', 'kept for similar questions', 'semantic_cache'),
      decision('cache', 'not kept for similar questions', null, 'status 500'),
    );
    expect(found.map(({ text }) => text)).toEqual([
      'Waited for the same request that was under way, and shared its answer',
      'The call that it waited for failed (timeout), so it made one of its own',
      'One more identical request shared this answer',
      '99 more identical requests shared this answer',
      'The client left; another request that shares the call goes on with it, and pays',
      'The client left; others that share the call go on with it, and this request pays',
      'Took over the call of a client that left, and pays for it',
      'Answered from the cache: a question that means the same was answered 12 s before',
      'A similar answer was there, and was not given: in shadow, none is',
      'No similar answer: Numbers differ',
      'No similar answer: of-a-newer-gateway',
      'The answer was kept for similar questions',
      'Not kept for similar questions: status 500',
    ]);
    for (const index of [0, 1, 4, 6]) expect(found[index]?.place).toEqual({ kind: 'record', id: payer });
    expect(found[2]?.place).toEqual({ kind: 'settings', field: 'share_in_flight' });
    expect(found[7]?.place).toEqual({ kind: 'record', id: '0199-a' });
    expect(found[9]?.detail).toBe('The nearest question has other numbers in it.\nsimilarity 0.9712');
    expect(found[9]?.place).toEqual({ kind: 'settings', field: 'semantic_cache.mode' });
  });

  it('passes on what a provider or a client wrote as it is', () => {
    const [found] = sentences(
      decision('route', 'step 0 failed', 'fallback', '<img src=x onerror=alert(1)>\u202e'),
    );
    expect(found?.text).toContain('<img src=x onerror=alert(1)>\u202e');
  });
});
