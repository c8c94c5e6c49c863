import { beginOf, WIDTHS_MS } from './rollup-widths.ts';

/** A stretch of whole buckets of one width. */
export interface BlockRun {
  readonly width: number;
  readonly from: number;
  readonly to: number;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Plan {
  readonly blocks: readonly BlockRun[];
  /** What no block covers: parts of minutes, and what is older than what is kept. */
  readonly records: readonly Stretch[];
}

export interface PlanLimits {
  /** The widest buckets that tell apart what is asked for. */
  readonly widest: number;
  /** From when on blocks are kept, by width. */
  readonly keptFrom: readonly number[];
  readonly isStale: (width: number, bucket: number) => boolean;
}

/** Covers a time exactly, without gap or overlap: the widest buckets in the middle, narrower ones at the ends. */
export function planBlocks(from: number, to: number, limits: PlanLimits): Plan {
  const blocks: BlockRun[] = [];
  const records: Stretch[] = [];

  const addRecords = (begin: number, end: number): void => {
    const last = records.at(-1);
    if (begin >= end) return;
    if (last?.to === begin) records[records.length - 1] = { from: last.from, to: end };
    else records.push({ from: begin, to: end });
  };
  const addBlock = (width: number, bucket: number, end: number): void => {
    const last = blocks.at(-1);
    if (last?.width === width && last.to === bucket) blocks[blocks.length - 1] = { ...last, to: end };
    else blocks.push({ width, from: bucket, to: end });
  };
  const cover = (begin: number, end: number, width: number): void => {
    if (begin >= end) return;
    if (width < 0) {
      addRecords(begin, end);
      return;
    }
    const step = WIDTHS_MS[width]!;
    const first = beginOf(begin + step - 1, width);
    const last = beginOf(end, width);
    if (first >= last) {
      cover(begin, end, width - 1);
      return;
    }
    cover(begin, first, width - 1);
    for (let bucket = first; bucket < last; bucket += step) {
      if (bucket < (limits.keptFrom[width] ?? 0)) {
        // Whatever is narrower was given up before.
        const kept = Math.min(
          last,
          Math.max(bucket + step, beginOf((limits.keptFrom[width] ?? 0) + step - 1, width)),
        );
        addRecords(bucket, kept);
        bucket = kept - step;
      } else if (limits.isStale(width, bucket)) cover(bucket, bucket + step, width - 1);
      else addBlock(width, bucket, bucket + step);
    }
    cover(last, end, width - 1);
  };
  cover(from, to, limits.widest);
  return { blocks, records };
}
