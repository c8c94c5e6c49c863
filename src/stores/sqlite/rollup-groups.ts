import {
  addFigures,
  type BlockEntry,
  encodeBlock,
  type Figures,
  type KeyPart,
  newEntry,
  OTHER,
  visitBlock,
} from './rollup-block.ts';
import { CUBE_KEY, KEY_LENGTHS } from './rollup-contribution.ts';
import { encodeSections, readSections } from './rollup-sections.ts';
import {
  type BlockKind,
  CUBE,
  MOST_FACET_DIMENSIONS,
  MOST_FACET_VALUES,
  MOST_GROUPS,
  MOST_PATHS,
} from './rollup-widths.ts';

const PATH_AT = CUBE_KEY.indexOf('path');
/** What a request's status and flags are is never left out: totals by these stay exact. */
const NAMED_BY_CLIENTS = [0, 1, 2, 3];

/** Entries by the parts of their key, a level each: joining keys into one text would cost more than all the adding. */
type Level = Map<KeyPart, Level | BlockEntry>;

/** One block in memory, with a bound on how much it can tell apart. */
export class BlockGroups {
  readonly #kind: BlockKind;
  readonly #width: number;
  readonly #root: Level = new Map();
  readonly #entries = new Set<BlockEntry>();
  /** Different paths of the cube, or values by dimension of the facets. */
  readonly #values = new Map<string, Set<string>>();

  constructor(kind: BlockKind, width: number, stored: Uint8Array | null = null) {
    this.#kind = kind;
    this.#width = width;
    if (stored !== null) this.merge(stored);
  }

  get size(): number {
    return this.#entries.size;
  }

  add(key: readonly KeyPart[], figures: Figures): void {
    addFigures(this.entryOf(key), figures);
  }

  /** The entry that figures of the key are added to: its own, or one without its name. */
  entryOf(key: readonly KeyPart[]): BlockEntry {
    const known = this.#find(key);
    if (known !== null) return known;
    const bounded = this.#kind === CUBE ? this.#boundCube(key) : this.#boundFacet(key);
    return this.#find(bounded) ?? this.#create([...bounded]);
  }

  /** Takes away what was added under the key; what has no requests left is forgotten with its name. */
  subtract(key: readonly KeyPart[], figures: Figures): void {
    const entry =
      this.#find(key) ?? this.#find(key.with(1, OTHER)) ?? this.#find(key.with(0, OTHER).with(1, OTHER));
    if (entry === null) return;
    addFigures(entry, figures, -1);
    if (entry.sums[0]! > 0) return;
    this.#entries.delete(entry);
    this.#levelOf(entry.key).delete(entry.key.at(-1)!);
  }

  merge(stored: Uint8Array): void {
    const blocks = this.#kind === CUBE ? [stored] : readSections(stored, null);
    for (const block of blocks) {
      visitBlock(block, KEY_LENGTHS[this.#kind]!, (key, figures) => this.add(key, figures));
    }
  }

  encode(): Uint8Array {
    return this.#kind === CUBE
      ? encodeBlock(this.#entries, this.#entries.size)
      : encodeSections(this.#entries);
  }

  #find(key: readonly KeyPart[]): BlockEntry | null {
    let level: Level | BlockEntry | undefined = this.#root;
    for (let index = 0; index < key.length; index++) {
      level = (level as Level).get(key[index]!);
      if (level === undefined) return null;
    }
    return level as BlockEntry;
  }

  #create(key: readonly KeyPart[]): BlockEntry {
    const entry = newEntry(key);
    this.#entries.add(entry);
    this.#levelOf(key).set(key.at(-1)!, entry);
    return entry;
  }

  /** The level in which the entry of the key stands or will stand. */
  #levelOf(key: readonly KeyPart[]): Level {
    let level = this.#root;
    for (const part of key.slice(0, -1)) {
      let next = level.get(part) as Level | undefined;
      if (next === undefined) {
        next = new Map();
        level.set(part, next);
      }
      level = next;
    }
    return level;
  }

  #boundCube(key: readonly KeyPart[]): readonly KeyPart[] {
    const path = key[PATH_AT]!;
    const bounded = this.#fits('path', path, MOST_PATHS[this.#width]!) ? key : key.with(PATH_AT, OTHER);
    if (this.#entries.size < MOST_GROUPS[this.#width]!) return bounded;
    return key.map((part, index) => (NAMED_BY_CLIENTS.includes(index) ? OTHER : part));
  }

  #boundFacet(key: readonly KeyPart[]): readonly KeyPart[] {
    const [dimension, value] = key as [string, string];
    if (!this.#values.has(dimension) && this.#values.size >= MOST_FACET_DIMENSIONS) {
      return key.with(0, OTHER).with(1, OTHER);
    }
    return this.#fits(dimension, value, MOST_FACET_VALUES[this.#width]!) ? key : key.with(1, OTHER);
  }

  #fits(set: string, value: string, most: number): boolean {
    let values = this.#values.get(set);
    if (values === undefined) {
      values = new Set();
      this.#values.set(set, values);
    }
    if (values.has(value)) return true;
    if (values.size >= most) return false;
    if (value !== OTHER) values.add(value);
    return true;
  }
}
