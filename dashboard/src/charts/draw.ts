import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { bucketLabel, labelledBuckets } from './axis.ts';
import { hexOf } from './colors.ts';
import { GRID } from './grid.ts';
import type { Series, TimeChartData } from './time-chart-data.ts';
import type { Drawn } from './use-drawn.ts';

// On a canvas: drawing as SVG would write style attributes, which the policy of the site forbids.
echarts.use([BarChart, LineChart, GridComponent, CanvasRenderer]);

export interface Drawing {
  readonly data: TimeChartData;
  readonly kind: 'bars' | 'lines';
  readonly isDark: boolean;
  readonly formatAxis: (value: number) => string;
  /** Only this one; null is all. */
  readonly isolated: string | null;
}

export function openChart(element: HTMLElement): Drawn<Drawing> {
  const chart = echarts.init(element, null, { renderer: 'canvas' });
  let last: Drawing | null = null;
  const draw = (drawing: Drawing): void => {
    last = drawing;
    chart.setOption(optionOf(drawing, chart.getWidth()), { notMerge: true });
  };
  return {
    draw,
    resize: () => {
      chart.resize();
      if (last) draw(last);
    },
    remove: () => chart.dispose(),
  };
}

function optionOf(
  { data, kind, isDark, formatAxis, isolated }: Drawing,
  width: number,
): echarts.EChartsCoreOption {
  const text = isDark ? '#a6a6a6' : '#616161';
  const line = isDark ? '#2a3036' : '#ececec';
  const labelled = new Set(
    labelledBuckets(data.starts, data.intervalMs, Math.max(0, width - GRID.left - GRID.right)),
  );
  const shown = data.series.filter(({ key }) => isolated === null || key === isolated);
  const series = shown.flatMap((one): (BarSeriesOption | LineSeriesOption)[] =>
    kind === 'bars' ? [barOf(one, data, isDark)] : linesOf(one, data, isDark),
  );
  return {
    animation: false,
    grid: { ...GRID },
    xAxis: {
      type: 'category',
      data: data.starts.map(String),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: {
        color: text,
        fontSize: 12,
        fontFamily: 'ui-sans-serif, system-ui, sans-serif',
        interval: (index: number) => labelled.has(index),
        formatter: (start: string) => bucketLabel(Number(start), data.intervalMs),
        hideOverlap: true,
        showMinLabel: false,
        showMaxLabel: false,
      },
    },
    yAxis: {
      type: 'value',
      min: 0,
      minInterval: 0,
      splitNumber: 3,
      splitLine: { lineStyle: { color: line } },
      axisLabel: { color: text, fontSize: 12, formatter: formatAxis },
    },
    series: [...series, ...(data.before && isolated === null ? [beforeOf(data.before, text)] : [])],
  };
}

function barOf({ key, values, color }: Series, data: TimeChartData, isDark: boolean): BarSeriesOption {
  const hex = hexOf(color ?? 'other', isDark);
  const last = values.length - 1;
  return {
    type: 'bar',
    name: key,
    stack: 'all',
    barCategoryGap: data.starts.length > 60 ? '10%' : '20%',
    barMaxWidth: 40,
    silent: true,
    itemStyle: { color: hex },
    data: values.map((value, index) =>
      index === last && data.isUnfinished
        ? { value, itemStyle: { color: hex, decal: hatch(isDark) } }
        : value,
    ),
  };
}

const hatch = (isDark: boolean) => ({
  symbol: 'rect',
  color: isDark ? 'rgba(15, 17, 19, 0.55)' : 'rgba(255, 255, 255, 0.65)',
  dashArrayX: [1, 0],
  dashArrayY: [3, 3],
  rotation: -Math.PI / 4,
});

/** A point between two gaps has no line: it is drawn as a dot. The part to the unfinished bucket is dashed. */
function linesOf({ key, values, color }: Series, data: TimeChartData, isDark: boolean): LineSeriesOption[] {
  const hex = hexOf(color ?? 'other', isDark);
  const last = values.length - 1;
  const base: LineSeriesOption = {
    type: 'line',
    name: key,
    silent: true,
    symbolSize: 5,
    // Otherwise only those over a label of the axis are drawn.
    showAllSymbol: true,
    itemStyle: { color: hex },
  };
  const isAlone = (index: number): boolean =>
    values[index] != null && values[index - 1] == null && values[index + 1] == null;
  const finished = data.isUnfinished ? values.map((value, index) => (index === last ? null : value)) : values;
  const width = 1.75;
  const lines: LineSeriesOption[] = [
    {
      ...base,
      lineStyle: { color: hex, width },
      data: finished.map((value, index) => ({ value, symbol: isAlone(index) ? 'circle' : 'none' })),
    },
  ];
  if (!data.isUnfinished) return lines;
  return [
    ...lines,
    {
      ...base,
      lineStyle: { color: hex, width, type: 'dashed' },
      data: values.map((value, index) => ({
        value: index >= last - 1 ? value : null,
        symbol: index === last && isAlone(index) ? 'circle' : 'none',
      })),
    },
  ];
}

function beforeOf(before: readonly (number | null)[], color: string) {
  return {
    type: 'line',
    name: 'before',
    silent: true,
    symbol: 'none',
    lineStyle: { color, width: 1.25, type: 'dotted' },
    data: [...before],
  };
}
