import { type Check, refuse } from './check.ts';

/** URLs, paths, flags and identifiers have to be the same to the letter. */
export const checkCode: Check = ({ asked, stored }) => {
  const left = asked.literals.filter((literal) => !stored.literals.includes(literal));
  const right = stored.literals.filter((literal) => !asked.literals.includes(literal));
  return left.length > 0 || right.length > 0 ? refuse('code', left, right) : null;
};

/** What one side quotes has to stand in the other, with or without the marks. */
export const checkQuotes: Check = ({ asked, stored }) => {
  const left = asked.quotes.filter((quote) => !stored.quotable.includes(` ${quote} `));
  const right = stored.quotes.filter((quote) => !asked.quotable.includes(` ${quote} `));
  if (left.length === 0 && right.length === 0) return null;
  if (left.join('') === right.join('')) return null;
  return refuse('quotes', left, right);
};
