import type { GateReason } from '../../../core/semantic.ts';
import { type Check, refuse } from './check.ts';
import type { CountedQuantity, Question, Token } from './read-question.ts';

/** Numbers, dates, money and units have to be the same, however they are written. */
export const checkNumbers: Check = ({ asked, stored, onlyAsked, onlyStored }) => {
  const [left, right] = leftovers(asked.quantities, stored.quantities);
  if (left.length > 0 || right.length > 0) {
    // iPhone 6 and iPhone 6s: the one is a number, the other a name.
    const named = (tokens: readonly Token[]) =>
      tokens.filter(({ word }) => /^\d/.test(word)).map(({ text }) => text);
    const [here, there] = [named(onlyAsked), named(onlyStored)];
    const reason = here.length + there.length > 0 ? 'names' : reasonFor([...left, ...right]);
    return refuse(reason, [...left.map(textOf), ...here], [...right.map(textOf), ...there]);
  }
  return eitherWay(asked, stored) ?? looseUnits(asked, stored) ?? swappedCounts(asked, stored);
};

const textOf = (quantity: CountedQuantity): string => quantity.text;

/** What neither side can pair off by value. */
function leftovers(
  asked: readonly CountedQuantity[],
  stored: readonly CountedQuantity[],
): [CountedQuantity[], CountedQuantity[]] {
  const right = [...stored];
  const left = asked.filter((one) => {
    const at = right.findIndex((other) => other.value === one.value);
    if (at >= 0) right.splice(at, 1);
    return at < 0;
  });
  // Said twice on one side: the year in the question and again in its explanation.
  const isNew = (list: readonly CountedQuantity[]) => (one: CountedQuantity) =>
    !list.some((other) => other.value === one.value);
  return [left.filter(isNew(stored)), right.filter(isNew(asked))];
}

function reasonFor(quantities: readonly CountedQuantity[]): GateReason {
  if (quantities.some((one) => one.currency !== null)) return 'money';
  return quantities.some((one) => one.kind !== 'number') ? 'dates' : 'numbers';
}

/** Whichever question is the asked one, the reason is the same. */
const eitherWay = (asked: Question, stored: Question) => {
  const found = [differentUnits(asked, stored), differentUnits(stored, asked)];
  return found.find((one) => one?.reason === 'money') ?? found[0] ?? found[1];
};

/** The same number of something else: 5 kilos, 5 pounds. A unit that only one side writes is understood. */
const differentUnits = (asked: Question, stored: Question) => {
  for (const one of asked.quantities) {
    const others = stored.quantities.filter((other) => other.value === one.value);
    if (others.length === 0) continue;
    if (
      one.currency !== null &&
      others.every((other) => other.currency !== null && other.currency !== one.currency)
    )
      return refuse('money', [one.text], others.map(textOf));
    if (one.unit !== null && others.every((other) => other.unit !== null && other.unit !== one.unit))
      return refuse('units', [one.text], others.map(textOf));
    if (one.unit !== null && others.every((other) => other.unit === null && other.currency !== null))
      return refuse('units', [one.text], others.map(textOf));
  }
  return null;
};

/** 'How many feet' and 'how many metres', without a number. */
const looseUnits = (asked: Question, stored: Question) => {
  const all = (question: Question) =>
    new Set([...question.looseUnits, ...question.quantities.flatMap(unitsOf)]);
  const [here, there] = [all(asked), all(stored)];
  const left = asked.looseUnits.filter((unit) => !there.has(unit));
  const right = stored.looseUnits.filter((unit) => !here.has(unit));
  return left.length > 0 && right.length > 0 ? refuse('units', left, right) : null;
};

const unitsOf = ({ unit, currency }: CountedQuantity): string[] =>
  [unit, currency].filter((name) => name !== null);

/** Words between which the order of two numbers means something. */
const ORDERED = new Set('from to than into by minus divided over under times out outof'.split(' '));

/** 2 adults and 3 children, 3 adults and 2 children; from 5 to 10, from 10 to 5. */
const swappedCounts = (asked: Question, stored: Question) => {
  const [one, two] = [asked.quantities, stored.quantities];
  if (one.length < 2 || one.length !== two.length) return null;
  if (one.every((quantity, at) => quantity.value === two[at]!.value)) return null;
  const counted = (list: readonly CountedQuantity[]) => list.map((quantity) => quantity.of ?? quantity.unit);
  const isSymmetric = [asked, stored].every(
    (question) => !question.tokens.some((token) => ORDERED.has(token.word)),
  );
  const sameThings = one.every((quantity) => {
    const other = two.find((candidate) => candidate.value === quantity.value)!;
    const [here, there] = [quantity.of ?? quantity.unit, other.of ?? other.unit];
    return here === there || here === null || there === null || !counted(two).includes(here);
  });
  const moves = one.some((quantity) => quantity.kind === 'number') && !isSymmetric;
  return moves || !sameThings ? refuse('roles', one.map(textOf), two.map(textOf)) : null;
};
