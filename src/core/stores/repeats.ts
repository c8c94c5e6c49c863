/** The last request of a session, and how many in a row have been like it. */
export interface RepeatState {
  /** Path and model. */
  readonly shape: string;
  /** Bytes of the request's body. */
  readonly size: number;
  /** By how much it is larger than the one before; null when that was another kind of request. */
  readonly growth: number | null;
  /** Requests in a row, this one included, that repeat one another. */
  readonly repeats: number;
}

/** This many in a row are a loop. */
export const LOOP_REPEATS = 3;
/** Texts in an agent's turns differ by ids and times, which mostly have the same length. */
const GROWTH_TOLERANCE = 0.02;
const GROWTH_TOLERANCE_BYTES = 8;

/**
 * Tells a loop by sizes alone, which cost nothing to keep: the same kind of request repeats when it has the size of the
 * one before, or when it has grown by what that one had grown: an agent that makes the same call and gets the same
 * result over and over sends the same turn more each time.
 */
export function countRepeats(
  before: RepeatState | null,
  { shape, size }: Pick<RepeatState, 'shape' | 'size'>,
): RepeatState {
  if (before === null || before.shape !== shape) return { shape, size, growth: null, repeats: 1 };
  const growth = size - before.size;
  const isRepeated = size > 0 && (growth === 0 || growsAlike(growth, before.growth));
  return { shape, size, growth, repeats: isRepeated ? before.repeats + 1 : 1 };
}

function growsAlike(growth: number, before: number | null): boolean {
  if (before === null || growth <= 0 || before <= 0) return false;
  return Math.abs(growth - before) <= Math.max(GROWTH_TOLERANCE_BYTES, before * GROWTH_TOLERANCE);
}
