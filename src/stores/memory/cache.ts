import { type CacheHead, headText } from '../../core/cache-head.ts';
import { memo } from '../../core/memo.ts';
import type {
  CacheEntry,
  CacheListing,
  CacheListQuery,
  CachePage,
  CacheSelection,
  CacheStats,
  CacheStore,
} from '../../core/stores/cache.ts';
import { type Slab, Slabs } from './slabs.ts';

// What an entry costs beside its body: key, headers, objects. Measured roughly; it keeps small entries honest.
const ENTRY_OVERHEAD_BYTES = 1024;
/** What slabs may take beyond twice the budget, which may be less than one of them. */
const SLACK_BYTES = 1024 * 1024;

/**
 * An entry, and what is asked of all entries at once. Most are never asked for: until then a small one is bytes in a slab,
 * head (JSON) and body, and no objects that the garbage collector would have to follow.
 */
interface Node {
  readonly key: string;
  readonly account: string;
  readonly gateway: string;
  readonly provider: string | null;
  readonly model: string | null;
  readonly storedAt: number;
  readonly expiresAt: number;
  readonly headBytes: number;
  readonly bodyBytes: number;
  /** Null when it stands in `entry`. */
  slab: Slab | null;
  /** Where it begins in the slab. */
  readonly start: number;
  entry: CacheEntry | null;
  hits: number;
  previous: Node;
  next: Node;
}

/** The same text for all equal ones: an entry is to keep none of its own. */
const shared = memo((text) => text);
const sharedOrNull = (text: string | null): string | null => (text === null ? null : shared(text));

/**
 * Newest-used entries in memory, within a byte budget. The order of use is a linked list and not the insertion order of
 * the Map: finding a Map's first key means walking over every key deleted before it. The list is a ring through `#ring`:
 * next is the oldest used, previous the newest.
 */
export class MemoryCacheStore implements CacheStore {
  readonly #budgetBytes: number;
  readonly #now: () => number;
  readonly #nodes = new Map<string, Node>();
  readonly #slabs = new Slabs();
  readonly #ring: Node;
  #bytes = 0;

  constructor(budgetBytes: number, now: () => number) {
    this.#budgetBytes = budgetBytes;
    this.#now = now;
    const ring = {} as Node;
    ring.previous = ring;
    ring.next = ring;
    this.#ring = ring;
  }

  find(key: string): CacheEntry | null {
    const node = this.#nodes.get(key);
    if (node === undefined) return null;
    if (node.expiresAt <= this.#now()) {
      this.delete(key);
      return null;
    }
    unlink(node);
    this.#append(node);
    if (node.slab !== null) {
      node.entry = unpack(node, node.slab);
      this.#leaveSlab(node);
    }
    return node.entry;
  }

  put(entry: CacheEntry, head = headText(entry)): void {
    const { key, body } = entry;
    this.delete(key);
    const bodyBytes = body.length;
    const size = bodyBytes + ENTRY_OVERHEAD_BYTES;
    // One entry may not push out everything else.
    if (size > this.#budgetBytes / 4) return;
    const headBytes = Buffer.byteLength(head);
    const slab = this.#slabs.take(headBytes + bodyBytes);
    const start = slab === null ? 0 : slab.end - headBytes - bodyBytes;
    if (slab !== null) {
      slab.bytes.write(head, start);
      slab.bytes.set(body, start + headBytes);
    }
    const node: Node = {
      key,
      account: shared(entry.account),
      gateway: shared(entry.gateway),
      provider: sharedOrNull(entry.provider),
      model: sharedOrNull(entry.model),
      storedAt: entry.storedAt,
      expiresAt: entry.expiresAt,
      headBytes,
      bodyBytes,
      slab,
      start,
      entry: slab === null ? { ...entry, body: copyOf(body) } : null,
      hits: 0,
      previous: this.#ring,
      next: this.#ring,
    };
    this.#append(node);
    this.#nodes.set(key, node);
    this.#bytes += size;
    while (this.#isOverBudget()) this.delete(this.#ring.next.key);
  }

  delete(key: string): void {
    const node = this.#nodes.get(key);
    if (node === undefined) return;
    this.#nodes.delete(key);
    unlink(node);
    this.#leaveSlab(node);
    this.#bytes -= node.bodyBytes + ENTRY_OVERHEAD_BYTES;
  }

  purge(account: string, gateway: string): void {
    for (const node of this.#nodes.values()) {
      if (node.account === account && node.gateway === gateway) this.delete(node.key);
    }
  }

  purgeSome(selection: CacheSelection): number {
    let removed = 0;
    for (const node of this.#nodes.values()) {
      if (!isSelected(node, selection)) continue;
      this.delete(node.key);
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
    for (const node of this.#nodes.values()) {
      if (node.account !== account || node.gateway !== gateway || node.expiresAt <= now) continue;
      const { key, provider, model, storedAt, expiresAt, bodyBytes, hits } = node;
      const { recordId, costNanos } = node.slab === null ? node.entry! : unpack(node, node.slab);
      rows.push({ key, provider, model, storedAt, expiresAt, recordId, costNanos, bytes: bodyBytes, hits });
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

  /** Where many are replaced or removed between others that stay, slabs are left that are nearly empty. */
  #isOverBudget(): boolean {
    return this.#bytes > this.#budgetBytes || this.#slabs.bytes > 2 * this.#budgetBytes + SLACK_BYTES;
  }

  #leaveSlab(node: Node): void {
    if (node.slab !== null) this.#slabs.give(node.slab, node.headBytes + node.bodyBytes);
    node.slab = null;
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

function isSelected(node: Node, selection: CacheSelection): boolean {
  const { account, gateway, provider, model, storedBefore } = selection;
  return (
    node.account === account &&
    node.gateway === gateway &&
    (provider === null || node.provider === provider) &&
    (model === null || node.model === model) &&
    (storedBefore === null || node.storedAt < storedBefore)
  );
}

function unlink(node: Node): void {
  node.previous.next = node.next;
  node.next.previous = node.previous;
}

function unpack({ start, headBytes, bodyBytes }: Node, { bytes }: Slab): CacheEntry {
  const bodyAt = start + headBytes;
  const head = JSON.parse(bytes.toString('utf8', start, bodyAt)) as CacheHead;
  return { ...head, body: copyOf(bytes.subarray(bodyAt, bodyAt + bodyBytes)) };
}

/** In memory of its own: a part of a pool would hold on to all of it. */
function copyOf(body: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(body.length);
  copy.set(body);
  return copy;
}
