import type { MeasuredShare } from '../../../api/semantic.ts';
import { formatCount, formatShare } from '../../../format/numbers.ts';
import { semanticWords } from '../../../words/semantic.ts';

const words = semanticWords.error;

interface IntervalBarProps {
  readonly title: string;
  readonly share: MeasuredShare;
  /** Share at the right end. */
  readonly end: number;
  /** A line across the bar; null where there is none to keep. */
  readonly budget: number | null;
  readonly isBad: boolean;
}

/** A measured share: where it lies, how sure that is, and what it may be. */
export function IntervalBar({ title, share, end, budget, isBad }: IntervalBarProps) {
  const place = (value: number): string => `${Math.min(100, (value / end) * 100)}%`;
  const isKnown = share.judged > 0 && share.share !== null;
  const colour = isBad ? 'bg-kumo-danger' : 'bg-tide';
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="text-sm">{title}</span>
        <span className="text-xs text-kumo-subtle">
          {isKnown ? words.sample(formatCount(share.wrong), formatCount(share.judged)) : words.none}
        </span>
      </p>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-xl tabular-nums">{isKnown ? formatShare(share.share) : '—'}</span>
        {isKnown && (
          <span className="text-xs text-kumo-subtle">
            {words.interval(formatShare(share.low), formatShare(share.high))}
          </span>
        )}
      </p>
      <div aria-hidden="true" className="relative mt-2 h-4">
        <span className="absolute inset-x-0 top-1.5 h-1 rounded-full bg-kumo-tint" />
        {isKnown && (
          <>
            <span
              className={`absolute top-0.5 h-3 rounded-xs opacity-35 ${colour}`}
              style={{ left: place(share.low), right: `calc(100% - ${place(share.high)})` }}
            />
            <span
              className={`absolute top-0 h-4 w-1 -translate-x-1/2 rounded-xs ${colour}`}
              style={{ left: place(share.share ?? 0) }}
            />
          </>
        )}
        {budget !== null && (
          <span
            className="absolute -top-1 h-6 border-l-2 border-dashed border-kumo-warning"
            style={{ left: place(budget) }}
          />
        )}
      </div>
      <p aria-hidden="true" className="mt-1 flex justify-between gap-2 text-xs text-kumo-subtle">
        <span>0 %</span>
        {budget !== null && (
          <span className="text-kumo-warning">
            <span className="mr-1.5 border-l-2 border-dashed border-kumo-warning" />
            {words.budget(formatShare(budget))}
          </span>
        )}
        <span>{formatShare(end)}</span>
      </p>
      {budget !== null && <p className="sr-only">{words.budget(formatShare(budget))}</p>}
    </div>
  );
}
