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

type Building<T> = Generator<void, T, void>;

/** Lines that are taken in between two pauses: about a millisecond. */
const LINES_AT_ONCE = 250;

/** Gives the lines one by one, with pauses between many. */
function* eachOf(lines: readonly string[], take: (words: string[], index: number) => void): Building<void> {
  for (const [index, line] of lines.entries()) {
    take(line.split(' '), index);
    if (index % LINES_AT_ONCE === LINES_AT_ONCE - 1) yield;
  }
  yield;
}

function* pairs(lines: readonly string[]): Building<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  const add = (one: string, other: string): void => {
    const set = found.get(one);
    if (set === undefined) found.set(one, new Set([other]));
    else set.add(other);
  };
  yield* eachOf(lines, ([one, other]) => {
    add(one!, other!);
    add(other!, one!);
  });
  return found;
}

function* setOf(list: string): Building<Set<string>> {
  const found = new Set<string>();
  yield* eachOf(list.split(','), ([word]) => found.add(word!));
  return found;
}

function* build(): Building<WordTable> {
  const file: unknown = JSON.parse(readFileSync(new URL('./words.json', import.meta.url), 'utf8'));
  const lists = file as Record<
    'synonyms' | 'antonyms' | 'relatives' | 'places' | 'actions' | 'others',
    string
  >;
  yield;
  const known = yield* setOf(lists.others);
  const groups = new Map<string, number[]>();
  yield* eachOf([...lists.synonyms.split(','), ...SAME_MEANING], (words, index) => {
    for (const word of words) {
      known.add(word);
      const list = groups.get(word);
      if (list === undefined) groups.set(word, [index]);
      else list.push(index);
    }
  });
  const opposites = yield* pairs([...lists.antonyms.split(','), ...OPPOSITES]);
  for (const word of opposites.keys()) known.add(word);
  yield;
  const relatives = yield* pairs(lists.relatives.split(','));
  for (const word of relatives.keys()) known.add(word);
  yield;
  const places = yield* setOf(lists.places);
  const actions = yield* setOf(lists.actions);
  return { groups, opposites, relatives, places, actions, known };
}

let table: WordTable | null = null;
let loading: Promise<void> | null = null;

/** Reads the file, once, in small steps: nothing else waits for long. */
export function loadWordTable(): Promise<void> {
  loading ??= (async () => {
    const building = build();
    for (let step = building.next(); ; step = building.next()) {
      if (step.done === true) {
        table ??= step.value;
        return;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  return loading;
}

/** Builds it at once, in about 20 ms, where nobody has loaded it. */
export function wordTable(): WordTable {
  if (table !== null) return table;
  const building = build();
  for (let step = building.next(); ; step = building.next()) {
    if (step.done !== true) continue;
    table = step.value;
    return table;
  }
}
