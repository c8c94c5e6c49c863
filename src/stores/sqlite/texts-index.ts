import { renameSync } from 'node:fs';
import type { IndexedText, TextIndex, TextIndexOptions, TextSource } from '../../core/stores/log-texts.ts';
import { isDamage } from './database.ts';
import {
  cleanShards,
  listShards,
  removeShard,
  type ShardFile,
  shardBytes,
  shardPath,
} from './texts-files.ts';
import { PURGED, REMOVED, Shard } from './texts-shard.ts';
import { TextSources } from './texts-source.ts';

/** A shard that has so much is finished: removing what is old is then removing files. */
const SHARD_DOCS = 20_000;
const SHARD_TEXT = 16 * 1024 * 1024;
const SMALLEST_SHARD_TEXT = 256 * 1024;
/** Files are removed whole: of a small budget one is only so much. */
const SHARD_SHARE = 0.25;
/** What a record takes at least, to tell how many of the newest can find room. */
const LEAST_BYTES = 1024;
const REMOVALS_AT_ONCE = 256;
/** Taking one text out costs as much as putting some hundred in: with more to take out the shard is made anew. */
const PURGED_SINGLY = 64;
const PURGES_AT_ONCE = 4;
const COPIED_AT_ONCE = 64;

/** See TextIndex. The last shard takes what comes, and its state says how far that is. */
export class SqliteTextIndex implements TextIndex {
  readonly #options: TextIndexOptions;
  readonly #sources: TextSources;
  readonly #shardText: number;
  #active: { readonly file: ShardFile; readonly shard: Shard };
  #progress = 0;
  #removedThrough = 0;
  #docs = 0;
  #textLength = 0;
  /** Shards that have something marked. */
  #marked: Set<number>;

  constructor(options: TextIndexOptions) {
    this.#options = options;
    this.#shardText = Math.min(SHARD_TEXT, Math.max(SMALLEST_SHARD_TEXT, options.budgetBytes * SHARD_SHARE));
    this.#sources = new TextSources(options.logFolder);
    cleanShards(options.folder);
    this.#active = this.#resume() ?? this.#startAnew();
    this.#marked = new Set(listShards(options.folder).map(({ serial }) => serial));
  }

  get removedThrough(): number {
    return this.#removedThrough;
  }

  next(limit: number): readonly TextSource[] {
    const { sources, scannedTo } = this.#sources.after(this.#progress, limit);
    if (sources.length === 0) this.#progress = scannedTo;
    return sources;
  }

  add(texts: readonly IndexedText[]): void {
    const last = texts.at(-1);
    if (last === undefined) return;
    if (this.#docs >= SHARD_DOCS || this.#textLength >= this.#shardText) this.#startShard();
    const { shard } = this.#active;
    let length = 0;
    shard.database.transaction(() => {
      for (const text of texts) length += shard.put(text);
      shard.set('progress', last.source.seq);
    });
    this.#progress = last.source.seq;
    this.#docs += texts.length;
    this.#textLength += length;
  }

  tidy(): boolean {
    return this.#takeRemovals() || this.#clearMarked() || this.#keepBudget();
  }

  close(): void {
    this.#active.shard.close();
    this.#sources.close();
  }

  #resume(): { file: ShardFile; shard: Shard } | null {
    const file = listShards(this.#options.folder).at(-1);
    if (file === undefined) return null;
    let shard: Shard;
    try {
      shard = new Shard(file.path);
    } catch (error) {
      if (isDamage(error)) return null;
      throw error;
    }
    if (shard.get('identity') !== this.#sources.identity()) {
      shard.close();
      return null;
    }
    this.#progress = Number(shard.get('progress') ?? 0);
    this.#removedThrough = Number(shard.get('removed_through') ?? 0);
    const { kept, removed, purged } = shard.counts();
    this.#docs = kept + removed + purged;
    this.#textLength = shardBytes(file.path);
    return { file, shard };
  }

  /** Nothing, or of another store, or damaged: as many of the newest records as find room are read. */
  #startAnew(): { file: ShardFile; shard: Shard } {
    for (const { path } of listShards(this.#options.folder)) removeShard(path);
    this.#progress = Math.max(
      0,
      this.#sources.lastSeq() - Math.ceil(this.#options.budgetBytes / LEAST_BYTES),
    );
    this.#removedThrough = this.#sources.lastRemoval();
    return this.#openShard(1);
  }

  #startShard(): void {
    const { file, shard } = this.#active;
    this.#active = this.#openShard(file.serial + 1);
    shard.settle();
    shard.close();
    this.#docs = 0;
    this.#textLength = 0;
  }

