import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HeldBody } from '../core/request-body.ts';
import { behaviourHeaders, type CacheKeyParts, cacheKey } from './key.ts';

const base: CacheKeyParts = {
  account: 'local',
  gateway: 'default',
  epoch: 0,
  credential: ['client', 'authorization', 'Bearer a'],
  provider: 'openai',
  base: 'https://api.openai.com',
  upstream: 'https://api.openai.com/v1/chat/completions',
  method: 'POST',
  stream: false,
  behaviourHeaders: ['accept: */*'],
  customKey: null,
  body: new HeldBody([Buffer.from('{"model":"m"}')]),
};

const mutations: Readonly<Record<string, Partial<CacheKeyParts>>> = {
  account: { account: 'other' },
  gateway: { gateway: 'other' },
  epoch: { epoch: 1 },
  credential: { credential: ['client', 'authorization', 'Bearer b'] },
  'credential kind': { credential: ['none'] },
  provider: { provider: 'groq' },
  'upstream host': { upstream: 'https://eu.api.openai.com/v1/chat/completions' },
  'upstream path': { upstream: 'https://api.openai.com/v1/responses' },
  method: { method: 'PUT' },
  stream: { stream: true },
  headers: { behaviourHeaders: ['accept: text/event-stream'] },
  'one byte of the body': { body: new HeldBody([Buffer.from('{"model":"n"}')]) },
  'white space': { body: new HeldBody([Buffer.from('{"model": "m"}')]) },
  'custom key': { customKey: 'k' },
};

it.each(Object.entries(mutations))('changes with %s', (_, change) => {
  expect(cacheKey({ ...base, ...change })).not.toBe(cacheKey(base));
});

it('with a custom key depends on scope and form, and not on body or path', () => {
  const custom = { ...base, customKey: 'k' };
  expect(cacheKey({ ...custom, body: new HeldBody([Buffer.from('other')]), upstream: 'https://other' })).toBe(
    cacheKey(custom),
  );
  for (const change of [
    { account: 'other' },
    { gateway: 'other' },
    { credential: ['none'] },
    { stream: true },
    { provider: 'groq' },
    { base: 'https://another-account.example.com' },
    { behaviourHeaders: ['accept-encoding: gzip'] },
  ]) {
    expect(cacheKey({ ...custom, ...change })).not.toBe(cacheKey(custom));
  }
});

it('never runs two different lists of parts together', () => {
  const text = fc.string({ maxLength: 6 });
  fc.assert(
    fc.property(
      fc.tuple(text, text, fc.array(text, { maxLength: 3 }), fc.array(text, { maxLength: 3 }), text),
      fc.tuple(text, text, fc.array(text, { maxLength: 3 }), fc.array(text, { maxLength: 3 }), text),
      (one, two) => {
        const key = ([account, gateway, credential, headers, body]: typeof one): string =>
          cacheKey({
            ...base,
            account,
            gateway,
            credential,
            behaviourHeaders: headers,
            body: new HeldBody([Buffer.from(body)]),
          });
        expect(key(one) === key(two)).toBe(JSON.stringify(one) === JSON.stringify(two));
      },
    ),
  );
});

it('takes from the request what shapes an answer, whatever the order, and nothing about the client', () => {
  const one = behaviourHeaders([
    'Accept',
    'a',
    'Anthropic-Beta',
    'x',
    'user-agent',
    'u',
    'x-stainless-os',
    'l',
  ]);
  expect(one).toEqual(behaviourHeaders(['anthropic-beta', 'x', 'accept', 'a', 'user-agent', 'v']));
  expect(one).toEqual(['accept: a', 'anthropic-beta: x']);
});
