import { chartWords as words } from '../words/charts.ts';
import { bucketSpan } from './axis.ts';
import { type TimeChartData, totalAt } from './time-chart-data.ts';

interface ChartTableProps {
  readonly title: string;
  readonly data: TimeChartData;
  readonly format: (value: number) => string;
}

/** The same numbers, newest first. */
export function ChartTable({ title, data, format }: ChartTableProps) {
  const hasTotal = data.series.length > 1 && data.series.every(({ sum }) => sum !== null);
  const show = (value: number | null | undefined): string =>
    value === null || value === undefined ? '—' : format(value);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <div className="h-52 overflow-auto rounded-md border border-kumo-hairline" tabIndex={0}>
      <table className="w-full text-left text-xs">
        <caption className="sr-only">{words.figuresOf(title)}</caption>
        <thead className="sticky top-0 bg-kumo-base">
          <tr className="text-kumo-subtle">
            <th scope="col" className="p-2 font-normal">
              {words.time}
            </th>
            {data.series.map(({ key, label }) => (
              <th key={key} scope="col" className="p-2 text-right font-normal">
                {label}
              </th>
            ))}
            {hasTotal && (
              <th scope="col" className="p-2 text-right font-normal">
                {words.total}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {data.starts
            .map((start, index) => (
              <tr key={start} className="border-t border-kumo-hairline">
                <th scope="row" className="p-2 font-normal whitespace-nowrap">
                  {bucketSpan(start, data.intervalMs)}
                </th>
                {data.series.map(({ key, values }) => (
                  <td key={key} className="figures p-2 text-right text-xs">
                    {show(values[index])}
                  </td>
                ))}
                {hasTotal && (
                  <td className="figures p-2 text-right text-xs">{show(totalAt(data.series, index))}</td>
                )}
              </tr>
            ))
            .reverse()}
        </tbody>
      </table>
    </div>
  );
}
