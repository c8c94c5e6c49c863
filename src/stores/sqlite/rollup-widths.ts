/** What a block of roll-ups holds: every request once, or once per value of each dimension that names somebody. */
export const CUBE = 0;
export const FACETS = 1;
export type BlockKind = typeof CUBE | typeof FACETS;
export const BLOCK_KINDS: readonly BlockKind[] = [CUBE, FACETS];

const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** From the finest to the widest; each is made of whole ones of the width before it. */
export const WIDTHS_MS: readonly number[] = [MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS, DAY_MS];

/** How many days blocks are kept, by kind and width; null is as long as their gateway. */
export const KEPT_DAYS: readonly (readonly (number | null)[])[] = [
  [32, 32, 400, null],
  [3, 8, 400, null],
];

/** Most different values in a block, by width: what comes when it is full is added up without a name. */
export const MOST_GROUPS: readonly number[] = [500, 800, 1500, 3000];
export const MOST_PATHS: readonly number[] = [100, 150, 200, 300];
export const MOST_FACET_VALUES: readonly number[] = [300, 500, 1000, 2000];
/** Dimensions in a block of facets: five, and one per key of metadata. */
export const MOST_FACET_DIMENSIONS = 50;

export function beginOf(time: number, width: number): number {
  return time - (time % WIDTHS_MS[width]!);
}
