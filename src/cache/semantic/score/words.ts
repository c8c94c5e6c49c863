/**
 * A question as the score reads it: its words in plain form, and which of them carry the matter. This is for measuring
 * how much two questions differ, not for refusing: the gate has finer eyes for single words.
 */

const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\b(ca)n't\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/\bshan't\b/g, 'shall not'],
  [/\b(cannot)\b/g, 'can not'],
  [/n't\b/g, ' not'],
  [/'re\b/g, ' are'],
  [/'ve\b/g, ' have'],
  [/'ll\b/g, ' will'],
  [/'m\b/g, ' am'],
  [/\b(what|who|where|when|how|why|that|it|there|here|he|she)'s\b/g, '$1 is'],
  [/'d\b/g, ' would'],
  [/'s\b/g, ''],
];

/** Words that carry grammar rather than the matter. What is not here is matter. */
const GRAMMAR = new Set(
  (
    'a an the this that these those some any of to in on at for from by with about as into is are am was were be ' +
    'been being do does did done have has had having can could will would shall should may might must i me my ' +
    'mine myself you your yours yourself we us our it its he him his she her they them their one someone somebody ' +
    'people person anyone and or but if so then than there here what which who whom whose when where why how not ' +
    'no just really actually also very please kindly tell explain give know get got make way ways thing things ' +
    'best good like use most many much more'
  ).split(' '),
);

/**
 * Asking politely changes nothing about what is asked. At the edges of a sentence only: 'How do you say thank you?' is
 * about the words.
 */
const GREETING = /^\s*(?:hi|hello|hey|please|thanks)(?: there| all)?\s*[,.!:;]+\s*/;
const OPENING =
  /(?<=^\s*|[.?!,:]\s)(?:please|kindly|(?:can|could|would) you (?:please |kindly )?(?:tell|explain to|show|help) me|i (?:want|need|would like|am trying) to know|i was wondering|do you know)\b/g;
const CLOSING =
  /[,.?!]\s*(?:please|pls|plz|(?:many )?thanks(?: a lot| in advance)?|thank you(?: very much| so much| in advance)?|thx)(?=\s*[.?!]*\s*$)/;

export interface Reading {
  /** Without case, politeness, punctuation and contractions. */
  readonly plain: string;
  readonly words: readonly string[];
  /** Stems of the words that carry the matter, in order. */
  readonly matter: readonly string[];
  /** The other words, in order. */
  readonly grammar: readonly string[];
  /** How many sentences it has. */
  readonly sentences: number;
}

/** Plural and verb endings cut off; crude, and the same for both sides. */
const stem = (word: string): string => {
  if (word.length < 4 || /\d/.test(word)) return word;
  let cut = word;
  if (cut.endsWith('ies') && cut.length > 4) cut = `${cut.slice(0, -3)}y`;
  else if (/(s|x|z|ch|sh)es$/.test(cut)) cut = cut.slice(0, -2);
  else if (/[^su]s$/.test(cut)) cut = cut.slice(0, -1);
  if (cut.length > 5 && cut.endsWith('ing')) cut = cut.slice(0, -3);
  else if (cut.length > 4 && cut.endsWith('ed')) cut = cut.slice(0, -2);
  else if (cut.length > 4 && cut.endsWith('ly')) cut = cut.slice(0, -2);
  if (cut.length > 4 && cut.endsWith('e')) cut = cut.slice(0, -1);
  if (cut.length > 3 && /([bdgklmnprt])\1$/.test(cut)) cut = cut.slice(0, -1);
  return cut;
};

/** Reads a question. Linear in its length; any text is accepted. */
export const readWords = (text: string): Reading => {
  let plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u2018\u2019\u02bc`´]/g, "'")
    .replace(/&/g, ' and ');
  for (const [pattern, full] of CONTRACTIONS) plain = plain.replace(pattern, full);
  plain = plain.replace(GREETING, '').replace(OPENING, ' ').replace(CLOSING, ' ');
  const sentences = plain.split(/[.?!]+(?=\s|$)/).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
  const bare = plain
    .replace(/(\d)[,](?=\d{3}\b)/g, '$1')
    .replace(/(\d)k\b/g, '$1000')
    .replace(/[^\p{L}\p{N}.+#%$€£]+|\.(?!\d)/gu, ' ')
    .trim();
  const words = bare.split(/\s+/).filter((word) => word !== '');
  const matter: string[] = [];
  const grammar: string[] = [];
  for (const word of words) {
    if (GRAMMAR.has(word)) grammar.push(word);
    else matter.push(stem(word));
  }
  return { plain: words.join(' '), words, matter, grammar, sentences };
};
