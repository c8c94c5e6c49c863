import { ChartBarIcon } from '@phosphor-icons/react';
import { type ReactNode, useMemo, useState } from 'react';
import { FailureView } from '../components/failure-view.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { chartWords as words } from '../words/charts.ts';
import { ChartPanel } from './chart-panel.tsx';
import { ChartTable } from './chart-table.tsx';
import { Legend } from './legend.tsx';
import { paint } from './paint.ts';
import { Plot, type PlotProps } from './plot.tsx';
import { isEmpty, type TimeChartData } from './time-chart-data.ts';

interface TimeChartProps extends Omit<PlotProps, 'data' | 'isolated' | 'onOpen'> {
  /** Undefined while it is loaded for the first time. */
  readonly data: TimeChartData | undefined;
  /** Total or current value, large beside the title; the exact one on hover. */
  readonly value?: ReactNode;
  /** Beside it: the change against the period before, a second figure. */
  readonly aside?: ReactNode;
  /** What is shown while there is nothing to draw: why, and what to do. */
  readonly empty?: ReactNode;
  /** Previous data that is shown while new data comes. */
  readonly isStale?: boolean;
  readonly error?: unknown;
  readonly onRetry?: () => void;
  readonly onOpen?: ((fromMs: number, toMs: number, series: string | null) => void) | undefined;
}

/** A chart over time in its panel: the figure, the picture, the legend that isolates, and the same numbers as a table. */
export function TimeChart(props: TimeChartProps) {
  const { title, kind, format, formatAxis, value, aside, empty, isStale, error, onRetry } = props;
  const { onZoom, onOpen } = props;
  const data = useMemo(() => props.data && paint(props.data), [props.data]);
  const [isolated, setIsolated] = useState<string | null>(null);
  const shown = data?.series.some(({ key }) => key === isolated) ? isolated : null;
  const isNothing = data !== undefined && isEmpty(data);
  return (
    <ChartPanel title={title} icon={<ChartBarIcon />}>
      {(isTable) => (
        <>
          <p className="flex h-8 items-baseline gap-2">
            <span className="text-xl whitespace-nowrap tabular-nums">{value}</span>
            {aside}
          </p>
          <div className={`transition-opacity duration-100 ${isStale ? 'opacity-50' : ''}`}>
            {error ? (
              <FailureView title={words.failed} error={error} {...(onRetry && { onRetry })} />
            ) : data === undefined ? (
              <Skeleton className="h-52 w-full" />
            ) : isNothing ? (
              <div className="flex h-52 flex-col items-center justify-center gap-2 text-center text-sm text-kumo-subtle">
                {empty ?? words.empty}
              </div>
            ) : isTable ? (
              <ChartTable title={title} data={data} format={format} />
            ) : (
              <>
                <Plot
                  {...{ title, data, kind, format, formatAxis, onZoom }}
                  isolated={shown}
                  onOpen={onOpen && ((fromMs, toMs) => onOpen(fromMs, toMs, shown))}
                />
                <Legend series={data.series} isolated={shown} onIsolate={setIsolated} format={format} />
              </>
            )}
          </div>
        </>
      )}
    </ChartPanel>
  );
}
