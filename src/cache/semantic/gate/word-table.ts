import { readFileSync } from 'node:fs';
import { OPPOSITES, SAME_MEANING } from './own-words.ts';

/** What WordNet and our own lists know of words, all in lower case. */
export interface WordTable {
  /** Numbers of the groups of like meaning that a word stands in. */
  readonly groups: ReadonlyMap<string, readonly number[]>;
  readonly opposites: ReadonlyMap<string, ReadonlySet<string>>;
  /** Words made from one another: culture, cultural. */
  readonly relatives: ReadonlyMap<string, ReadonlySet<string>>;
  readonly places: ReadonlySet<string>;
  /** Words that are mostly verbs, adjectives and adverbs. */
  readonly actions: ReadonlySet<string>;
  /** Base forms of words that exist: a word that exists is no misspelling of another. */
  readonly known: ReadonlySet<string>;
}

function pairs(lists: readonly (readonly string[])[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const add = (one: string, other: string): void => {
    const set = found.get(one);
    if (set === undefined) found.set(one, new Set([other]));
    else set.add(other);
  };
  for (const [one, other] of lists) {
    add(one!, other!);
    add(other!, one!);
  }
  return found;
}

let table: WordTable | null = null;

/** Reads the file once, in about 20 ms; called early so that no request waits for it. */
export function wordTable(): WordTable {
  if (table !== null) return table;
  const file: unknown = JSON.parse(readFileSync(new URL('./words.json', import.meta.url), 'utf8'));
  const lists = file as Record<
    'synonyms' | 'antonyms' | 'relatives' | 'places' | 'actions' | 'others',
    string
  >;
  const known = new Set<string>(lists.others.split(','));
  const groups = new Map<string, number[]>();
  const synonyms = [...lists.synonyms.split(','), ...SAME_MEANING];
  for (const [index, line] of synonyms.entries())
    for (const word of line.split(' ')) {
      known.add(word);
      const list = groups.get(word);
      if (list === undefined) groups.set(word, [index]);
      else list.push(index);
    }
  const opposites = pairs([...lists.antonyms.split(','), ...OPPOSITES].map((line) => line.split(' ')));
  for (const word of opposites.keys()) known.add(word);
  const relatives = pairs(lists.relatives.split(',').map((line) => line.split(' ')));
  for (const word of relatives.keys()) known.add(word);
  table = {
    groups,
    opposites,
    relatives,
    places: new Set(lists.places.split(',')),
    actions: new Set(lists.actions.split(',')),
    known,
  };
  return table;
}
