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
import { LONGEST_TEXT } from './clean.ts';
import { match } from './match.ts';
import { readQuestion } from './read-question.ts';

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

/** What makes two questions different although they look alike, or null where nothing does. */
export function compare(asked: string, stored: string): GateRefusal | null {
  if (asked.length > LONGEST_TEXT || stored.length > LONGEST_TEXT)
    return { reason: 'words', detail: 'too long to be compared' };
  const found = match(readQuestion(asked), readQuestion(stored));
  for (const check of CHECKS) {
    const refusal = check(found);
    if (refusal !== null) return refusal;
  }
  return null;
}
