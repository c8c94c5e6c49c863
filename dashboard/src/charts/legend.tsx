import { useIsDark } from '../browser/theme.ts';
import { chartWords as words } from '../words/charts.ts';
import { hexOf } from './colors.ts';
import type { Series } from './time-chart-data.ts';

interface LegendProps {
  readonly series: readonly Series[];
  readonly isolated: string | null;
  readonly onIsolate: (key: string | null) => void;
  readonly format: (value: number) => string;
}

/** Names and sums; a click shows one series alone, a second click all of them again. */
export function Legend({ series, isolated, onIsolate, format }: LegendProps) {
  const isDark = useIsDark();
  return (
    <ul className="mt-1 flex max-h-14 min-h-7 flex-wrap gap-x-1 overflow-y-auto">
      {series.map(({ key, label, color, sum }) => (
        <li key={key} className="min-w-0">
          <button
            type="button"
            aria-pressed={isolated === key}
            title={isolated === key ? words.showAll : words.isolate(label)}
            className={`flex h-7 max-w-56 items-center gap-1.5 rounded-md px-1.5 text-xs hover:bg-kumo-tint ${isolated !== null && isolated !== key ? 'opacity-50' : ''}`}
            onClick={() => onIsolate(isolated === key ? null : key)}
          >
            <span
              aria-hidden="true"
              className="size-2 shrink-0 rounded-xs"
              style={{ background: hexOf(color ?? 'other', isDark) }}
            />
            <span className="truncate">{label}</span>
            {sum !== null && <span className="figures text-xs text-kumo-subtle">{format(sum)}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
