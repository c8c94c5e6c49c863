import { Random } from '../../logs/random.ts';
import { FURTHER_KINDS } from './further-kinds.ts';
import { CONTRACTED, REORDERED, REQUESTS, SYNONYMS } from './harmless.ts';
import type { LookAlikeKind } from './kinds.ts';
import { OTHER_RELATIONS } from './other-relations.ts';
import { OTHER_THINGS } from './other-things.ts';
import { OTHER_WORDS } from './other-words.ts';

export interface Trap {
  readonly kind: string;
  /** Whether an answer to the one serves the other. */
  readonly isSame: boolean;
  readonly asked: string;
  readonly stored: string;
}

const SEED = 20_260_105;
const PER_KIND = 40;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Draws different ones until there are enough; a kind that has too few of them is an error, not a shorter test. */
const drawTraps = (kind: string, isSame: boolean, draw: () => readonly [string, string]): Trap[] => {
  const seen = new Set<string>();
  const traps: Trap[] = [];
  for (let tries = 0; traps.length < PER_KIND; tries += 1) {
    if (tries > 10_000) throw new Error(`too few different traps of the kind ${kind}`);
    const [asked, stored] = draw();
    const id = [asked, stored].sort().join('\n');
    if (asked === stored || seen.has(id)) continue;
    seen.add(id);
    traps.push({ kind, isSame, asked, stored });
  }
  return traps;
};

const lookAlikes = (random: Random, { kind, phrases, swaps }: LookAlikeKind): Trap[] =>
  drawTraps(kind, false, () => {
    const [sentence, fillings] = random.pick(phrases);
    const pair = random.pick(fillings);
    const [x, y] = random.next() < 0.5 ? pair : [pair[1], pair[0]];
    const fill = (one: string, other: string): string =>
      capital(sentence.replaceAll('{x}', one).replaceAll('{y}', other));
    return swaps === true ? [fill(x, y), fill(y, x)] : [fill(x, ''), fill(y, '')];
  });

const withoutEnd = (text: string): string => text.replace(/[?.!]+$/, '');
const withEnd = (text: string): string => (/[?.!]$/.test(text) ? text : `${text}.`);
const small = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const CASES: readonly ((text: string) => string)[] = [
  (text) => text.toLowerCase(),
  (text) => text.toUpperCase(),
  (text) => text.replace(/\b\p{L}/gu, (letter) => letter.toUpperCase()),
];

const SPACINGS: readonly ((text: string, random: Random) => string)[] = [
  (text) => `  ${text}`,
  (text) => `${text}\n`,
  (text) => text.replaceAll(' ', '  '),
  (text, random) => {
    const words = text.split(' ');
    words[random.below(words.length - 1)]! += ' ';
    return words.join(' ');
  },
  (text) => text.replace(/([?.!])$/, ' $1'),
  (text) => text.replace(' ', '\t').concat(' '),
];

const PUNCTUATIONS: readonly ((text: string) => string)[] = [
  (text) => withoutEnd(text),
  (text) => `${withoutEnd(text)}??`,
  (text) => `${withoutEnd(text)} ?`,
  (text) => `${withoutEnd(text)}...`,
  (text) => `${withoutEnd(text)}!`,
];

const POLITENESS: readonly ((text: string) => string)[] = [
  (text) => `Please: ${small(text)}`,
  (text) => `${withoutEnd(text)}, please?`,
  (text) => `Hi! ${text}`,
  (text) => `${withEnd(text)} Thanks!`,
  (text) => `Hello, ${small(withEnd(text))} Thank you.`,
  (text) => `${withEnd(text)} Many thanks in advance.`,
];

/** One typing error in the longest word: two letters swapped, one left out, one twice. */
const mistype = (text: string, random: Random): string => {
  const words = text.split(' ');
  const longest = words.reduce((best, word, at) => (word.length > words[best]!.length ? at : best), 0);
  const word = words[longest]!;
  const at = 1 + random.below(Math.max(1, word.length - 4));
  const [one, two] = [word[at]!, word[at + 1]!];
  const wrong = random.pick([two + one, one, one + one + two]);
  words[longest] = word.slice(0, at) + wrong + word.slice(at + 2);
  return words.join(' ');
};

/** A text as another hand would have typed it: one of the rewrites that never change what is asked. */
export const harmless = (text: string, random: Random): string => {
  const change = random.below(4);
  if (change === 0) return random.pick(CASES)(text);
  if (change === 1) return random.pick(SPACINGS)(text, random);
  if (change === 2) return random.pick(PUNCTUATIONS)(text);
  return random.pick(POLITENESS)(text);
};

const eitherWay = (random: Random, [a, b]: readonly [string, string]): readonly [string, string] =>
  random.next() < 0.5 ? [a, b] : [b, a];

const rewrites = (random: Random, request: () => string): Trap[] => {
  const changed = (kind: string, change: (text: string) => string): Trap[] =>
    drawTraps(kind, true, () => {
      const text = request();
      return eitherWay(random, [text, change(text)]);
    });
  const synonym = (): readonly [string, string] => {
    const [sentence, fillings] = random.pick(SYNONYMS);
    const [x, y] = random.pick(fillings);
    return eitherWay(random, [sentence.replace('{x}', x), sentence.replace('{x}', y)]);
  };
  return [
    ...changed('case', (text) => random.pick(CASES)(text)),
    ...changed('spacing', (text) => random.pick(SPACINGS)(text, random)),
    ...changed('punctuation', (text) => random.pick(PUNCTUATIONS)(text)),
    ...changed('politeness', (text) => random.pick(POLITENESS)(text)),
    ...drawTraps('contraction', true, () =>
      random.pick(CONTRACTED.flatMap(([a, b]) => [[a, b] as const, [b.toLowerCase(), a] as const])),
    ),
    ...changed('typo', (text) => mistype(text, random)),
    ...drawTraps('synonym', true, synonym),
    ...drawTraps('reorder', true, () => eitherWay(random, random.pick(REORDERED))),
  ];
};

/** About 1,100 pairs, the same ones for the same seed. */
export const makeTraps = (seed: number = SEED): Trap[] => {
  const random = new Random(seed);
  return [
    ...[...OTHER_THINGS, ...OTHER_WORDS, ...OTHER_RELATIONS, ...FURTHER_KINDS].flatMap((kind) =>
      lookAlikes(random, kind),
    ),
    ...rewrites(random, () => random.pick(REQUESTS)),
  ];
};
