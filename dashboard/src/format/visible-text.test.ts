import { describe, expect, it } from 'vitest';
import { visiblePieces, visibleText } from './visible-text.ts';

describe('visible text', () => {
  it('leaves ordinary text in one piece, with emoji, joiners, right-to-left letters and accents', () => {
    for (const text of [
      'hello',
      'a\tb\nc',
      '👩‍👩‍👧 🏳️‍🌈',
      'می‌خواهم',
      'שלום',
      'é́',
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} ok',
    ]) {
      expect(visiblePieces(text)).toEqual([{ text, control: null }]);
    }
    expect(visiblePieces('')).toEqual([]);
  });

  it('shows a character that reverses what follows it', () => {
    expect(visiblePieces('file\u202egpj.exe')).toEqual([
      { text: 'file', control: null },
      { text: '‹202E›', control: 'U+202E RIGHT-TO-LEFT OVERRIDE' },
      { text: 'gpj.exe', control: null },
    ]);
  });

  it('shows invisible tags as the letters that they smuggle in', () => {
    expect(visibleText('hi\u{e0069}\u{e0067}')).toBe('hi‹i›‹g›');
  });

  it('shows tags behind a flag that make no flag', () => {
    expect(visibleText('🏴\u{e0069}\u{e0067}')).toBe('🏴‹i›‹g›');
  });

  it('does not take longer for many tags than for few', () => {
    const text = `🏴${'\u{e0061}'.repeat(50_000)}`;
    expect(visiblePieces(text)).toHaveLength(50_001);
  });

  it('shows escapes of terminals, zero width spaces and halves of characters', () => {
    expect(visibleText('\u001b[31mred\u0000')).toBe('‹ESC›[31mred‹NUL›');
    expect(visibleText('pass\u200bword')).toBe('pass‹200B›word');
    expect(visiblePieces('a\ud83d')[1]).toEqual({ text: '‹D83D›', control: 'U+D83D HALF A CHARACTER' });
  });

  it('takes a line end of two characters for one, and shows a lone carriage return', () => {
    expect(visibleText('a\r\nb')).toBe('a\nb');
    expect(visibleText('a\rb')).toBe('a‹CR›b');
  });

  it('never loses a visible character', () => {
    const text = Array.from({ length: 3000 }, (_, code) => String.fromCodePoint(code)).join('');
    const shown = visiblePieces(text);
    const plain = shown
      .filter((piece) => piece.control === null)
      .map((piece) => piece.text)
      .join('');
    for (let code = 0x20; code < 3000; code++) {
      if (code >= 0x7f && code <= 0x9f) continue;
      if ([0xad, 0x61c].includes(code)) continue;
      expect(plain).toContain(String.fromCodePoint(code));
    }
  });
});
