import type { SemanticReason } from '../../core/semantic.ts';

/** The verifier reads two questions in 128 tokens; one of more characters never finds a pair that fits. */
const MOST_CHARACTERS = 400;

/** A time to live up to which an answer about the present may be given again. */
const PRESENT_SECONDS = 300;

const MANY =
  'second|minute|hour|day|night|morning|afternoon|evening|weekend|week|month|quarter|season|semester|year|decade|century';
const TIME_WORDS = new RegExp(
  `\\b(?:${[
    'today',
    'tonight',
    'tomorrow',
    'yesterday',
    'now',
    'nowadays',
    'current(?:ly)?',
    'latest',
    'newest',
    'recent(?:ly)?',
    'upcoming',
    'present(?:ly)? day',
    'at the moment',
    'these days',
    'so far',
    'as of',
    'up[- ]to[- ]date',
    `(?:this|last|next|past|coming|previous) (?:few |couple of |\\d+ )?(?:${MANY})s?`,
    `(?:${MANY})s? ago`,
    '(?:mon|tues|wednes|thurs|fri|satur|sun)day',
    'what (?:time|date|day) is it',
    'what(?:.?s| is) the (?:time|date)',
    'how long ago',
    'news',
    'weather',
    'forecast',
    'headlines?',
    'exchange rate',
    '(?:stock|share|gold|oil|bitcoin) prices?',
    'still',
    'yet',
    'anymore',
    'live (?:scores?|results?|streams?|coverage|updates?|prices?)',
  ].join('|')})\\b`,
  'iu',
);

// Words without which hardly an English sentence is made, and those of the languages that come most often beside it, as
// far as they are no English words or abbreviations.
const ENGLISH = new Set(
  'a an the is are was were be been am do does did can could will would should shall may might must have has had i you he she it we they me my your his her its our their him them us this that these those what which who whom whose when where why how of in on at to from by for with about into over than as if and or but not no there please tell give show list explain define name any all some between'.split(
    ' ',
  ),
);
const FOREIGN = new Set(
  'der das und ist wie nicht ein eine einen ich du wir ihr sie für auf von vom zu zum zur wo warum kann sind werden wird welche welcher le les des une un dans que qui quel quelle avec sur pourquoi je vous où comment sont dois puis el los las una es por para qué cómo como cuál del en yo puedo son dónde il lo gli che di sono perché della dove posso uma não em qual da dos eu onde het een hoe niet zijn wat ik kan och att det som jag på är hur nie jak czy jest się co gdzie bir için nasıl nedir ne'.split(
    ' ',
  ),
);

/** Why this text is none that the models were made for; null when it may be compared. Cheap, and strict where unsure. */
export function textRefusal(text: string, ttlSeconds: number): SemanticReason | null {
  if (text.trim() === '') return 'no-text';
  if (text.length > MOST_CHARACTERS) return 'too-long';
  if (!isEnglish(text) || looksLikeCode(text)) return 'language';
  if (ttlSeconds > PRESENT_SECONDS && TIME_WORDS.test(text)) return 'time-words';
  return null;
}

function isEnglish(text: string): boolean {
  // Invisible and unassigned characters say something to a model that a reader of the page does not see.
  if (/[\p{Cf}\p{Co}\p{Cn}\p{Cs}]|[^\P{Cc}\t\r\n]/u.test(text)) return false;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const plain = text.match(/[A-Za-z]/g)?.length ?? 0;
  if (letters === 0 || plain < letters * 0.9) return false;
  let words = 0;
  let english = 0;
  let foreign = 0;
  for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) {
    words++;
    if (ENGLISH.has(word)) english++;
    else if (FOREIGN.has(word)) foreign++;
  }
  return foreign <= english / 2 && (english > 0 || words < 5);
}

const CODE =
  /```|=>|::|<\/?[a-z][^<>]*>|[;{}]\s*$|\w\(\)|\b[a-z_]\w*\(\w+, ?\w+|\b(?:def|function|const|let|var|import|#include)\b[^.?!]*[=({;:]|\bselect\b[^.?!]*\bfrom\b[^.?!]*(?:\bwhere\b|;|\*)|^\s*at \w+.*:\d+/im;

function looksLikeCode(text: string): boolean {
  if (CODE.test(text)) return true;
  const symbols = text.match(/[{}[\]<>=;$\\|_*#@^~`]/g)?.length ?? 0;
  return symbols > 2 && symbols > text.length * 0.05;
}
