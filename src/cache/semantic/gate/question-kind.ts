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
const WAYS = new Set('way method tip step technique procedure trick strategy advice'.split(' '));
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

/** What each sentence of a question asks for; sentences that ask nothing are left out. */
export function kindsOf(question: Question): QuestionKind[] {
  const kinds: QuestionKind[] = [];
  for (const sentence of question.sentences) {
    const kind = kindOf(sentence);
    if (kind === null) continue;
    kinds.push(kind);
    // 'What is it, and how does it work': two questions in one sentence.
    for (let at = 2; at < sentence.length; at++) {
      const wh = WH.get(sentence[at]!.word);
      if (wh !== undefined && /^(?:and|or)$/.test(sentence[at - 1]!.word))
        kinds.push(refined(wh, sentence, at));
    }
  }
  return kinds;
}

export function kindOf(sentence: readonly Token[]): QuestionKind | null {
  for (let at = 0; at < sentence.length; at++) {
    const token = sentence[at]!;
    const isStart = at === 0 || sentence[at - 1]!.clause !== token.clause;
    const wh = WH.get(token.word);
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

/** 'Explain how ...' asks how. */
function explained(sentence: readonly Token[]): QuestionKind {
  for (const token of sentence) {
    const wh = WH.get(token.word);
    if (wh !== undefined) return wh;
  }
  return 'order';
}

function refined(wh: QuestionKind, sentence: readonly Token[], at: number): QuestionKind {
  const next = sentence[at + 1];
  if (wh === 'how') {
    if (next !== undefined && /^(?:is|are|was|were)$/.test(next.word)) return 'how-is';
    return wh;
  }
  if (wh !== 'what') return wh;
  for (const token of sentence.slice(at + 1, at + 9)) {
    if (token.weight === 'function' || token.word.endsWith('est')) continue;
    if (WAYS.has(token.root)) return 'how';
    const measure = MEASURES.get(token.root);
    if (measure !== undefined) return measure;
    if (token.weight === 'strong') break;
  }
  return wh;
}
