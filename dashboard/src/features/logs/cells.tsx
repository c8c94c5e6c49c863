import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { LogRow } from '../../api/logs.ts';
import { HostileText } from '../../components/hostile-text.tsx';
import { Moment } from '../../components/moment.tsx';
import { Money } from '../../components/money.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { formatDuration } from '../../format/durations.ts';
import { agentOf, cacheMark, statusText, toneOf } from '../../format/log-facts.ts';
import { formatCount, formatShort, UNKNOWN } from '../../format/numbers.ts';
import { visibleText } from '../../format/visible-text.ts';
import { logWords as words } from '../../words/logs.ts';
import { recordWords } from '../../words/record.ts';
import type { ColumnId } from './list-state.ts';

interface CellInput {
  readonly log: LogRow;
  readonly gateway: string;
  /** The longest duration in sight: what bars are measured by. */
  readonly longestMs: number;
}

export interface LogColumn {
  readonly id: ColumnId;
  /** Classes of head and cells: a width, and where there is no room for it. */
  readonly className: string;
  readonly align?: 'right';
  readonly cell: (input: CellInput) => ReactNode;
}

const text = (value: string | null): ReactNode =>
  value === null || value === '' ? (
    <span className="text-kumo-subtle">{UNKNOWN}</span>
  ) : (
    <HostileText text={value} />
  );

export const LOG_COLUMNS: readonly LogColumn[] = [
  {
    id: 'time',
    className: 'w-[92px]',
    cell: ({ log }) => (
      <span className="figures">
        <Moment at={log.created_at} />
      </span>
    ),
  },
  { id: 'status', className: 'w-[60px]', cell: ({ log }) => <Status log={log} isShort /> },
  {
    id: 'model',
    className: 'w-[148px]',
    cell: ({ log }) => <span title={visibleText(log.model)}>{text(log.model || log.model_requested)}</span>,
  },
  { id: 'provider', className: 'w-[88px] max-xl:hidden', cell: ({ log }) => text(log.provider) },
  { id: 'prompt', className: '', cell: ({ log }) => <Prompt log={log} /> },
  {
    id: 'tokens',
    className: 'w-[100px] max-lg:hidden',
    align: 'right',
    cell: ({ log }) => <Tokens log={log} />,
  },
  {
    id: 'cost',
    className: 'w-[100px]',
    align: 'right',
    cell: ({ log }) => (
      <Money
        usd={log.cost}
        reason={log.usage_metadata === null ? recordWords.noCost : recordWords.unknownCost}
      />
    ),
  },
  {
    id: 'duration',
    className: 'w-[118px]',
    align: 'right',
    cell: ({ log, longestMs }) => <Duration log={log} longestMs={longestMs} />,
  },
  { id: 'cache', className: 'w-[84px] max-lg:hidden', cell: ({ log }) => <CacheCell log={log} /> },
  {
    id: 'session',
    className: 'w-[78px] max-xl:hidden',
    cell: ({ log, gateway }) => <Session log={log} gateway={gateway} />,
  },
  { id: 'user', className: 'w-[120px]', cell: ({ log }) => text(log.user_id) },
  { id: 'agent', className: 'w-[120px]', cell: ({ log }) => text(agentOf(log.user_agent)) },
  {
    id: 'path',
    className: 'w-[160px]',
    cell: ({ log }) => <span className="figures">{text(log.path)}</span>,
  },
  {
    id: 'rate',
    className: 'w-[76px]',
    align: 'right',
    cell: ({ log }) => <span className="figures">{formatShort(log.tokens_per_second)}</span>,
  },
  {
    id: 'score',
    className: 'w-[72px]',
    align: 'right',
    cell: ({ log }) => <span className="figures">{score(log)}</span>,
  },
];

function score({ feedback, score: value }: LogRow): string {
  const thumb = feedback === 1 ? '👍' : feedback === -1 ? '👎' : '';
  return [thumb, value === null ? '' : String(value)].filter(Boolean).join(' ') || UNKNOWN;
}

/** In a narrow column the shape and the hint say what the code does not. */
export function Status({ log, isShort = false }: { readonly log: LogRow; readonly isShort?: boolean }) {
  const hint = [statusText(log), log.error_type, log.error_message].filter(Boolean).join(': ');
  return (
    <StatusMark
      tone={toneOf(log)}
      text={isShort ? String(log.status_code) : statusText(log)}
      {...(hint !== '' && { title: visibleText(hint) })}
    />
  );
}

export function Prompt({ log }: { readonly log: LogRow }) {
  if (log.prompt_preview !== null && log.prompt_preview !== '')
    return <HostileText text={log.prompt_preview} />;
  return (
    <span className="text-kumo-subtle" title={words.noPrompt}>
      {UNKNOWN}
    </span>
  );
}

export function Tokens({ log }: { readonly log: LogRow }) {
  if (log.tokens_in === null && log.tokens_out === null) {
    return (
      <span className="text-kumo-subtle" title={recordWords.noTokens}>
        {UNKNOWN}
      </span>
    );
  }
  return (
    <span className="figures" title={`${formatCount(log.tokens_in)} → ${formatCount(log.tokens_out)}`}>
      {formatShort(log.tokens_in)} → {formatShort(log.tokens_out)}
    </span>
  );
}

/** The number, and a bar whose lighter part is the wait for the first byte. */
function Duration({ log, longestMs }: { readonly log: LogRow; readonly longestMs: number }) {
  const share = longestMs <= 0 ? 0 : Math.min(1, log.duration / longestMs);
  const waited = log.ttfb === null || log.duration <= 0 ? 1 : Math.min(1, log.ttfb / log.duration);
  const hint = [
    words.total(formatDuration(log.duration)),
    log.ttfb === null ? '' : words.firstByte(formatDuration(log.ttfb)),
  ];
  return (
    <span className="flex items-center justify-between gap-2" title={hint.filter(Boolean).join('\n')}>
      <span aria-hidden="true" className="h-1.5 w-12 shrink-0">
        <span
          className="flex h-full min-w-0.5 overflow-hidden rounded-xs bg-tide"
          style={{ width: `${share * 100}%` }}
        >
          <span className="h-full bg-kumo-base/55" style={{ width: `${waited * 100}%` }} />
        </span>
      </span>
      <span className="figures whitespace-nowrap">{formatDuration(log.duration)}</span>
    </span>
  );
}

export function CacheCell({ log }: { readonly log: LogRow }) {
  const mark = cacheMark(log);
  if (mark === null) return null;
  return (
    <span
      title={words.cacheHints[mark]}
      className={
        mark === 'miss'
          ? 'text-xs text-kumo-subtle'
          : 'rounded-sm bg-kumo-success-tint px-1.5 py-0.5 text-xs text-kumo-success'
      }
    >
      {words.cache[mark]}
    </span>
  );
}

function Session({ log, gateway }: { readonly log: LogRow; readonly gateway: string }) {
  if (log.session_id === null) return null;
  return (
    <Link
      to="/g/$gateway/sessions/$session"
      params={{ gateway, session: log.session_id } as never}
      title={visibleText(log.session_id)}
      className="figures text-kumo-link hover:underline"
    >
      <HostileText text={log.session_id} />
    </Link>
  );
}
