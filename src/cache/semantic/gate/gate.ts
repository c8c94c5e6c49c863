import type { GateRefusal } from '../../../core/semantic.ts';
import type { Check } from './check.ts';
import { checkAntonyms } from './check-antonyms.ts';
import {
  checkFormat,
  checkHalf,
  checkModality,
  checkPerson,
  checkQuantity,
  checkTime,
} from './check-frame.ts';
import { checkKind } from './check-kind.ts';
import { checkCode, checkQuotes } from './check-literals.ts';
import { checkNegation } from './check-negation.ts';
import { checkNumbers } from './check-numbers.ts';
import { checkOrder } from './check-order.ts';
import { checkCondition, checkNames, checkSubstitution } from './check-words.ts';
import { clean, LONGEST_TEXT } from './clean.ts';
import { match } from './match.ts';
import { readClean } from './read-question.ts';
import { compareExactly, compareWords, isCode, isLong } from './strict.ts';

/** In the order of how sure they are, so that the reason is the plainest of those that hold. */
const CHECKS: readonly Check[] = [
  checkCode,
  checkQuotes,
  checkNumbers,
  checkNegation,
  checkFormat,
  checkNames,
  checkQuantity,
  checkAntonyms,
  checkTime,
  checkSubstitution,
  checkKind,
  checkModality,
  checkOrder,
  checkPerson,
  checkHalf,
  checkCondition,
];

/** What is written without spaces may still be many words. */
const MOST_TOKENS = 150;

const TOO_LONG: GateRefusal = { reason: 'words', detail: 'too long to be compared' };

/** What makes two questions different although they look alike, or null where nothing does. Never throws. */
export function compare(asked: string, stored: string): GateRefusal | null {
  if (asked.length > LONGEST_TEXT || stored.length > LONGEST_TEXT) return TOO_LONG;
  const [one, other] = [clean(asked), clean(stored)];
  // One character may become many when it is brought into its plain form.
  if (one.length > LONGEST_TEXT || other.length > LONGEST_TEXT) return TOO_LONG;
  if (isCode(one) || isCode(other)) return compareExactly(one, other);
  if (isLong(one) || isLong(other)) return compareWords(one, other);
  const [here, there] = [readClean(one), readClean(other)];
  if (here.length > MOST_TOKENS || there.length > MOST_TOKENS) return compareWords(one, other);
  if (!here.isEnglish || !there.isEnglish) return compareWords(one, other);
  const found = match(here, there);
  for (const check of CHECKS) {
    const refusal = check(found);
    if (refusal !== null) return refusal;
  }
  return null;
}
