import type { GateReason } from '../../../core/semantic.ts';
import { type Check, refuse } from './check.ts';
import type { Match } from './match.ts';
import { kindsOf } from './question-kind.ts';
import type { Question, Token } from './read-question.ts';
import { areOpposite } from './word-forms.ts';

/** Words of one sort by what they say; two questions that say different things of a sort are two. */
type Classes = ReadonlyMap<string, string>;

const classes = (text: string): Classes =>
  new Map(
    text.split(',').flatMap((line) => {
      const [name, ...words] = line.trim().split(/\s+/);
      return words.map((word) => [word, name!] as const);
    }),
  );

const said = (question: Question, known: Classes): ReadonlySet<string> => {
  const found = new Set<string>();
  for (const token of question.tokens) {
    const name = known.get(token.word) ?? known.get(token.root);
    if (name !== undefined) found.add(name);
  }
  return found;
};

const missing = (one: ReadonlySet<string>, other: ReadonlySet<string>): string[] =>
  [...one].filter((name) => !other.has(name));

/** Both have something of a sort that the other lacks; or one has something that changes an answer by itself. */
function differ(match: Match, reason: GateReason, known: Classes, alone: RegExp) {
  const [here, there] = [said(match.asked, known), said(match.stored, known)];
  if (here.size === 0 && there.size === 0) return null;
  const [left, right] = [missing(here, there), missing(there, here)];
  if (left.length > 0 && right.length > 0) return refuse(reason, left, right);
  return [...left, ...right].some((name) => alone.test(name)) ? refuse(reason, left, right) : null;
}

const TIMES = classes(`
  today today tonight, now now currently current nowadays, tomorrow tomorrow, yesterday yesterday,
  future upcoming future, past past previously formerly, daily daily, weekly weekly, monthly monthly, yearly yearly annually
  annual, hourly hourly, midnight midnight, noon noon, morning morning, evening evening, night night, summer summer,
  winter winter, spring spring, autumn autumn, ago ago, next next, last last, permanently permanently, temporarily temporarily`);
const TIMES_ALONE =
  /^(?:tomorrow|yesterday|past|daily|weekly|monthly|hourly|midnight|ago|permanently|temporarily|summer|winter|autumn)$/;

/** Yesterday is not tomorrow; what will be is not what was. */
export const checkTime: Check = (match) =>
  differ(match, 'time', TIMES, TIMES_ALONE) ?? tenses(match) ?? spans(match);

const NEAR = new Set('right just immediately shortly directly soon'.split(' '));
const FAR = new Set('long well far'.split(' '));

/** Right before, long before. */
function spans({ asked, stored }: Match) {
  const span = ({ tokens }: Question) => {
    const at = tokens.findIndex(({ word }) => word === 'before' || word === 'after');
    const word = tokens[at - 1]?.word ?? '';
    return NEAR.has(word) ? 'near' : FAR.has(word) ? 'far' : null;
  };
  const [here, there] = [span(asked), span(stored)];
  return here !== null && there !== null && here !== there ? refuse('time', [here], [there]) : null;
}

const FUTURE = new Set(['will', 'shall']);
const PAST = new Set(['was', 'were', 'did', 'had']);

function tenses({ asked, stored }: Match) {
  const has = (question: Question, words: ReadonlySet<string>) =>
    question.tokens.some((token) => words.has(token.word));
  const [here, there] = [asked, stored].map((question) => ({
    future: has(question, FUTURE) && !has(question, PAST),
    past:
      has(question, PAST) && !has(question, FUTURE) && !question.tokens.some(({ word }) => word === 'would'),
  })) as [{ future: boolean; past: boolean }, { future: boolean; past: boolean }];
  if (here.future && there.past) return refuse('time', ['will'], ['was']);
  return here.past && there.future ? refuse('time', ['was'], ['will']) : null;
}

const FORMATS = classes(`
  json json, yaml yaml, xml xml, csv csv, table table tabular, bullets bullet bullets bulleted, markdown markdown,
  html html, poem poem poetry verse rhyme haiku sonnet limerick, essay essay, paragraph paragraph paragraphs,
  sentence sentence sentences, summary summary summarize summarise summarized summarised tldr, email email mail,
  letter letter, story story, tweet tweet, code code snippet, pseudocode pseudocode, diagram diagram flowchart, chart chart graph,
  brief brief briefly short concise concisely succinctly shortly, long detailed detail details thoroughly lengthy comprehensive
  elaborate depth, simple layman eli5 simply, stepwise stepwise, formal formal formally, informal informal informally casual,
  table table, song song lyrics, joke joke, emoji emoji emojis, slide slides slide powerpoint, script script,
  regex regex, latex latex, uppercase uppercase capitals, lowercase lowercase`);
const FORMATS_ALONE =
  /^(?:json|yaml|xml|csv|table|bullets|markdown|poem|haiku|essay|paragraph|summary|tweet|pseudocode|diagram|emoji|slide|latex|uppercase|lowercase|formal|informal)$/;

/** A poem is no table. What stands in both is what is asked about, not how. */
export const checkFormat: Check = (match) => {
  const refusal = differ(match, 'format', FORMATS, FORMATS_ALONE);
  if (refusal !== null) return refusal;
  const inForm = (question: Question) =>
    [...question.tokens].some(
      (token) =>
        token.head === 'in' && /^(?:sentence|word|paragraph|line|detail|brief|short)$/.test(token.root),
    );
  return inForm(match.asked) === inForm(match.stored)
    ? null
    : refuse('format', formOf(match.asked), formOf(match.stored));
};
const formOf = (question: Question): string[] =>
  question.tokens.filter((token) => token.head === 'in').map((token) => token.text);

