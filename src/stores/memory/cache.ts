import type {
  CacheEntry,
  CacheListing,
  CacheListQuery,
  CachePage,
  CacheSelection,
  CacheStats,
  CacheStore,
} from '../../core/stores/cache.ts';

// What an entry costs beside its body: key, headers, objects. Measured roughly; it keeps small entries honest.
const ENTRY_OVERHEAD_BYTES = 1024;

/** A place in the order of use. The list is a ring through `#ring`: next is the oldest used, previous the newest. */
interface Node {
  entry: CacheEntry | null;
  hits: number;
  previous: Node;
  next: Node;
}

/**
 * Newest-used entries in memory, within a byte budget. The order of use is a linked list and not the insertion order of
 * the Map: finding a Map's first key means walking over every key deleted before it.
 */
export class MemoryCacheStore implements CacheStore {
  readonly #budgetBytes: number;
  readonly #now: () => number;
  readonly #nodes = new Map<string, Node>();
  readonly #ring: Node;
  #bytes = 0;

  constructor(budgetBytes: number, now: () => number) {
    this.#budgetBytes = budgetBytes;
    this.#now = now;
    const ring = { entry: null } as Node;
    ring.previous = ring;
    ring.next = ring;
    this.#ring = ring;
  }

  find(key: string): CacheEntry | null {
    const node = this.#nodes.get(key);
    if (!node?.entry) return null;
    if (node.entry.expiresAt <= this.#now()) {
      this.delete(key);
      return null;
    }
    unlink(node);
    this.#append(node);
    return node.entry;
  }

  put(entry: CacheEntry): void {
    this.delete(entry.key);
    const size = sizeOf(entry);
    // One entry may not push out everything else.
    if (size > this.#budgetBytes / 4) return;
    const node = { entry, hits: 0 } as Node;
    this.#append(node);
    this.#nodes.set(entry.key, node);
    this.#bytes += size;
    while (this.#bytes > this.#budgetBytes) this.delete(this.#ring.next.entry!.key);
  }

  delete(key: string): void {
    const node = this.#nodes.get(key);
    if (!node?.entry) return;
    this.#nodes.delete(key);
    unlink(node);
    this.#bytes -= sizeOf(node.entry);
  }

  purge(account: string, gateway: string): void {
    for (const [key, { entry }] of this.#nodes) {
      if (entry?.account === account && entry.gateway === gateway) this.delete(key);
    }
  }

  purgeSome(selection: CacheSelection): number {
    let removed = 0;
    for (const [key, { entry }] of this.#nodes) {
      if (entry === null || !isSelected(entry, selection)) continue;
      this.delete(key);
      removed++;
    }
    return removed;
  }

  addHits(hits: ReadonlyMap<string, number>): void {
    for (const [key, count] of hits) {
      const node = this.#nodes.get(key);
      if (node !== undefined) node.hits += count;
    }
  }

  list({ account, gateway, orderBy, direction, limit, offset }: CacheListQuery): CachePage {
    const now = this.#now();
    const rows: CacheListing[] = [];
    for (const { entry, hits } of this.#nodes.values()) {
      if (entry === null || entry.account !== account || entry.gateway !== gateway) continue;
      if (entry.expiresAt <= now) continue;
      const { key, provider, model, storedAt, expiresAt, recordId, costNanos, body } = entry;
      rows.push({
        key,
        provider,
        model,
        storedAt,
        expiresAt,
        recordId,
        costNanos,
        bytes: body.length,
        hits,
      });
    }
    const sign = direction === 'asc' ? 1 : -1;
    const read = ORDERED_BY[orderBy];
    rows.sort((a, b) => sign * (read(a) - read(b) || (a.key < b.key ? -1 : 1)));
    return { rows: rows.slice(offset, offset + limit), totalCount: rows.length };
  }

  stats(): CacheStats {
    return { entries: this.#nodes.size, bytes: this.#bytes };
  }

  close(): void {
    this.#nodes.clear();
    this.#ring.next = this.#ring;
    this.#ring.previous = this.#ring;
    this.#bytes = 0;
  }

  #append(node: Node): void {
    node.previous = this.#ring.previous;
    node.next = this.#ring;
    node.previous.next = node;
    this.#ring.previous = node;
  }
}

const ORDERED_BY: Readonly<Record<CacheListQuery['orderBy'], (row: CacheListing) => number>> = {
  size: (row) => row.bytes,
  hits: (row) => row.hits,
  created_at: (row) => row.storedAt,
};

function isSelected(entry: CacheEntry, selection: CacheSelection): boolean {
  const { account, gateway, provider, model, storedBefore } = selection;
  return (
    entry.account === account &&
    entry.gateway === gateway &&
    (provider === null || entry.provider === provider) &&
    (model === null || entry.model === model) &&
    (storedBefore === null || entry.storedAt < storedBefore)
  );
}

function unlink(node: Node): void {
  node.previous.next = node.next;
  node.next.previous = node.previous;
}

function sizeOf(entry: CacheEntry): number {
  return entry.body.length + ENTRY_OVERHEAD_BYTES;
}
