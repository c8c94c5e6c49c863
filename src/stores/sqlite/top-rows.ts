import type { LogPosition } from '../../core/stores/logs.ts';
import type { Block } from './block.ts';
import { KIND } from './block-format.ts';
import type { BlockMatch } from './block-scan.ts';
import { type IdList, uuidStart } from './id-list.ts';
import { kindOf, type ScanColumn } from './scan-columns.ts';

type Value = LogPosition['value'];

export interface TopRow extends LogPosition {
  /** Null until it is looked up in `block`. */
  readonly seq: number | null;
  readonly block: Block | null;
  readonly position: number;
}

/** Codes of a block that can still matter, and the code among them at which the id decides. */
interface Bound {
  readonly from: number;
  readonly to: number;
  readonly tie: number;
}

const NO_TIE = -1;

/** NULL is the smallest; texts by their UTF-8 bytes. */
export function compareValues(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return a === b ? 0 : Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

/** The first rows of an order, of all that are offered. Rows of blocks are compared by their codes. */
export class TopRows {
  readonly #column: ScanColumn;
  readonly #sign: 1 | -1;
  readonly #most: number;
  readonly #after: LogPosition | null;
  /** A heap: the last of the order on top. */
  readonly #heap: TopRow[] = [];

  constructor(column: ScanColumn, direction: 'asc' | 'desc', most: number, after: LogPosition | null) {
    this.#column = column;
    this.#sign = direction === 'asc' ? 1 : -1;
    this.#most = most;
    this.#after = after;
  }

  offer(value: Value, id: string, seq: number): void {
    if (this.#most === 0) return;
    if (this.#after !== null && this.#order({ value, id }, this.#after) <= 0) return;
    const worst = this.#heap[0];
    const full = this.#heap.length === this.#most;
    if (full && worst !== undefined && this.#order({ value, id }, worst) >= 0) return;
    this.#put({ value, id, seq, block: null, position: 0 });
  }

  offerBlock({ block, start, end, marks }: BlockMatch): void {
    const after = this.#after === null ? null : this.#beyond(block, this.#after);
    let limit = this.#limit(block);
    if (isEmpty(limit) || (after !== null && isEmpty(after)) || this.#isBeaten(block, limit)) return;
    const codes = block.codes(this.#column);
    const only = block.header(this.#column).kind === KIND.empty ? 0 : 1;
    // Ids are the largest column by far: read only when one is needed.
    let readIds: IdList | null = null;
    const ids = (): IdList => (readIds ??= block.ids('id'));
    let compareAfter: ((position: number) => number) | null = null;
    let compareWorst: ((position: number) => number) | null = null;
    const [first, last, step] = this.#sign === 1 ? [start, end, 1] : [end - 1, start - 1, -1];
    for (let position = first; position !== last; position += step) {
      if (marks !== null && marks[position] === 0) continue;
      const code = codes === null ? only : codes[position]!;
      if (limit !== null) {
        if (code < limit.from || code > limit.to) continue;
        if (code === limit.tie) {
          compareWorst ??= ids().comparer(this.#heap[0]!.id);
          if (compareWorst(position) * this.#sign >= 0) continue;
        }
      }
      if (after !== null) {
        if (code < after.from || code > after.to) continue;
        if (code === after.tie) {
          compareAfter ??= ids().comparer(this.#after!.id);
          if (compareAfter(position) * this.#sign <= 0) continue;
        }
      }
      const value = this.#valueOf(block, code);
      this.#put({ value, id: ids().text(position), seq: null, block, position });
      if (this.#heap.length < this.#most) continue;
      limit = this.#limit(block);
      compareWorst = null;
    }
  }

  /** The best that a block can have, so that blocks with much to offer come first and others are passed over. */
  best(block: Block): Value {
    const { kind, hasNull, codes } = block.header(this.#column);
    if (kind === KIND.empty || (hasNull && this.#sign === 1)) return null;
    return this.#valueOf(block, this.#sign === 1 ? 1 : codes);
  }

  sorted(): TopRow[] {
    return this.#heap.toSorted((a, b) => this.#order(a, b));
  }

  /** Below 0 when `a` comes before `b`. */
  #order(a: LogPosition, b: LogPosition): number {
    const byValue = compareValues(a.value, b.value);
    if (byValue !== 0) return this.#sign * byValue;
    return a.id === b.id ? 0 : a.id < b.id ? -this.#sign : this.#sign;
  }

  /** What can still come before the worst row of a full heap; null while there is room for all. */
  #limit(block: Block): Bound | null {
    if (this.#heap.length < this.#most) return null;
    return this.#bound(block, this.#heap[0]!, this.#sign === 1 ? 'below' : 'above');
  }

  #beyond(block: Block, place: LogPosition): Bound {
    return this.#bound(block, place, this.#sign === 1 ? 'above' : 'below');
  }

  #bound(block: Block, { value }: LogPosition, side: 'above' | 'below'): Bound {
    const largest = block.header(this.#column).codes;
    if (value === null)
      return side === 'below' ? { from: 0, to: 0, tie: 0 } : { from: 0, to: largest, tie: 0 };
    const [first, next] = this.#codesOf(block, value);
    const tie = first < next ? first : NO_TIE;
    return side === 'below' ? { from: 0, to: next - 1, tie } : { from: first, to: largest, tie };
  }

  /** The code of a value, or where it would be, and the code after it. */
  #codesOf(block: Block, value: string | number): [number, number] {
    if (kindOf(this.#column) === 'number') {
      const list = block.numbers(this.#column);
      return [list.firstCode(Number(value), false), list.firstCode(Number(value), true)];
    }
    const list = block.texts(this.#column);
    const bytes = Buffer.from(String(value));
    return [list.firstCode(bytes, false), list.firstCode(bytes, true)];
  }

  /** True when nothing in the block comes before the worst row, because not even its ids do. */
  #isBeaten(block: Block, limit: Bound | null): boolean {
    if (limit === null || limit.tie === NO_TIE) return false;
    const { hasNull, codes } = block.header(this.#column);
    const onlyTie = this.#sign === 1 ? limit.tie === (hasNull ? 0 : 1) : limit.tie === codes;
    const range = block.idRange('id');
    const worst = uuidStart(this.#heap[0]!.id);
    if (!onlyTie || range === null || worst === null) return false;
    return this.#sign === 1 ? range[0] > worst : range[1] < worst;
  }

  #valueOf(block: Block, code: number): Value {
    if (code === 0) return null;
    return kindOf(this.#column) === 'number'
      ? block.numbers(this.#column).value(code)
      : block.texts(this.#column).text(code);
  }

  #put(row: TopRow): void {
    const heap = this.#heap;
    if (heap.length < this.#most) {
      let at = heap.push(row) - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (this.#order(heap[parent]!, row) >= 0) break;
        heap[at] = heap[parent]!;
        at = parent;
      }
      heap[at] = row;
      return;
    }
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#order(heap[child + 1]!, heap[child]!) > 0) child++;
      if (this.#order(heap[child]!, row) <= 0) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = row;
  }
}

const isEmpty = (bound: Bound | null): boolean => bound !== null && bound.from > bound.to;
