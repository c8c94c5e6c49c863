import { describe, expect, it } from 'vitest';
import { foldText } from './fold-text.ts';

describe('folding a text', () => {
  it('leaves short ones alone, and those that are hardly longer', () => {
    expect(foldText('a\nb', 3, 100)).toEqual({ shown: 'a\nb', isFolded: false, lines: 2 });
    expect(foldText('1\n2\n3\n4\n5', 3, 100).isFolded).toBe(false);
    expect(foldText('x'.repeat(110), 3, 100).isFolded).toBe(false);
    expect(foldText('', 3, 100).shown).toBe('');
  });

  it('shows the first lines or characters of long ones', () => {
    expect(foldText('1\n2\n3\n4\n5\n6', 3, 100)).toEqual({ shown: '1\n2\n3', isFolded: true, lines: 6 });
    expect(foldText('x'.repeat(1000), 3, 100).shown).toHaveLength(100);
  });

  it('cuts no character in two', () => {
    expect(foldText('😀'.repeat(500), 3, 101).shown).toBe('😀'.repeat(50));
  });
});
