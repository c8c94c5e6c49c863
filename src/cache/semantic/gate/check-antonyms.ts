import { type Check, refuse } from './check.ts';
import { areOpposite } from './word-forms.ts';

/** Pairs of grammar words of which one takes back the other. */
const SMALL_OPPOSITES: readonly (readonly [string, string])[] = [
  ['more', 'less'],
  ['more', 'fewer'],
  ['most', 'least'],
  ['before', 'after'],
  ['above', 'below'],
  ['over', 'under'],
  ['above', 'under'],
  ['over', 'below'],
  ['inside', 'outside'],
  ['with', 'without'],
  ['always', 'never'],
  ['up', 'down'],
  ['he', 'she'],
  ['him', 'her'],
  ['his', 'her'],
  ['many', 'few'],
  ['often', 'rarely'],
  ['always', 'sometimes'],
  ['many', 'less'],
  ['much', 'less'],
  ['since', 'until'],
  ['into', 'outof'],
  ['for', 'against'],
  ['on', 'off'],
  ['before', 'during'],
  ['after', 'during'],
  ['before', 'since'],
];

/** No word of one question is the contrary of a word that only the other has. */
export const checkAntonyms: Check = ({ asked, stored, pairs, onlyAsked, onlyStored }) => {
  for (const one of onlyAsked)
    for (const other of onlyStored)
      if (areOpposite(one.word, one.root, other.word, other.root))
        return refuse('antonyms', [one.text], [other.text]);
  // Forms of one word, or words of like meaning, that are contrary all the same.
  for (const { asked: one, stored: other, as } of pairs)
    if (as !== 'joined' && one.word !== other.word && one.root !== other.root)
      if (areOpposite(one.word, one.root, other.word, other.root))
        return refuse('antonyms', [one.text], [other.text]);
  const here = new Set(asked.tokens.map((token) => token.word));
  const there = new Set(stored.tokens.map((token) => token.word));
  for (const [one, other] of SMALL_OPPOSITES) {
    const only = (word: string) => here.has(word) !== there.has(word);
    if (only(one) && only(other) && here.has(one) !== here.has(other))
      return here.has(one) ? refuse('antonyms', [one], [other]) : refuse('antonyms', [other], [one]);
  }
  return null;
};
