/** A run of bytes at an address of a segment. */
export interface BodyRange {
  readonly at: number;
  readonly length: number;
}

/**
 * Compressed bodies. Bodies come in segments, as the spool wrote them, and keep the address they had there: packing a
 * segment changes how its bytes are kept, never where they are found. Synchronous, used from worker threads.
 */
export interface BodyStore {
  /**
   * Packs the ranges (ascending, not overlapping) of a segment, read from `source`, or from the packed segment itself
   * when `source` is null. What is not in the ranges is gone afterwards. Atomic: a crash leaves the old state.
   */
  pack(segment: number, ranges: readonly BodyRange[], source: BodySource | null): void;
  /** The bytes of a range that was packed; null when the segment or the range is not there. */
  read(segment: number, range: BodyRange): Buffer | null;
  has(segment: number): boolean;
  remove(segment: number): void;
  /** Removes what a crash left: drafts, and segments that nobody knows. For the one who writes, at its start. */
  clean(known: ReadonlySet<number>): void;
  /** Moves everything out of the way, for a person to look at; returns the new name, null when there was nothing. */
  setAside(nowMs: number): string | null;
}

/** Reads bytes of a segment that is not packed yet; fewer than asked for only at its end. */
export interface BodySource {
  read(into: Buffer, at: number): number;
}

/** What the module of a body store exports. */
export interface BodyBackend {
  openBodies(options: { readonly folder: string }): BodyStore;
}