  #openShard(serial: number): { file: ShardFile; shard: Shard } {
    const path = shardPath(this.#options.folder, serial, 0);
    const shard = new Shard(path);
    shard.database.transaction(() => {
      shard.set('identity', this.#sources.identity());
      shard.set('progress', this.#progress);
      shard.set('removed_through', this.#removedThrough);
    });
    return { file: { serial, generation: 0, path }, shard };
  }

  /** Marks texts whose records are gone. */
  #takeRemovals(): boolean {
    const removals = this.#sources.removals(this.#removedThrough, REMOVALS_AT_ONCE);
    const last = removals.at(-1);
    if (last === undefined) return false;
    for (const file of listShards(this.#options.folder)) {
      this.#within(file, (shard) => {
        shard.database.transaction(() => {
          for (const { seq, atOnce } of removals) {
            if (shard.mark(seq, atOnce ? PURGED : REMOVED)) this.#marked.add(file.serial);
          }
        });
      });
    }
    // A number that was given out again belongs to a record that has not been read.
    const again = removals.filter(({ seq }) => seq <= this.#progress && this.#sources.has(seq));
    this.#progress = Math.min(this.#progress, this.#sources.lastSeq(), ...again.map(({ seq }) => seq - 1));
    this.#removedThrough = last.number;
    const { shard } = this.#active;
    shard.database.transaction(() => {
      shard.set('progress', this.#progress);
      shard.set('removed_through', last.number);
    });
    return true;
  }

  /** Takes out what is marked: singly when it is little, with the whole file when nothing else is in it. */
  #clearMarked(): boolean {
    for (const file of listShards(this.#options.folder)) {
      if (!this.#marked.has(file.serial)) continue;
      const isActive = file.serial === this.#active.file.serial;
      const { kept, removed, purged } = this.#within(file, (shard) => shard.counts());
      const isMuch = purged > PURGED_SINGLY || removed > kept;
      if (isMuch && isActive) {
        this.#startShard();
      } else if (isMuch && kept === 0) {
        removeShard(file.path);
      } else if (isMuch) {
        this.#makeAnew(file);
      } else if (purged > 0) {
        this.#within(file, (shard) => {
          if (shard.purge(PURGES_AT_ONCE) < PURGES_AT_ONCE) shard.settle();
        });
      } else {
        this.#marked.delete(file.serial);
        continue;
      }
      return true;
    }
    return false;
  }

  #makeAnew(file: ShardFile): void {
    const path = shardPath(this.#options.folder, file.serial, file.generation + 1);
    const draft = `${path}.draft`;
    removeShard(draft);
    const made = new Shard(draft);
    try {
      this.#within(file, (shard) => {
        const read = shard.database.prepare(
          'SELECT * FROM docs WHERE fate = 0 AND seq > ? ORDER BY seq LIMIT ?',
        );
        let last = Number.MIN_SAFE_INTEGER;
        for (;;) {
          const rows = read.all(last, COPIED_AT_ONCE);
          if (rows.length === 0) break;
          made.database.transaction(() => {
            for (const row of rows) made.copy(row);
          });
          last = Number(rows.at(-1)!.seq);
        }
      });
      made.settle();
    } finally {
      made.close();
    }
    renameSync(draft, path);
    removeShard(file.path);
  }

  #keepBudget(): boolean {
    const files = listShards(this.#options.folder);
    const oldest = files[0];
    if (oldest === undefined || files.length < 2) return false;
    const bytes = files.reduce((sum, { path }) => sum + shardBytes(path), 0);
    if (bytes <= this.#options.budgetBytes) return false;
    removeShard(oldest.path);
    return true;
  }

  #within<T>(file: ShardFile, work: (shard: Shard) => T): T {
    if (file.serial === this.#active.file.serial) return work(this.#active.shard);
    const shard = new Shard(file.path);
    try {
      return work(shard);
    } finally {
      shard.close();
    }
  }
}
