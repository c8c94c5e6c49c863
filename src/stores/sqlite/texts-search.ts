import { type Database, openDatabase } from './database.ts';
import { listShards, type ShardFile } from './texts-files.ts';
import { KEPT, tagOf, unpackText } from './texts-shard.ts';

/** A search for a word that is everywhere finds the newest of its records. */
const MOST_MATCHES = 5000;
const MOST_CANDIDATES = 10_000;
/** Shorter searches can use no index: the newest texts are looked through. */
const SHORT_CANDIDATES = 3000;
const MOST_GRAMS = 24;
const OPEN_SHARDS = 64;

export interface TextSearch {
  readonly gatewayRef: number;
  readonly text: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** The reading side of the text index. What is damaged or just being removed is passed over. */
export class TextSearcher {
  readonly #folder: string;
  readonly #open = new Map<string, Database>();
  /** First and last number in a file that takes no more. */
  readonly #ranges = new Map<string, readonly [number, number]>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Numbers of the records whose prompt or answer has the text in it, whatever the case; the newest, when many. */
  search(search: TextSearch): number[] {
    const needle = search.text.toLowerCase();
    const points = [...needle];
    if (points.length === 0 || needle.includes('\u0000')) return [];
    const match = points.length < 3 ? null : gramsOf(points);
    const state = {
      matches: [] as number[],
      candidates: match === null ? SHORT_CANDIDATES : MOST_CANDIDATES,
    };
    for (const file of this.#newestFirst()) {
      if (state.matches.length >= MOST_MATCHES || state.candidates <= 0) break;
      this.#reading(file, (database) => searchShard(database, search, match, needle, state));
    }
    return state.matches;
  }

  /** Previews of some records by id. */
  previews(rows: readonly { readonly seq: number; readonly id: string }[]): Map<string, string> {
    const found = new Map<string, string>();
    let missing = rows;
    for (const [index, file] of this.#newestFirst().entries()) {
      if (missing.length === 0) break;
      const range = this.#ranges.get(file.path);
      if (range !== undefined && !missing.some(({ seq }) => seq >= range[0] && seq <= range[1])) continue;
      this.#reading(file, (database) => {
        if (index > 0 && range === undefined) this.#ranges.set(file.path, rangeOf(database));
        const statement = database.prepare('SELECT tag, preview FROM docs WHERE seq = ?');
        missing = missing.filter(({ seq, id }) => {
          const doc = statement.get(seq);
          if (doc === undefined || doc.tag !== tagOf(id)) return true;
          if (typeof doc.preview === 'string') found.set(id, doc.preview);
          return false;
        });
      });
    }
    return found;
  }

  /** Number of the last record whose texts were read; 0 when none was. */
  readThrough(): number {
    let progress = 0;
    const [file] = this.#newestFirst();
    if (file !== undefined) {
      this.#reading(file, (database) => {
        progress = Number(
          database.prepare(`SELECT value FROM state WHERE name = 'progress'`).get()?.value ?? 0,
        );
      });
    }
    return progress;
  }

  close(): void {
    for (const database of this.#open.values()) database.close();
    this.#open.clear();
  }

  #newestFirst(): ShardFile[] {
    const files = listShards(this.#folder).reverse();
    const valid = new Set(files.map(({ path }) => path));
    for (const [path, database] of this.#open) {
      if (valid.has(path)) continue;
      this.#open.delete(path);
      this.#ranges.delete(path);
      database.close();
    }
    return files;
  }

  #reading(file: ShardFile, work: (database: Database) => void): void {
    try {
      let database = this.#open.get(file.path);
      database ??= openDatabase(file.path, { readOnly: true });
      this.#open.delete(file.path);
      this.#open.set(file.path, database);
      work(database);
    } catch {
      this.#open.get(file.path)?.close();
      this.#open.delete(file.path);
    }
    const oldest = this.#open.keys().next().value;
    if (this.#open.size > OPEN_SHARDS && oldest !== undefined) {
      this.#open.get(oldest)?.close();
      this.#open.delete(oldest);
    }
  }
}

function rangeOf(database: Database): readonly [number, number] {
  const row = database.prepare('SELECT min(seq) AS first, max(seq) AS last FROM docs').get();
  return [Number(row?.first ?? 0), Number(row?.last ?? 0)];
}

function searchShard(
  database: Database,
  { gatewayRef, from, to }: TextSearch,
  match: string | null,
  needle: string,
  state: { matches: number[]; candidates: number },
): void {
  const source = match === null ? 'docs' : 'grams JOIN docs ON docs.seq = grams.rowid';
  // Three plain letters are a trigram themselves: there is nothing to compare.
  const isExact = /^[\x20-\x7e]{3}$/.test(needle);
  const statement = database.prepare(
    `SELECT docs.seq${isExact ? '' : ', docs.text'} FROM ${source}
     WHERE ${match === null ? '' : 'grams MATCH ? AND '}gateway_ref = ? AND fate = ${KEPT}
       AND created_at >= ? AND created_at < ?
     ORDER BY ${match === null ? 'docs.seq' : 'grams.rowid'} DESC`,
  );
  const values = [gatewayRef, from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER];
  for (const row of statement.iterate(...(match === null ? [] : [match]), ...values)) {
    if (--state.candidates < 0 || state.matches.length >= MOST_MATCHES) return;
    if (isExact || unpackText(row.text).toLowerCase().includes(needle)) state.matches.push(Number(row.seq));
  }
}

/** The trigrams of a text, all of which must be there; of a long one some from everywhere. */
function gramsOf(points: readonly string[]): string {
  const all = new Set<string>();
  for (let at = 0; at + 3 <= points.length; at++) all.add(points.slice(at, at + 3).join(''));
  const grams = [...all];
  const every = Math.max(1, grams.length / MOST_GRAMS);
  const chosen: string[] = [];
  for (let at = 0; at < grams.length; at += every) chosen.push(grams[Math.floor(at)]!);
  return chosen.map((gram) => `"${gram.replaceAll('"', '""')}"`).join(' AND ');
}
