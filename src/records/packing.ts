import { renameSync, rmSync } from 'node:fs';
import type { BodyStore } from '../core/stores/bodies.ts';
import type { LogWriter, SegmentState } from '../core/stores/log-writer.ts';
import type { Report } from './messages.ts';
import { SegmentReader } from './segment-reader.ts';
import { listSegments, segmentPath } from './segments.ts';

const RETRY_MS = 60_000;

export interface PackingOptions {
  readonly folder: string;
  readonly shrinkMs: number;
  readonly unpackedBytes: number;
  readonly report: (report: Report) => void;
}

/**
 * What becomes of a segment after its records are in the store. Its bodies stay where the request path wrote them
 * until there is time to compress them; then only what is still needed is kept, at the same addresses. Space of
 * deleted bodies comes back the same way.
 */
export class Packing {
  readonly #options: PackingOptions;
  readonly #writer: LogWriter;
  readonly #bodies: BodyStore;
  readonly #damaged: Set<number>;
  #lastShrinkMs = Number.NEGATIVE_INFINITY;
  #unpackedBytes = 0;
  #rotating = 0;
  readonly #retryAt = new Map<number, number>();

  constructor(writer: LogWriter, bodies: BodyStore, damaged: Set<number>, options: PackingOptions) {
    this.#writer = writer;
    this.#bodies = bodies;
    this.#damaged = damaged;
    this.#options = options;
  }

  get unpackedBytes(): number {
    return this.#unpackedBytes;
  }

  /** Removes what a crash left without an owner. */
  clean(): void {
    this.#bodies.clean(new Set(this.#writer.segments().map((state) => state.segment)));
  }

  /** Deals with one segment; false when there is none to deal with. */
  step(nowMs: number, idle: boolean): boolean {
    const states = this.#writer.segments();
    const raw = new Set(listSegments(this.#options.folder));
    const unpacked = states.filter((state) => state.finished && !state.sealed && raw.has(state.segment));
    this.#unpackedBytes = unpacked.reduce((sum, state) => sum + state.offset, 0);
    const pressed = this.#unpackedBytes > this.#options.unpackedBytes;
    const shrink = nowMs - this.#lastShrinkMs >= this.#options.shrinkMs;
    for (const state of states) {
      if (nowMs < (this.#retryAt.get(state.segment) ?? 0)) continue;
      try {
        if (this.#dealWith(state, raw.has(state.segment), { idle, pressed, shrink })) return true;
      } catch (error) {
        // One that cannot be packed, because it is damaged for instance, does not keep the others from it.
        this.#retryAt.set(state.segment, nowMs + RETRY_MS);
        throw error;
      }
    }
    // All that asked for it have had their turn.
    if (shrink) this.#lastShrinkMs = nowMs;
    return false;
  }

  #dealWith(
    state: SegmentState,
    isRaw: boolean,
    { idle, pressed, shrink }: { idle: boolean; pressed: boolean; shrink: boolean },
  ): boolean {
    const { segment, finished, liveRows, rows, sealed } = state;
    const asked = shrink && state.shrink === 'now';
    if (!finished) {
      if (asked && this.#rotating !== segment) {
        this.#rotating = segment;
        this.#options.report({ kind: 'rotate' });
      }
      return false;
    }
    if (liveRows <= 0) {
      this.#writer.secure();
      this.#bodies.remove(segment);
      if (isRaw) this.#dropRaw(segment);
      this.#writer.forgetSegment(segment);
      return true;
    }
    if (sealed) {
      if (isRaw) this.#dropRaw(segment);
      if (!asked && !(state.shrink === 'later' && liveRows < rows / 2)) return isRaw;
      this.#bodies.pack(segment, this.#writer.liveBodies(segment), null);
      this.#writer.markSealed(segment);
      return true;
    }
    if (!isRaw) {
      // Gone without our doing: what was packed is kept, else the records stay without their bodies.
      if (this.#bodies.has(segment)) this.#writer.markSealed(segment);
      else this.#writer.forgetSegment(segment);
      return true;
    }
    if (!asked && !idle && !pressed && !this.#damaged.has(segment)) return false;
    this.#seal(segment);
    return true;
  }

  #seal(segment: number): void {
    const source = new SegmentReader(this.#options.folder, segment, 0);
    try {
      this.#bodies.pack(segment, this.#writer.liveBodies(segment), source);
    } finally {
      source.close();
    }
    this.#writer.secure();
    this.#writer.markSealed(segment);
    this.#dropRaw(segment);
  }

  /** A damaged segment is kept under another name. */
  #dropRaw(segment: number): void {
    const path = segmentPath(this.#options.folder, segment);
    if (!this.#damaged.delete(segment)) {
      rmSync(path, { force: true });
      return;
    }
    renameSync(path, `${path}.damaged`);
    const message = `the damaged segment was set aside as ${path}.damaged`;
    this.#options.report({ kind: 'log', level: 'error', fields: { segment }, message });
  }
}
