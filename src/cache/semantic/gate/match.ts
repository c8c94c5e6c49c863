import type { Question, Token } from './read-question.ts';
import { isDemonym, type Likeness, likeness, rootOf } from './word-forms.ts';

/** A word of one question with its like in the other. */
export interface Matched {
  readonly asked: Token;
  readonly stored: Token;
  readonly as: Likeness | 'joined';
}

/** How the words of two questions correspond. Both lists are in the order of their question. */
export interface Match {
  readonly asked: Question;
  readonly stored: Question;
  readonly pairs: readonly Matched[];
  /** Words that only one side has, without grammar words. */
  readonly onlyAsked: readonly Token[];
  readonly onlyStored: readonly Token[];
}

/** Lays the words of one question on those of the other: equal ones first, then forms, then like meanings. */
export function match(asked: Question, stored: Question): Match {
  const pairs: Matched[] = [];
  let left = [...asked.content];
  let right = [...stored.content];
  const byRoot = new Map<string, Token[]>();
  for (const token of right) {
    const list = byRoot.get(token.root);
    if (list === undefined) byRoot.set(token.root, [token]);
    else list.push(token);
  }
  const taken = new Set<Token>();
  left = left.filter((token) => {
    const list = byRoot.get(token.root);
    if (list === undefined || list.length === 0) return true;
    const same = list.findIndex((other) => other.word === token.word);
    const [other] = list.splice(Math.max(same, 0), 1);
    taken.add(other!);
    pairs.push({ asked: token, stored: other!, as: 'same' });
    return false;
  });
  right = right.filter((token) => !taken.has(token));
  joinSplitWords(left, right, pairs, true);
  joinSplitWords(right, left, pairs, false);
  for (const wanted of ['same', 'typo', 'relative', 'synonym'] as const) {
    if (left.length === 0 || right.length === 0) break;
    left = left.filter((token) => {
      const at = right.findIndex((other) => likenessOf(token, other) === wanted);
      if (at < 0) return true;
      pairs.push({ asked: token, stored: right[at]!, as: wanted });
      right.splice(at, 1);
      return false;
    });
  }
  // A word said twice on one side and once on the other is no difference.
  left = left.filter((token) => !pairs.some((pair) => pair.asked.root === token.root));
  right = right.filter((token) => !pairs.some((pair) => pair.stored.root === token.root));
  return { asked, stored, pairs, onlyAsked: left, onlyStored: right };
}

/** Names are names: only their spelling may differ, not their meaning. */
export function likenessOf(one: Token, other: Token): Likeness | null {
  const found = likeness(one.word, one.root, other.word, other.root);
  if (found === null && one.isName && other.isName && isDemonym(one.word, other.word)) return 'relative';
  if (found === null || found === 'same') return found;
  const digits = /\d/;
  if (digits.test(one.word) || digits.test(other.word)) return null;
  return found === 'synonym' && one.isName && other.isName ? null : found;
}

/** 'air force' and 'airforce': takes two neighbours of one side that are one word on the other. Changes the lists. */
function joinSplitWords(many: Token[], few: Token[], pairs: Matched[], isAskedMany: boolean): void {
  for (let at = 0; at + 1 < many.length; at++) {
    const [one, two] = [many[at]!, many[at + 1]!];
    if (one.word.length + two.word.length > 40) continue;
    const joined = rootOf(one.word + two.word);
    const found = few.findIndex((token) => token.root === joined || token.word === one.word + two.word);
    if (found < 0) continue;
    const single = few[found]!;
    for (const part of [one, two])
      pairs.push(
        isAskedMany
          ? { asked: part, stored: single, as: 'joined' }
          : { asked: single, stored: part, as: 'joined' },
      );
    many.splice(at, 2);
    few.splice(found, 1);
    at--;
  }
}
