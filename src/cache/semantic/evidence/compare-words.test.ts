import { describe, expect, it } from 'vitest';
import { compareWords } from './compare-words.ts';
import { KnownWrong } from './known-wrong.ts';

const LONG = 'You can switch it on under Settings, then Security, and scan the code with your phone. ';

describe('two answers by their words', () => {
  it.each<[string, string, string | null]>([
    // Equal texts.
    ['Paris', 'Paris', 'right text'],
    ['It’s  “done”.\n', 'It\'s "done".', 'right text'],
    [`${LONG}Then it works.`, `${LONG.toLowerCase()}then it works!`, 'right text'],
    // JSON.
    ['{"a": 1, "b": [true, null]}', '```json\n{ "b": [true, null], "a": 1 }\n```', 'right text'],
    ['{"a": 1}', '{"a": 2}', 'wrong label'],
    ['{"a": 1}', '{"a": 1, "b": 2}', 'wrong label'],
    ['[1, 2]', '[2, 1]', 'wrong label'],
    ['[1]', '{"0": 1}', 'wrong label'],
    ['{"label": "Spam"}', '{"label": "spam"}', 'right text'],
    ['{"label": "spam"}', '{"label": "offer"}', 'wrong label'],
    [JSON.stringify({ text: `${LONG}a` }), JSON.stringify({ text: `In other words: ${LONG}` }), null],
    ['{"__proto__": 1}', '{"__proto__": 2}', 'wrong label'],
    ['{"a": 1}', 'not any JSON at all', null],
    // Labels.
    ['Paris.', 'paris', 'right label'],
    ['The answer', 'An answer', 'right label'],
    ['1,000', '1000.0', 'right label'],
    ['four', '4', 'right label'],
    ['42 km', '43 km', 'wrong label'],
    ['42 km', '42 kilometres', null],
    ['50%', '50', 'wrong label'],
    ['Paris', 'London', 'wrong label'],
    ['Paris', 'Paris, France', null],
    ['guilty', 'not guilty', null],
    ['positive', 'negative', 'wrong label'],
    ['Yes.', 'Yes, it is.', 'right label'],
    ['Yes', 'No', 'wrong label'],
    ['True', 'False', 'wrong label'],
    // A yes against a no decides, however much follows.
    [`Yes, ${LONG}`, `No, ${LONG}`, 'wrong label'],
    [`Yes. ${LONG}`, `Yes! But ${LONG}`, null],
    [`No two of them are alike. ${LONG}`, `Yes, they differ. ${LONG}`, null],
    // Anything else is for others to tell.
    [LONG, `To begin with, ${LONG} There is more to it.`, null],
    ['…', '!!!', null],
  ])('%j and %j', (one, other, expected) => {
    for (const [left, right] of [
      [one, other],
      [other, one],
    ] as const) {
      const found = compareWords(left, right);
      expect(found === null ? null : `${found.verdict} ${found.by}`).toBe(expected);
    }
  });

  it('does not lose itself in what is nested very deep', () => {
    const deep = (inside: string): string => `${'['.repeat(5_000)}${inside}${']'.repeat(5_000)}`;
    expect(compareWords(deep('1'), deep('2'))).toBe(null);
  });
});

describe('pairs that were told apart', () => {
  it('are known in either order, whatever their case, spaces and last marks', () => {
    const pairs = [
      {
        id: '1',
        account: 'a',
        gateway: 'g',
        asked: 'Given  or received?',
        stored: 'Was it sent',
        at: 1,
        hitId: 'h',
      },
    ];
    const known = new KnownWrong();
    expect(known.has(pairs, 'given or RECEIVED', 'was it sent?')).toBe(true);
    expect(known.has(pairs, 'Was it sent', 'Given or received?')).toBe(true);
    expect(known.has(pairs, 'given or received', 'given or received')).toBe(false);
    expect(known.has([], 'given or received', 'was it sent')).toBe(false);
  });
});
