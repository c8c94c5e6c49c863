import { type Check, refuse } from './check.ts';
import type { Match, Matched } from './match.ts';
import type { Question, Token } from './read-question.ts';
import { areOpposite, rootOf } from './word-forms.ts';
import { wordTable } from './word-table.ts';

/** Words that give what they govern a role of its own, so that two may not change places. */
const ROLE_HEADS = new Set(
  'from to into onto than before after if because when while although by over under against without insteadof since until'.split(
    ' ',
  ),
);
/** Contrary roles of one and the same word: a flight from Rome, a flight to Rome. */
const CONTRARY_HEADS: readonly (readonly [string, string])[] = [
  ['from', 'to'],
  ['from', 'into'],
  ['before', 'after'],
  ['over', 'under'],
  ['above', 'below'],
  ['inside', 'outside'],
  ['for', 'against'],
  ['with', 'without'],
  ['to', 'outof'],
  ['into', 'outof'],
  ['on', 'off'],
];
/** What these govern may stand anywhere: 'in France, what is the capital'. */
const FREE_HEADS = new Set(
  'of in on at for about with during near within through via like as per among across'.split(' '),
);
/** A question that says one of these asks the same of both. */
const SYMMETRIC = new Set(
  (
    'versus between compare compared comparison difference different differ similar similarity common relationship ' +
    'relation both and or same distinguish correlation'
  ).split(' '),
);
/** Longest questions in which every two words are compared; longer ones are held to their order anyway. */
const MOST_PAIRS = 40;

/** Nobody changes places: who does it with whom to it, from where, into what, on which condition. */
export const checkOrder: Check = (match) => {
  const pairs = match.pairs.filter((pair) => pair.asked.weight !== 'function').slice(0, MOST_PAIRS);
  return (
    contrary(pairs) ??
    governed(pairs) ??
    passive(match, pairs) ??
    doer(match, pairs) ??
    swapped(match, pairs) ??
    persons(match)
  );
};

const inOrder = (pairs: readonly Matched[]) =>
  [pairs.map(({ asked }) => asked.text), pairs.map(({ stored }) => stored.text)] as const;

function contrary(pairs: readonly Matched[]) {
  for (const { asked, stored } of pairs)
    for (const [one, other] of CONTRARY_HEADS)
      if ((asked.head === one && stored.head === other) || (asked.head === other && stored.head === one))
        return refuse('direction', [`${asked.head} ${asked.text}`], [`${stored.head} ${stored.text}`]);
  return null;
}

/** A word that stands under 'than' here and another one there. */
function governed(pairs: readonly Matched[]) {
  for (const head of ROLE_HEADS) {
    const here = pairs.filter(({ asked, stored }) => asked.head === head && stored.head !== head);
    const there = pairs.filter(({ asked, stored }) => stored.head === head && asked.head !== head);
    if (here.length === 0 || there.length === 0) continue;
    if (pairs.some(({ asked, stored }) => asked.head === head && stored.head === head)) continue;
    const names = (list: readonly Matched[], side: 'asked' | 'stored') => list.map((pair) => pair[side].text);
    return refuse('direction', [head, ...names(here, 'asked')], [head, ...names(there, 'stored')]);
  }
  return null;
}

const isParticiple = (word: string): boolean => rootOf(word) !== word && !/(?:s|ing)$/.test(word);

/** 'Who killed Caesar' and 'who was killed by Caesar'. */
function passive(match: Match, pairs: readonly Matched[]) {
  for (const { asked, stored } of pairs) {
    if ((asked.head === 'by') === (stored.head === 'by')) continue;
    if (asked.head !== null && stored.head !== null) continue;
    const before = (question: Question, token: Token) =>
      question.content[question.content.indexOf(token) - 1]?.word ?? null;
    const [here, there] = [before(match.asked, asked), before(match.stored, stored)];
    if (here !== null && here === there && isParticiple(here))
      return refuse('roles', [asked.text], [`by ${stored.text}`]);
  }
  return null;
}

/** 'What eats spiders' and 'what do spiders eat': asked is who does it, and to whom it is done. */
function doer(match: Match, pairs: readonly Matched[]) {
  const asksForObject = ({ tokens }: Question) =>
    /^(?:who|whom|what)$/.test(tokens[0]?.word ?? '') && /^(?:do|does|did)$/.test(tokens[1]?.word ?? '');
  const asksForSubject = ({ tokens }: Question) =>
    /^(?:who|what)$/.test(tokens[0]?.word ?? '') && tokens[1]?.weight !== 'function';
  const { asked, stored } = match;
  const crossed =
    (asksForObject(asked) && asksForSubject(stored)) || (asksForObject(stored) && asksForSubject(asked));
  if (!crossed || pairs.length < 2) return null;
  return refuse(
    'roles',
    asked.tokens.slice(0, 4).map(({ text }) => text),
    stored.tokens.slice(0, 4).map(({ text }) => text),
  );
}