const AMOUNTS = classes(`
  all all every each everyone everybody everything, some some few several, most most majority, only only solely
  exclusively, half half, both both, none none, first first, last last final, next next, previous previous,
  minimum minimum min, maximum maximum max, average average median, total total, single single, double double
  twice, triple triple thrice, once once, another another`);
const AMOUNTS_ALONE = /^(?:only|half|first|previous|minimum|maximum|average|double|triple)$/;
/** Superlatives by which one thing is measured, so that one is not several. */
const MEASURED =
  /^(?:fast|larg|bigg|tall|long|high|old|young|small|short|deep|heavi|rich|poor|hott|cold|near|far|slow|light|wid|low|earli|lat)est$/;

/** All is not some, the first not the last, the tallest building not the tallest buildings. */
export const checkQuantity: Check = (match) => {
  const { asked, stored } = match;
  const here = amounts(asked);
  const there = amounts(stored);
  const [left, right] = [missing(here, there), missing(there, here)];
  const both = left.length > 0 && right.length > 0;
  const isYesNo = [asked, stored].every((question) => kindsOf(question).includes('yes-no'));
  const heavy = [...left, ...right].some(
    (name) => AMOUNTS_ALONE.test(name) || (isYesNo && /^(?:all|most)$/.test(name)),
  );
  if (both || heavy) return refuse('quantity', left, right);
  return measured(match);
};

/** 'The most common' compares; 'most people' counts. */
function amounts(question: Question): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [at, token] of question.tokens.entries()) {
    const name = AMOUNTS.get(token.word);
    if (name === undefined) continue;
    const next = question.tokens[at + 1];
    if (
      name === 'most' &&
      (question.tokens[at - 1]?.word === 'the' || next?.weight === 'function' || !/s$/.test(next?.word ?? ''))
    )
      continue;
    if (name === 'only' && next?.word === 'one' && question.tokens[at + 2]?.word !== 'of') continue;
    if (name === 'all' && /one|body|thing$/.test(token.word)) continue;
    found.add(name);
  }
  return found;
}

function measured({ asked, stored, pairs }: Match) {
  for (const { asked: one, stored: other } of pairs) {
    if (one.word === other.word || one.root !== other.root) continue;
    if (!MEASURED.test(before(asked, one)) || before(asked, one) !== before(stored, other)) continue;
    return refuse('quantity', [before(asked, one), one.text], [before(stored, other), other.text]);
  }
  return null;
}

const before = (question: Question, token: Token): string =>
  question.tokens[question.tokens.indexOf(token) - 1]?.word ?? '';

const MODALS = classes(
  'should should ought, can can could may able, must must, allowed allowed legal permitted',
);

/** In a question that is answered by yes or no, or by a time: should I, can I, must I, may I. */
export const checkModality: Check = ({ asked, stored }) => {
  const isYesNo = (question: Question) =>
    kindsOf(question).some((kind) => kind === 'yes-no' || kind === 'can' || kind === 'when');
  if (!isYesNo(asked) || !isYesNo(stored)) return null;
  const opening = (question: Question) => {
    for (const token of question.tokens) {
      const name = MODALS.get(token.word);
      if (name !== undefined) return name;
    }
    return null;
  };
  const [here, there] = [opening(asked), opening(stored)];
  if (here === there) return null;
  // 'Can guns fire in space', 'do guns fire in space'.
  if ((here ?? 'can') === 'can' && (there ?? 'can') === 'can') return null;
  return refuse('question', [here ?? '–'], [there ?? '–']);
};

/** One side names only one of two contraries that the other names both: 'start and end', 'end'. */
export const checkHalf: Check = (match) => {
  const sides = [[match.onlyAsked, match.asked] as const, [match.onlyStored, match.stored] as const];
  for (const [loose, question] of sides)
    for (const token of loose)
      for (const other of question.content)
        if (other !== token && areOpposite(token.word, token.root, other.word, other.root)) {
          const text = [other.text, token.text];
          return loose === match.onlyAsked
            ? refuse('condition', text, [other.text])
            : refuse('condition', [other.text], text);
        }
  return null;
};

const POSSESSIVES = classes('my my mine our, your your yours, his his, her her hers, their their theirs');

/** 'What is my age' and 'what is your age': short questions about somebody's own. */
export const checkPerson: Check = ({ asked, stored }) => {
  const own = (question: Question) => [...said(question, POSSESSIVES)];
  const about = (question: Question) =>
    question.tokens.some((token) => /^(?:i|you|we|one|me|us|do|can|should)$/.test(token.word));
  const [here, there] = [own(asked), own(stored)];
  if (here.length !== 1 || there.length !== 1 || here[0] === there[0]) return null;
  const isThird = (name: string | undefined) => name === 'his' || name === 'her' || name === 'their';
  if (
    isThird(here[0]) !== isThird(there[0]) ||
    (!about(asked) && !about(stored) && kindsOf(asked)[0] === 'what')
  )
    return refuse('roles', here, there);
  return here.includes('his') !== there.includes('his') && isThird(here[0])
    ? refuse('roles', here, there)
    : null;
};
