import type { GateReason } from '../../../core/semantic.ts';
import { type Check, refuse, texts } from './check.ts';
import type { Question, Token } from './read-question.ts';
import { wordTable } from './word-table.ts';

/** Languages that people ask to be answered in. */
const LANGUAGES = new Set(
  (
    'english french spanish german italian portuguese dutch russian polish ukrainian turkish arabic hebrew hindi urdu ' +
    'bengali tamil telugu marathi gujarati punjabi malayalam kannada chinese mandarin cantonese japanese korean ' +
    'vietnamese thai indonesian malay greek latin swedish norwegian danish finnish czech hungarian romanian swahili ' +
    'sanskrit persian farsi esperanto'
  ).split(' '),
);
/** Peoples and countries that WordNet's places lack, or that are spelled otherwise there. */
const MORE_PLACES = new Set(
  'america uk uae eu nyc india usa american indian british european african asian'.split(' '),
);
/** Somebody about whom, or for whom, is asked. */
const BEINGS = new Set(
  (
    'wife husband son daughter child kid baby toddler infant mother mom father dad parent brother sister friend ' +
    'girlfriend boyfriend dog cat puppy kitten pet horse boss neighbor neighbour grandmother grandfather teenager ' +
    'roommate colleague coworker landlord tenant teacher student man woman girl boy'
  ).split(' '),
);

const isLanguage = (token: Token): boolean =>
  LANGUAGES.has(token.word) &&
  (token.head === 'in' || token.head === 'into' || token.head === 'to' || token.head === 'from');
const isPlace = (token: Token): boolean =>
  token.isName && (wordTable().places.has(token.word) || MORE_PLACES.has(token.word));
/** First names of persons who are often called by the other one alone. */
const FIRST_NAMES = new Set(
  (
    'donald hillary hilary narendra barack joe george john david michael mahatma albert isaac elon bill steve mark jeff ' +
    'vladimir angela justin emmanuel boris rahul sachin virat cristiano lionel roger rafael serena william adolf ' +
    'winston abraham kim president prime mr mrs ms dr sir lord king queen pope saint'
  ).split(' '),
);

/** Names, places and languages of one question stand in the other. */
export const checkNames: Check = (match) => {
  const left = named(match.onlyAsked, match.asked);
  const right = named(match.onlyStored, match.stored);
  if (left.length === 0 && right.length === 0) return null;
  // A word of the dictionary with a capital proves a name only against another name.
  const arePlain = (tokens: readonly Token[], question: Question) =>
    tokens.every((token) => isPlain(token, question));
  if (left.length === 0 && arePlain(right, match.stored)) return null;
  if (right.length === 0 && arePlain(left, match.asked)) return null;
  const all = [...left, ...right];
  let reason: GateReason = 'names';
  if (all.every(isLanguage)) reason = 'language';
  else if (all.every(isPlace)) reason = 'places';
  const shown = (mine: readonly Token[], rest: readonly Token[]) => texts(mine.length > 0 ? mine : rest);
  return refuse(reason, shown(left, match.onlyAsked), shown(right, match.onlyStored));
};

function isPlain(token: Token, question: Question): boolean {
  if (!token.isCommon || isPlace(token) || isLanguage(token)) return false;
  // 'New' is part of the name in 'New South Wales'.
  for (const next of question.tokens.slice(question.tokens.indexOf(token) + 1)) {
    if (!next.isName) return true;
    if (!next.isCommon || isPlace(next)) return false;
  }
  return true;
}

/** The names among words; a first name before a family name that both have is understood. */
function named(tokens: readonly Token[], question: Question): Token[] {
  return tokens.filter((token) => {
    if (!token.isName && !isLanguage(token)) return false;
    if (!FIRST_NAMES.has(token.word)) return true;
    const next = question.content[question.content.indexOf(token) + 1];
    return next === undefined || !next.isName || tokens.includes(next);
  });
}

const strong = (tokens: readonly Token[]): Token[] => tokens.filter((token) => token.weight === 'strong');

/** Each side has a word of weight that the other lacks, and they are not forms, spellings or synonyms of one another. */
export const checkSubstitution: Check = ({ onlyAsked, onlyStored }) => {
  const [left, right] = [strong(onlyAsked), strong(onlyStored)];
  // Verbs and adjectives are exchanged freely, and the verifier reads them well; another thing is another question.
  return left.some(isThing) && right.some(isThing) ? refuse('words', texts(left), texts(right)) : null;
};

const isThing = (token: Token): boolean =>
  !wordTable().actions.has(token.root) && !wordTable().actions.has(token.word);

/** What makes an added word a condition. */
const CONDITION_HEADS = new Set(
  'for with during after before while if when unless without under at on in among except between as'.split(
    ' ',
  ),
);
/** Where one more thing makes another comparison. */
const COMPARING = new Set('between difference differences compare comparison versus'.split(' '));
/** So many words of weight on one side are a question of their own. */
const MANY_WORDS = 3;

/** One more of several things: 'throwing up and shaking'. */
function joined(question: Question, other: Question, loose: readonly Token[]): boolean {
  const count = ({ tokens }: Question) => tokens.filter(({ word }) => word === 'and').length;
  if (count(question) <= count(other)) return false;
  return loose.some((token) => {
    if (token.weight !== 'strong' || !isThing(token)) return false;
    const at = question.tokens.indexOf(token);
    return token.head === 'and' || question.tokens[at + 1]?.word === 'and';
  });
}

/** One side says more: somebody else, a condition, or a question of its own. */
export const checkCondition: Check = (match) => {
  const [left, right] = [strong(match.onlyAsked), strong(match.onlyStored)];
  const all = [...left, ...right];
  const refused = (reason: GateReason) => refuse(reason, texts(left), texts(right));
  if (all.some((token) => BEINGS.has(token.root))) return refused('roles');
  if (all.length >= MANY_WORDS) return refused('condition');
  const others = left.length > 0 ? match.onlyStored : match.onlyAsked;
  if (others.length > 0) return null;
  if (
    joined(match.asked, match.stored, match.onlyAsked) ||
    joined(match.stored, match.asked, match.onlyStored)
  )
    return refuse('condition', texts(match.onlyAsked), texts(match.onlyStored));
  const comparing = match.asked.tokens.some((token) => COMPARING.has(token.word));
  // The word that governs it has come with it; otherwise it only says more of what both have.
  const count = (question: Question, head: string) =>
    question.tokens.filter(({ word }) => word === head).length;
  const isNew = (head: string) =>
    CONDITION_HEADS.has(head) && count(match.asked, head) !== count(match.stored, head);
  return all.some(({ head }) => isNew(head ?? '') || (comparing && (head === 'and' || head === 'between')))
    ? refused('condition')
    : null;
};