/** Two words that follow each other the other way round, with no grammar to tell that it is the same. */
function swapped(match: Match, pairs: readonly Matched[]) {
  // Another form is another construction: 'delete emails', 'emails deleted'.
  const strong = [...pairs.filter(({ asked, stored }) => asked.word === stored.word), ...somebody(match)];
  const places = strong.map((pair) => ({
    pair,
    here: match.asked.tokens.indexOf(pair.asked),
    there: match.stored.tokens.indexOf(pair.stored),
  }));
  places.sort((one, other) => one.here - other.here);
  for (let first = 0; first < places.length; first++)
    for (let second = first + 1; second < places.length; second++) {
      const [one, two] = [places[first]!, places[second]!];
      if (one.there <= two.there || one.here === two.here) continue;
      if (!tells(one.pair.asked, two.pair.asked) || isHarmless(match, one.pair, two.pair)) continue;
      const [here, there] = inOrder([one.pair, two.pair]);
      return refuse('roles', here, [...there].reverse());
    }
  return null;
}

/** Verbs and adjectives stand before or behind their noun; two things that change places are another matter. */
const isThing = (token: Token): boolean => token.weight === 'strong' && !wordTable().actions.has(token.root);

/** Words that say little may stand anywhere ('best bike', 'bike is best'), except where they are contraries. */
const tells = (one: Token, other: Token): boolean =>
  (isThing(one) && isThing(other)) ||
  one.word.startsWith('some') ||
  other.word.startsWith('some') ||
  areOpposite(one.word, one.root, other.word, other.root);

/** 'Someone' takes part as if it were a name. */
function somebody({ asked, stored }: Match): Matched[] {
  const find = (question: Question) =>
    question.tokens.find(({ word }) => word === 'someone' || word === 'somebody');
  const [here, there] = [find(asked), find(stored)];
  return here === undefined || there === undefined ? [] : [{ asked: here, stored: there, as: 'same' }];
}

function isHarmless(match: Match, one: Matched, two: Matched): boolean {
  if (isFree(one) || isFree(two)) return true;
  if (isSymmetric(match)) return !changesCompany(match, one, two);
  const here = one.asked.clause === two.asked.clause;
  const there = one.stored.clause === two.stored.clause;
  if (isPassive(match, one) || isPassive(match, two)) return true;
  if (!here || !there || areApart(one, two)) return !changesCompany(match, one, two);
  return false;
}

/** A condition or a reason may stand in front or behind. */
const MOVING_HEADS = new Set('if because when while although since before after whether than'.split(' '));
const areApart = (one: Matched, two: Matched): boolean => {
  const moves = ({ asked, stored }: Matched) =>
    MOVING_HEADS.has(asked.head ?? '') && asked.head === stored.head;
  return moves(one) !== moves(two);
};

const BEING = /^(?:be|is|are|was|were|been|being|get|got|gets)$/;

/** 'Invented the telephone', 'the telephone was invented'. */
function isPassive(match: Match, { asked, stored }: Matched): boolean {
  if (!isParticiple(asked.word) || !isParticiple(stored.word)) return false;
  const follows = (question: Question, token: Token) => {
    const at = question.tokens.indexOf(token);
    return question.tokens
      .slice(0, at)
      .some(({ word, sentence }) => sentence === token.sentence && BEING.test(word));
  };
  return follows(match.asked, asked) !== follows(match.stored, stored);
}

/** Governed by a word that lets it stand anywhere, on both sides, or on one where the other joins it to its neighbour. */
function isFree({ asked, stored }: Matched): boolean {
  const here = FREE_HEADS.has(asked.head ?? '') || asked.isPossessive;
  const there = FREE_HEADS.has(stored.head ?? '') || stored.isPossessive;
  return (here && there) || ((here || there) && (asked.head === null || stored.head === null));
}

function isSymmetric({ asked, stored }: Match): boolean {
  const says = (question: Question) =>
    question.tokens.some((token) => SYMMETRIC.has(token.word) || SYMMETRIC.has(token.root));
  const isOneSided = (question: Question) =>
    question.tokens.some((token) => token.word === 'but' || token.word === 'than' || token.word === 'then');
  return says(asked) && says(stored) && !isOneSided(asked) && !isOneSided(stored);
}

/** Whether the words that two stand with in their part of the sentence have changed places with them. */
function changesCompany(match: Match, one: Matched, two: Matched): boolean {
  if (match.asked.tokens.some((token) => token.word === 'but')) return true;
  return takesOver(one, two) || takesOver(two, one);
}

/** Follows, right behind, what the other one followed. */
const takesOver = ({ asked, stored }: Matched, other: Matched): boolean =>
  asked.after !== null &&
  stored.after !== null &&
  asked.after !== stored.after &&
  asked.after === other.stored.after;

const FIRST = new Set(['i', 'me', 'we', 'us']);
const SECOND = new Set(['you']);
const OTHERS = new Set(['he', 'she', 'him', 'her', 'they', 'them']);

/** 'Does she like me' and 'do I like her': who comes first of two that both questions name. */
function persons({ asked, stored }: Match) {
  const order = (question: Question) => {
    const found: string[] = [];
    for (const { word } of question.tokens) {
      const group = FIRST.has(word) ? 'I' : SECOND.has(word) ? 'you' : OTHERS.has(word) ? 'they' : null;
      if (group !== null && !found.includes(group)) found.push(group);
    }
    return found;
  };
  const [here, there] = [order(asked), order(stored)];
  if (here.length < 2 || there.length < 2 || asked.sentences.length > 1 || stored.sentences.length > 1)
    return null;
  const shared = here.filter((group) => there.includes(group));
  if (shared.length < 2) return null;
  const same = there.filter((group) => shared.includes(group)).join() === shared.join();
  return same ? null : refuse('roles', here, there);
}
