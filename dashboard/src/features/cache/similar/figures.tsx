import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SemanticSummary } from '../../../api/semantic.ts';
import { logsLink } from '../../../filters/links.ts';
import type { TimeRange } from '../../../filters/time-range.ts';
import { formatDuration } from '../../../format/durations.ts';
import { formatExactMoney, formatMoney } from '../../../format/money.ts';
import { formatCount, formatShare } from '../../../format/numbers.ts';
import { semanticWords } from '../../../words/semantic.ts';

const words = semanticWords.figures;

interface FiguresProps {
  readonly gateway: string;
  readonly range: TimeRange;
  readonly summary: SemanticSummary;
}

/** What similar answers bring, and what finding out about them costs. */
export function Figures({ gateway, range, summary }: FiguresProps) {
  const kind = summary.mode === 'shadow' ? 'would' : 'served';
  const count = kind === 'would' ? summary.would_serve : summary.served;
  const { check_cost_today: today, daily_check_budget: most } = summary;
  const hits = formatCount(count);
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-lg border border-kumo-hairline bg-kumo-base sm:grid-cols-3 lg:grid-cols-5">
      <Figure
        name={words.hits[kind]}
        note={`${formatShare(count, summary.look_ups)} ${words.hitsOf(formatCount(summary.look_ups))}`}
      >
        {kind === 'served' && count > 0 ? (
          <Link
            {...logsLink(gateway, {
              range,
              filters: [{ key: 'cache_kind', operator: 'eq', values: ['semantic'] }],
            })}
            className="text-kumo-link hover:underline"
          >
            {hits}
          </Link>
        ) : (
          hits
        )}
      </Figure>
      <Figure name={words.saved[kind]}>
        <Amount usd={summary.saved} />
      </Figure>
      <Figure
        name={words.check}
        note={
          most === null
            ? words.checkTodayPlain(formatMoney(today))
            : words.checkToday(formatMoney(today), formatMoney(most))
        }
      >
        <Amount usd={summary.check_cost} />
      </Figure>
      <Figure name={words.net} note={words.netHint}>
        <Amount usd={summary.saved - summary.check_cost} />
      </Figure>
      <Figure name={words.time[kind]} note={words.timeHint}>
        {formatDuration(summary.saved_ms)}
      </Figure>
    </dl>
  );
}

const Amount = ({ usd }: { readonly usd: number }) => (
  <span title={formatExactMoney(usd)}>{formatMoney(usd)}</span>
);

interface FigureProps {
  readonly name: string;
  readonly note?: string;
  readonly children: ReactNode;
}

function Figure({ name, note, children }: FigureProps) {
  return (
    <div className="-mr-px -mb-px min-w-0 border-r border-b border-kumo-hairline p-3">
      <dt className="text-xs text-kumo-subtle">{name}</dt>
      <dd className="mt-1 text-xl tabular-nums">{children}</dd>
      {note !== undefined && <dd className="text-xs text-kumo-subtle">{note}</dd>}
    </div>
  );
}
