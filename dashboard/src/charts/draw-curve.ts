import { LineChart, type LineSeriesOption } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { hexOf } from './colors.ts';
import { type CurvePoint, frameOfCurve, tickOf } from './curve.ts';
import { GRID } from './grid.ts';
import type { Drawn } from './use-drawn.ts';

echarts.use([LineChart, GridComponent, CanvasRenderer]);

export interface CurveDrawing {
  readonly points: readonly CurvePoint[];
  readonly isDark: boolean;
  readonly format: (share: number) => string;
}

export function openCurve(element: HTMLElement): Drawn<CurveDrawing> {
  const chart = echarts.init(element, null, { renderer: 'canvas' });
  return {
    draw: (drawing) => chart.setOption(optionOf(drawing), { notMerge: true }),
    resize: () => chart.resize(),
    remove: () => chart.dispose(),
  };
}

function optionOf({ points, isDark, format }: CurveDrawing): echarts.EChartsCoreOption {
  const text = isDark ? '#a6a6a6' : '#616161';
  const line = isDark ? '#2a3036' : '#ececec';
  const hex = hexOf('plain', isDark);
  const { mostX, leastY } = frameOfCurve(points);
  const axis = {
    type: 'value',
    splitLine: { lineStyle: { color: line } },
    axisLine: { lineStyle: { color: line } },
    axisLabel: { color: text, fontSize: 12, formatter: format, hideOverlap: true },
  };
  const inOrder = [...points].sort((a, b) => a.x - b.x);
  const of = (height: (point: CurvePoint) => number, more: LineSeriesOption): LineSeriesOption => ({
    type: 'line',
    silent: true,
    symbol: 'none',
    lineStyle: { width: 0 },
    data: inOrder.map((point) => [point.x, height(point)]),
    ...more,
  });
  const now = points.filter(({ isNow }) => isNow);
  return {
    animation: false,
    grid: { ...GRID },
    xAxis: { ...axis, min: 0, max: mostX, interval: tickOf(mostX) },
    yAxis: { ...axis, min: leastY, max: 1, interval: tickOf(1 - leastY) },
    series: [
      of(({ low }) => low, { stack: 'interval', stackStrategy: 'all' }),
      of(({ low, high }) => high - low, {
        stack: 'interval',
        stackStrategy: 'all',
        areaStyle: { color: hex, opacity: 0.15 },
      }),
      of(({ y }) => y, {
        symbol: 'circle',
        symbolSize: 4,
        itemStyle: { color: hex },
        lineStyle: { color: hex, width: 1.75 },
      }),
      {
        type: 'line',
        silent: true,
        symbol: 'circle',
        symbolSize: 12,
        itemStyle: {
          color: hexOf('good', isDark),
          borderColor: isDark ? '#16191c' : '#ffffff',
          borderWidth: 2,
        },
        data: now.map(({ x, y }) => [x, y]),
      },
    ],
  };
}
