import { expect, test } from 'vitest';
import { SEMANTIC_REASONS } from '../../../src/core/semantic.ts';
import { KNOWN_REASONS, reasonWords } from './semantic-reasons.ts';

test('every reason of the gateway has a name and a sentence, and no other has', () => {
  expect([...KNOWN_REASONS].sort()).toEqual([...SEMANTIC_REASONS].sort());
  for (const reason of SEMANTIC_REASONS) {
    const { name, text } = reasonWords(reason);
    expect(name, reason).toMatch(/^[A-Z][^.!]{3,40}$/);
    expect(text, reason).toMatch(/^[A-Z].{15,}\.$/);
  }
});

test('no two reasons have the same name', () => {
  expect(new Set(SEMANTIC_REASONS.map((reason) => reasonWords(reason).name)).size).toBe(
    SEMANTIC_REASONS.length,
  );
});

test('a reason of a newer gateway is shown as it is', () => {
  expect(reasonWords('gate-colour')).toEqual({ name: 'gate-colour', text: '' });
  expect(reasonWords('__proto__').name).toBe('__proto__');
});
