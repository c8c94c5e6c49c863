import { type Check, refuse } from './check.ts';
import { kindsOf, type QuestionKind } from './question-kind.ts';

/** Pairs of kinds that ask for the same, as often as not. */
const ALIKE: ReadonlySet<string> = new Set([
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
  'how/where',
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

/** Asked along with anything: 'and why?'. */
const ASIDES: ReadonlySet<QuestionKind> = new Set<QuestionKind>(['why', 'how']);

/** Who, when, where, why, how and whether are other questions; so are two questions instead of one. */
export const checkKind: Check = (match) => {
  const [here, there] = [kindsOf(match.asked), kindsOf(match.stored)];
  if (here.length === 0 || there.length === 0) return null;
  const left = here.filter((kind) => !there.some((other) => alike(kind, other)));
  const right = there.filter((kind) => !here.some((other) => alike(kind, other)));
  if (left.length === here.length && right.length === there.length) return refuse('question', here, there);
  return [...left, ...right].some((kind) => !ASIDES.has(kind)) ? refuse('question', here, there) : null;
};
