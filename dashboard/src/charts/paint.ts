import { colorsOf } from './colors.ts';
import type { TimeChartData } from './time-chart-data.ts';

/** The chart with a colour for every series that has none by its meaning. */
export function paint(data: TimeChartData): TimeChartData {
  const names = data.series.filter(({ color }) => color === null).map(({ key }) => key);
  if (names.length === 0) return data;
  const colors = colorsOf(names);
  return {
    ...data,
    series: data.series.map((one) => ({ ...one, color: one.color ?? colors.get(one.key) ?? 'other' })),
  };
}
