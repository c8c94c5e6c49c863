import { INTERVALS, type Interval } from '../filters/time-range.ts';
import { chartWords } from '../words/charts.ts';
import type { Color } from './colors.ts';
import { bucketStarts, type Cell, groupSeries, type TimeChartData } from './time-chart-data.ts';

/** An answer about figures over time, whatever the figures are. */
interface Answer<Row> {
  readonly from: string;
  readonly to: string;
  readonly interval: Interval | null;
  readonly rows: readonly Row[];
}

interface Place {
  readonly bucket: string | null;
  readonly group: readonly string[] | null;
}

interface Look {
  readonly labelOf: (key: string) => string;
  /** Colours that mean something, in the order of their series. A map: a group can have any name. */
  readonly meanings?: ReadonlyMap<string, Color> | undefined;
  /** Such as a duration: values do not add up, and where there are none is a gap. */
  readonly isMeasured?: boolean;
}

/** The buckets of an answer. */
export function frameOf({ from, to, interval }: Omit<Answer<unknown>, 'rows'>) {
  const width = interval ?? 'hour';
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const starts = bucketStarts({ fromMs, toMs }, width);
  const intervalMs = INTERVALS[width];
  return { starts, intervalMs, isUnfinished: toMs < (starts.at(-1) ?? 0) + intervalMs };
}

/** A figure over time, by the first thing that the answer is grouped by; one series when it is grouped by nothing. */
export function chartOfGroups<Row extends Place>(
  answer: Answer<Row>,
  figureOf: (row: Row) => number | null,
  { labelOf, meanings, isMeasured = false }: Look,
): TimeChartData {
  const frame = frameOf(answer);
  const cells = answer.rows.flatMap((row): Cell[] => {
    const value = figureOf(row);
    // What is left over beside the largest has no line of its own where values do not add up.
    if (row.bucket === null || value === 0 || (isMeasured && row.group === null)) return [];
    return [{ bucket: Date.parse(row.bucket), key: row.group === null ? null : (row.group[0] ?? ''), value }];
  });
  const series = groupSeries({
    cells,
    starts: frame.starts,
    empty: isMeasured ? null : 0,
    labelOf,
    otherLabel: chartWords.other,
    ...(meanings && { colorOf: (key: string) => meanings.get(key), order: [...meanings.keys()] }),
  });
  return { ...frame, series };
}
