import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIFFERENT, SAME } from '../../../../test/support/look-alikes.ts';
import { compare } from './gate.ts';
import { normalise, readQuestion } from './read-question.ts';

const QUESTIONS = [...Object.values(DIFFERENT), ...Object.values(SAME)].flat(2);
const question = fc.constantFrom(...QUESTIONS);
const pieces = fc.array(
  fc.constantFrom(
    ...QUESTIONS.flatMap((text) => text.split(' ')),
    '"',
    "'",
    '\u200b',
    '😀',
    '5',
    '$',
    '{',
    'ﷺ',
    '从',
  ),
  { maxLength: 80 },
);
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  pieces.map((list) => list.join(' ')),
);

describe('compare', () => {
  it('gives the same verdict whichever question is asked', () => {
    fc.assert(
      fc.property(fc.oneof(question, anything), fc.oneof(question, anything), (one, other) => {
        expect(compare(one, other)?.reason).toBe(compare(other, one)?.reason);
      }),
      { numRuns: 500 },
    );
  });

  it('passes a question and itself, and never throws', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(compare(text, text)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    'please {}',
    '{} please',
    'Hey, {}',
    '{} Thanks!',
    'Hello, {} Thank you very much!',
    '  {}  ',
    '{}??',
  ])('passes politeness: %s', (frame) => {
    for (const text of QUESTIONS) {
      const polite = frame.replace('{}', () => text);
      expect([text, compare(text, polite)]).toEqual([text, null]);
      expect([text, compare(polite, text)]).toEqual([text, null]);
    }
  });

  it('passes invisible characters and letters of other scripts that look the same', () => {
    expect(compare('How do I enable 2FA?', 'How do I en\u200bable 2FA?')).toBeNull();
    expect(compare('How do I enable 2FA?', 'How do I enаble 2FA?')).toBeNull();
    expect(compare('How do I enable 2FA?', 'How do I disаble 2FA?')?.reason).toBe('antonyms');
    expect(compare('How do I enable 2FA?', 'Ｈｏｗ ｄｏ Ｉ ｅｎａｂｌｅ ２ＦＡ？')).toBeNull();
  });

  it('refuses texts over 4,096 characters, and those that become as long', () => {
    const long = 'a'.repeat(4097);
    expect(compare(long, long)).not.toBeNull();
    expect(compare('ﷺ'.repeat(4000), 'ﷺ'.repeat(4000))).not.toBeNull();
  });

  it('is strict with code, long texts and languages that it cannot read', () => {
    const long = (word: string) =>
      `Please read this: ${'the quick brown fox jumps over '.repeat(12)} ${word}.`;
    expect(compare(long('dogs'), long('DOGS'))).toBeNull();
    expect(compare(long('dogs'), long('dog'))).not.toBeNull();
    expect(compare('if (a == b) { return x; }', 'if (a == b) { return x; }')).toBeNull();
    expect(compare('if (a == b) { return x; }', 'if (a == b) { return X; }')?.reason).toBe('code');
    expect(compare('Wie hoch ist der Berg?', 'wie hoch ist der berg')).toBeNull();
    expect(compare('Wie hoch ist der Berg?', 'Wie alt ist der Berg?')).not.toBeNull();
    expect(compare('法国的首都是什么？', '法国的首都是什么')).toBeNull();
    expect(compare('法国的首都是什么？', '德国的首都是什么？')).not.toBeNull();
  });

  it('cuts what it shows', () => {
    const refusal = compare(`Who is ${'x'.repeat(900)}?`, `Who is ${'y'.repeat(900)}?`);
    expect(refusal?.detail.length).toBeLessThanOrEqual(120);
  });

  // A generous bound: it catches work that grows with the square of the text, not a slow machine.
  it.each([
    ['one letter', 'a'.repeat(4096)],
    ['one word again and again', 'what is '.repeat(512)],
    ['quotation marks', '"\''.repeat(2048)],
    ['addresses', '@a.'.repeat(1365)],
    ['paths', '/a'.repeat(2048)],
    ['invisible characters', 'a\u200b'.repeat(2048)],
    ['marks on a letter', `a${'\u0301'.repeat(4095)}`],
    ['numbers', '9 '.repeat(2048)],
    [
      'many words',
      Array.from({ length: 900 }, (_, at) => `w${String.fromCharCode(97 + (at % 26))}`).join(' '),
    ],
  ])('takes linear time for %s', (_, text) => {
    const started = performance.now();
    for (let round = 0; round < 5; round++) compare(text, `${text.slice(1)}b`);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('normalise', () => {
  it('is blind to case, spaces, punctuation and politeness', () => {
    for (const [one, other] of [...SAME['case, spaces and punctuation']!, ...SAME.contractions!.slice(0, 1)])
      expect(normalise(one)).toBe(normalise(other));
    expect(normalise('Please tell me: why is the sky blue? Thanks!')).toBe(normalise('why is the sky blue'));
  });

  it('keeps apart what differs', () => {
    for (const pairs of Object.values(DIFFERENT))
      for (const [one, other] of pairs) expect(normalise(one)).not.toBe(normalise(other));
  });
});

describe('readQuestion', () => {
  it('takes a question apart', () => {
    const { content, quantities, quotes, literals } = readQuestion(
      'Does "--force" cost $5 in Kenya, see /etc/hosts?',
    );
    expect(content.map(({ root }) => root)).toEqual(['cost', 'kenya', 'see']);
    expect(quantities).toMatchObject([{ value: '5', currency: 'dollar' }]);
    expect(quotes).toEqual(['force']);
    expect(literals).toEqual(['--force', '/etc/hosts']);
  });
});
