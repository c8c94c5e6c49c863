import { expect, test } from 'vitest';
import { hashToken, mintToken, previewToken } from './tokens.ts';

test('a minted token has 256 random bits, is found by its hash, and is not printed by accident', () => {
  const token = mintToken();
  expect(token.value.reveal()).toMatch(/^tg_[0-9A-Za-z]{43}$/);
  expect(token.hash).toBe(hashToken(token.value.reveal()));
  expect(token.value.reveal().slice(3)).toMatch(new RegExp(`^${token.preview}`));
  expect(JSON.stringify(token)).not.toContain(token.value.reveal());
  expect(new Set(Array.from({ length: 100 }, () => mintToken().hash)).size).toBe(100);
});

test('a token that somebody chose has no preview', () => {
  expect(previewToken('my-own-token')).toBe('');
});
