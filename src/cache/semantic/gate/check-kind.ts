import { type Check, refuse } from './check.ts';
import { kindsOf, type QuestionKind } from './question-kind.ts';
import type { Question } from './read-question.ts';

/** Pairs of kinds that ask for the same, as often as not. */
const ALIKE: ReadonlySet<string> = new Set([
  'how-degree/yes-no',
  'how-degree/what',
  'how-degree/how-is',
  'how/how-degree',
  'how/order',
  'order/what',
  'how/how-is',
  'how-is/what',
  'can/how',
  'how-is/howfeel',
  'howfeel/what',
  'can/yes-no',
  'howmuch/what',
  'howmany/what',
  'howlong/what',
  'howold/what',
  'howfar/what',
  'what/who',
  'howmany/howmuch',
  'howmany/howold',
  'howfar/howmany',
  'howlong/howmany',
  'howlong/howmuch',
  'how/howoften',
  'order/why',
  'order/who',
]);

const alike = (one: QuestionKind, other: QuestionKind): boolean =>
  one === other || ALIKE.has([one, other].sort().join('/'));

const PROCURING = new Set('get find buy learn study download watch'.split(' '));
const EXPLAINING = new Set('explain describe define differentiate distinguish'.split(' '));

/** 'Where can I find' and 'how would you explain' ask what. */
const kindsIn = (question: Question): QuestionKind[] =>
  kindsOf(question).map((kind) => {
    const says = (words: ReadonlySet<string>) => question.tokens.some(({ root }) => words.has(root));
    if (kind === 'where' && says(PROCURING)) return 'how-is';
    return kind === 'how' && says(EXPLAINING) ? 'how-is' : kind;
  });

/** Kinds of one side that find none of their like on the other, each taken once. */
function unmatched(kinds: readonly QuestionKind[], others: readonly QuestionKind[]): QuestionKind[] {
  const left = [...others];
  return kinds.filter((kind) => {
    const same = left.indexOf(kind);
    const at = same >= 0 ? same : left.findIndex((other) => alike(kind, other));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Who, when, where, why, how and whether are other questions; so are two questions instead of one. */
export const checkKind: Check = (match) => {
  const [here, there] = [kindsIn(match.asked), kindsIn(match.stored)];
  if (here.length === 0 || there.length === 0) return null;
  const alone = unmatched(here, there).length + unmatched(there, here).length;
  return alone > 0 ? refuse('question', here, there) : null;
};
