import { type Check, refuse } from './check.ts';
import type { Match } from './match.ts';
import type { Question, Token } from './read-question.ts';

const NEGATORS = new Set(
  'not no never without none nobody nothing nowhere neither nor cannot non unable hardly barely lack notknow insteadof except'.split(
    ' ',
  ),
);
/** Verbs that take back what follows: one side that has one asks for the contrary. */
const STOPPING = new Set(
  'stop avoid prevent quit refuse fail cease forbid prohibit refrain deny undo cancel revoke reverse'.split(
    ' ',
  ),
);

/** Both questions deny the same things, or neither denies any. */
export const checkNegation: Check = (match) => {
  const [here, there] = [negators(match.asked), negators(match.stored)];
  const denied = (question: Question, list: readonly Token[]) =>
    list.map((token) => phraseAt(question, token));
  if (here.length % 2 !== there.length % 2 || (here.length === 0) !== (there.length === 0))
    return excused(match, here, there)
      ? null
      : refuse('negation', denied(match.asked, here), denied(match.stored, there));
  // In 'don't cats like it' the word behind is not what is denied.
  const isPlain = [...here, ...there].every((token) => NEGATORS.has(token.text.toLowerCase()));
  if (here.length > 0 && isPlain && deniesAnother(match, here, there))
    return refuse('negation', denied(match.asked, here), denied(match.stored, there));
  return stopping(match);
};

function negators(question: Question): Token[] {
  return question.tokens.filter((token, at) => {
    if (!NEGATORS.has(token.word) && token.root !== 'lack') return false;
    const next = question.tokens[at + 1]?.word;
    if (token.word === 'no' && (next === 'matter' || next === 'one' || next === undefined))
      return next === 'one';
    // 'Isn't it ...' is 'is it ...' in doubt of itself.
    const before = question.tokens[at - 1];
    const opens =
      before !== undefined &&
      before.text === token.text &&
      question.tokens[at - 2]?.sentence !== token.sentence;
    return !(token.word === 'not' && (next === 'only' || next === 'just' || opens));
  });
}

/** 'Can I' and 'can't I', 'why don't we': a question in doubt of itself asks the same; 'unmarried' is 'not married'. */
function excused(match: Match, here: readonly Token[], there: readonly Token[]): boolean {
  const [more, other, loose] =
    here.length > there.length
      ? [here, match.stored, match.onlyStored]
      : [there, match.asked, match.onlyAsked];
  if (more.length !== 1 || other.length === 0) return false;
  return loose.some((token) => /^(?:un|in|im|il|ir|dis|non)/.test(token.root) && token.root.length > 5);
}

/** The word that a negation is about: the first that is no grammar word. */
function target(question: Question, negator: Token): Token | null {
  const at = question.tokens.indexOf(negator);
  for (const token of question.tokens.slice(at + 1, at + 6)) {
    if (token.sentence !== negator.sentence) return null;
    if (token.weight !== 'function') return token;
  }
  return null;
}

const phraseAt = (question: Question, negator: Token): string => {
  const about = target(question, negator);
  return about === null ? negator.text : `${negator.text} ${about.text}`;
};

/** 'good and not cheap', 'cheap and not good': each side denies what the other one asserts. */
function deniesAnother(match: Match, here: readonly Token[], there: readonly Token[]): boolean {
  const deniedHere = new Set(here.map((token) => target(match.asked, token)));
  const deniedThere = new Set(there.map((token) => target(match.stored, token)));
  let onlyHere = false;
  let onlyThere = false;
  for (const { asked, stored } of match.pairs) {
    if (deniedHere.has(asked) && !deniedThere.has(stored)) onlyHere = true;
    if (deniedThere.has(stored) && !deniedHere.has(asked)) onlyThere = true;
  }
  return onlyHere && onlyThere;
}

/** 'How do I stop following' and 'how do I follow'. */
function stopping(match: Match) {
  const left = match.onlyAsked.filter((token) => STOPPING.has(token.root));
  const right = match.onlyStored.filter((token) => STOPPING.has(token.root));
  if (left.length > 0 === right.length > 0) return null;
  const rest = left.length > 0 ? match.onlyStored : match.onlyAsked;
  // A verb that the other side has in its place may say the same: 'overcome', 'get rid of'.
  if (rest.length > 0) return null;
  return refuse(
    'negation',
    left.map((token) => token.text),
    right.map((token) => token.text),
  );
}
