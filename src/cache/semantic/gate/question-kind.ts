import type { Question, Token } from './read-question.ts';

/** What a sentence asks for. */
export type QuestionKind =
  | 'what'
  | 'who'
  | 'when'
  | 'where'
  | 'why'
  | 'how'
  | 'how-is'
  | 'how-degree'
  | 'howmany'
  | 'howmuch'
  | 'howlong'
  | 'howfar'
  | 'howold'
  | 'howoften'
  | 'howfeel'
  | 'yes-no'
  | 'can'
  | 'order';

const WH: ReadonlyMap<string, QuestionKind> = new Map<string, QuestionKind>([
  ['what', 'what'],
  ['which', 'what'],
  ['who', 'who'],
  ['whom', 'who'],
  ['whose', 'who'],
  ['when', 'when'],
  ['where', 'where'],
  ['why', 'why'],
  ['how', 'how'],
  ['howmany', 'howmany'],
  ['howmuch', 'howmuch'],
  ['howlong', 'howlong'],
  ['howfar', 'howfar'],
  ['howold', 'howold'],
  ['howoften', 'howoften'],
  ['howfeel', 'howfeel'],
]);
const CAN = new Set(['can', 'could', 'may']);
const AUXILIARIES = new Set(
  'is are am was were do does did has have had will would shall should might must allowed ought'.split(' '),
);
const ORDERS = new Set(
  'explain describe list give show write define name suggest recommend compare translate summarize summarise convert'.split(
    ' ',
  ),
);
/** What somebody asks for who asks what the way is. */
const WAYS = new Set(
  'way method tip step technique procedure trick strategy advice suggestion idea'.split(' '),
);
const MEASURES: ReadonlyMap<string, QuestionKind> = new Map<string, QuestionKind>([
  ['price', 'howmuch'],
  ['cost', 'howmuch'],
  ['amount', 'howmuch'],
  ['number', 'howmany'],
  ['population', 'howmany'],
  ['age', 'howold'],
  ['duration', 'howlong'],
  ['distance', 'howfar'],
  ['location', 'where'],
  ['reason', 'why'],
  ['cause', 'why'],
  ['date', 'when'],
  ['frequency', 'howoften'],
]);

/** What a question asks for, one by one; sentences that ask nothing, and asides such as 'and why?', are left out. */
export function kindsOf(question: Question): QuestionKind[] {
  const kinds: QuestionKind[] = [];
  for (const sentence of question.sentences) {
    const kind = kindOf(sentence);
    if (kind === null || (kinds.length > 0 && isAside(kind, sentence, 0))) continue;
    kinds.push(kind);
    // 'What is it, and how does it work': two questions in one sentence. 'How and why' is one.
    for (let at = 2; at < sentence.length; at++) {
      const wh = WH.get(sentence[at]!.word);
      if (wh === undefined || !/^(?:and|or)$/.test(sentence[at - 1]!.word)) continue;
      if (WH.has(sentence[at - 2]!.word) || isAside(wh, sentence, at)) continue;
      kinds.push(refined(wh, sentence, at));
    }
  }
  return kinds;
}

/** Says nothing of its own: 'How?', 'What makes it the best?' */
function isAside(kind: QuestionKind, sentence: readonly Token[], from: number): boolean {
  if (kind !== 'why' && kind !== 'how') return false;
  return sentence
    .slice(from)
    .every(({ weight }) => weight === 'function' || (kind === 'why' && weight === 'weak'));
}

export function kindOf(sentence: readonly Token[]): QuestionKind | null {
  for (let at = 0; at < sentence.length; at++) {
    const token = sentence[at]!;
    const isStart = at === 0 || sentence[at - 1]!.clause !== token.clause;
    const wh = WH.get(token.word);
    // 'When I have a cold, what ...' asks what.
    if (wh === 'when' && isStart && !asks(sentence[at + 1])) continue;
    // Inside a sentence 'when' and 'who' mostly join, so they ask only where a part begins.
    if (wh !== undefined && (isStart || at <= 2 || !['when', 'who', 'where', 'what'].includes(wh)))
      return refined(wh, sentence, at);
    if (!isStart && at > 1) continue;
    if (CAN.has(token.word)) return 'can';
    if (AUXILIARIES.has(token.word) && at + 1 < sentence.length) return 'yes-no';
    if (at === 0 && ORDERS.has(token.word))
      return /^explain|describe$/.test(token.word) ? explained(sentence) : 'order';
  }
  return null;
}

const asks = (next: Token | undefined): boolean =>
  next === undefined || AUXILIARIES.has(next.word) || CAN.has(next.word);

/** 'Explain how ...' asks how. */
function explained(sentence: readonly Token[]): QuestionKind {
  for (const token of sentence) {
    const wh = WH.get(token.word);
    if (wh !== undefined) return wh;
  }
  return 'order';
}

/** 'Do' is followed by what is done: 'what should I do improve my skill'; not by 'with the money'. */
const isActing = (next: Token | undefined): boolean =>
  next !== undefined && (next.word === 'to' || next.weight !== 'function');

function refined(wh: QuestionKind, sentence: readonly Token[], at: number): QuestionKind {
  const next = sentence[at + 1];
  if (wh === 'how') {
    if (next !== undefined && /^(?:is|are|was|were)$/.test(next.word)) return 'how-is';
    return next !== undefined && next.weight !== 'function' && next.clause === sentence[at]!.clause
      ? 'how-degree'
      : wh;
  }
  if (wh !== 'what') return wh;
  // 'What should I do about it' asks how.
  if (/^(?:should|can|could|must|shall|might|would)$/.test(next?.word ?? ''))
    if (sentence.some(({ word }, index) => index > at + 1 && word === 'do' && isActing(sentence[index + 1])))
      return 'how';
  for (const token of sentence.slice(at + 1, at + 9)) {
    if (token.weight === 'function' || token.word.endsWith('est')) continue;
    if (WAYS.has(token.root)) return 'how';
    const measure = MEASURES.get(token.root);
    if (measure !== undefined) return measure;
    if (token.weight === 'strong') break;
  }
  return wh;
}
