import type {
  NearestQuery,
  Neighbour,
  SemanticAnswer,
  SemanticEntry,
  SemanticEntryListing,
  SemanticEntryQuery,
  SemanticSelection,
  SemanticStats,
  SemanticStore,
} from '../../core/stores/semantic.ts';

interface Kept {
  readonly entry: SemanticEntry;
  readonly vector: Float32Array;
  readonly answer: SemanticAnswer;
  readonly bytes: number;
  hits: number;
}

const HOUR_MS = 3_600_000;

/** Entries of the semantic cache in a plain list: for tests, and what the others are held against. */
export class MemorySemanticStore implements SemanticStore {
  readonly #budgetBytes: number;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();

  constructor(budgetBytes: number, now: () => number) {
    this.#budgetBytes = budgetBytes;
    this.#now = now;
  }

  async nearest({ partition, vector, limit, minCosine, signal }: NearestQuery): Promise<Neighbour[]> {
    signal?.throwIfAborted();
    return this.#live()
      .filter(({ entry, vector: { length } }) => entry.partition === partition && length === vector.length)
      .map(({ entry, vector: other }) => ({ entry, cosine: dot(vector, other) }))
      .filter(({ cosine }) => cosine >= minCosine)
      .sort((one, other) => other.cosine - one.cosine)
      .slice(0, limit);
  }

  async answer(id: string): Promise<SemanticAnswer | null> {
    return this.#live().find(({ entry }) => entry.id === id)?.answer ?? null;
  }

  put(entry: SemanticEntry, vector: Float32Array, answer: SemanticAnswer): void {
    const headers = answer.headers.reduce((sum, text) => sum + text.length, 0);
    const bytes = entry.text.length + vector.byteLength + answer.body.length + headers;
    if (bytes > this.#budgetBytes / 4) return;
    for (const { entry: other } of this.#kept.values()) {
      if (other.partition === entry.partition && other.text === entry.text) this.#kept.delete(other.id);
    }
    this.#kept.set(entry.id, { entry, vector: vector.slice(), answer, bytes, hits: 0 });
    const all = [...this.#kept.values()].sort((one, other) => this.#value(one) - this.#value(other));
    let held = all.reduce((sum, one) => sum + one.bytes, 0);
    for (const least of all) {
      if (held <= this.#budgetBytes) return;
      this.#kept.delete(least.entry.id);
      held -= least.bytes;
    }
  }

  noteHit(id: string): void {
    const kept = this.#kept.get(id);
    if (kept) kept.hits++;
  }

  async find(account: string, gateway: string, id: string): Promise<SemanticEntryListing | null> {
    return this.#ofGateway(account, gateway).find((listing) => listing.id === id) ?? null;
  }

  async list(query: SemanticEntryQuery): Promise<{ rows: SemanticEntryListing[]; totalCount: number }> {
    const { partition, search, orderBy, direction, limit, offset } = query;
    const wanted = search?.toLowerCase() ?? '';
    const order = { created_at: 'storedAt', hits: 'hits', size: 'bytes' } as const;
    const sign = direction === 'asc' ? 1 : -1;
    const rows = this.#ofGateway(query.account, query.gateway)
      .filter((row) => partition === null || row.partition === partition)
      .filter((row) => row.text.toLowerCase().includes(wanted))
      .map((row, index) => ({ row, index }))
      .sort((one, other) => {
        const name = order[orderBy];
        return sign * (one.row[name] - other.row[name] || one.index - other.index);
      })
      .map(({ row }) => row);
    return { rows: rows.slice(offset, offset + limit), totalCount: rows.length };
  }

  async remove(selection: SemanticSelection): Promise<number> {
    const { account, gateway, id, partition, storedBefore, provider = null, model = null } = selection;
    const before = this.#kept.size;
    for (const { entry } of this.#kept.values()) {
      if (entry.account !== account || entry.gateway !== gateway) continue;
      if (id !== null && entry.id !== id) continue;
      if (partition !== null && entry.partition !== partition) continue;
      if (provider !== null && entry.provider !== provider) continue;
      if (model !== null && entry.model !== model) continue;
      if (storedBefore === null || entry.storedAt < storedBefore) this.#kept.delete(entry.id);
    }
    return before - this.#kept.size;
  }

  async stats(account: string, gateway: string): Promise<SemanticStats> {
    const rows = this.#ofGateway(account, gateway);
    return {
      entries: rows.length,
      bytes: rows.reduce((sum, row) => sum + row.bytes, 0),
      partitions: new Set(rows.map((row) => row.partition)).size,
      isLoading: false,
    };
  }

  async close(): Promise<void> {}

  #live(): Kept[] {
    return [...this.#kept.values()].filter(({ entry }) => entry.expiresAt > this.#now());
  }

  #ofGateway(account: string, gateway: string): SemanticEntryListing[] {
    return this.#live()
      .filter(({ entry }) => entry.account === account && entry.gateway === gateway)
      .map(({ entry, hits, bytes }) => ({ ...entry, hits, bytes }));
  }

  /** What it can be expected to save for each byte and hour. */
  #value({ entry, bytes, hits }: Kept): number {
    const ageMs = Math.max(0, this.#now() - entry.storedAt);
    const worth = (entry.costNanos ?? 0) + 100 * entry.durationMs + 10_000;
    return ((hits + 1) * worth) / (ageMs + HOUR_MS) / bytes;
  }
}

const dot = (one: Float32Array, other: Float32Array): number =>
  Math.min(
    1,
    one.reduce((sum, value, index) => sum + value * other[index]!, 0),
  );
