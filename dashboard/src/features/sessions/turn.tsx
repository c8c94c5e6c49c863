import { ArrowsClockwiseIcon } from '@phosphor-icons/react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { conversationQuery, type LogRow } from '../../api/logs.ts';
import { PartView } from '../../components/conversation/part-view.tsx';
import { HostileText } from '../../components/hostile-text.tsx';
import { Moment } from '../../components/moment.tsx';
import { Money } from '../../components/money.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { formatDuration } from '../../format/durations.ts';
import { cachedShare, statusText, toneOf } from '../../format/log-facts.ts';
import { formatMoney } from '../../format/money.ts';
import { formatCount, formatShare } from '../../format/numbers.ts';
import { sessionWords as words } from '../../words/sessions.ts';
import type { ShownPart } from '../record/conversation-view.ts';
import type { Loop } from './loops.ts';
import { viewTurn } from './turn-view.ts';

interface TurnProps {
  readonly gateway: string;
  readonly index: number;
  readonly log: LogRow;
  readonly previous: LogRow | null;
  readonly next: LogRow | null;
  readonly loop: Loop | null;
  readonly cost: { readonly before: number; readonly after: number; readonly total: number };
  readonly mayRead: boolean;
  /** It was jumped to. */
  readonly isGoal: boolean;
}

/** What was said, the call of the model, and what came of it; the cost so far runs along at the side. */
export function Turn(props: TurnProps) {
  const { index, loop, cost, isGoal } = props;
  return (
    <div className="flex min-w-0 gap-3">
      <CostLine cost={cost} />
      <div
        className={`min-w-0 flex-1 pb-6 ${loop ? 'border-l-2 border-kumo-warning pl-3' : ''} ${isGoal ? 'rounded-r-md bg-tide-tint/60' : ''}`}
      >
        {loop && loop.from === index && (
          <p className="mb-2 flex items-center gap-2 rounded-r-md bg-kumo-warning-tint px-3 py-1.5 text-sm text-kumo-warning">
            <ArrowsClockwiseIcon size={16} aria-hidden="true" />
            {words.loop(formatCount(loop.to - loop.from + 1))}
          </p>
        )}
        <TurnContent {...props} />
      </div>
    </div>
  );
}

/** The cost of the session from 0 at the left to all of it at the right, as far as this request takes it. */
function CostLine({ cost: { before, after, total } }: Pick<TurnProps, 'cost'>) {
  const share = (value: number): number => (total <= 0 ? 0 : (value / total) * 100);
  return (
    <div
      title={words.cumulative(formatMoney(after))}
      className="w-6 shrink-0 border-r border-kumo-hairline sm:w-20"
    >
      <svg
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        className="block h-full w-full"
        aria-hidden="true"
      >
        <polygon points={`0,0 ${share(before)},0 ${share(after)},100 0,100`} className="fill-tide/10" />
        <line
          x1={share(before)}
          y1="0"
          x2={share(after)}
          y2="100"
          vectorEffect="non-scaling-stroke"
          strokeWidth="1.5"
          className="stroke-tide"
        />
      </svg>
    </div>
  );
}

function TurnContent({ gateway, index, log, previous, next, cost, mayRead }: TurnProps) {
  const own = useQuery({ ...conversationQuery(gateway, log.id), enabled: mayRead });
  const before = useQuery({
    ...conversationQuery(gateway, previous?.id ?? ''),
    enabled: mayRead && previous !== null,
  });
  const after = useQuery({
    ...conversationQuery(gateway, next?.id ?? ''),
    enabled: mayRead && next !== null,
  });
  const isReady = own.data !== undefined && (previous === null || !before.isPending);
  const view = isReady
    ? viewTurn(own.data, { previous: previous === null ? null : before.data, next: after.data })
    : null;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {mayRead && own.isPending && <Skeleton className="h-12 w-full" />}
      {view?.isRepeated && <p className="text-sm text-kumo-subtle">{words.sameAsBefore}</p>}
      {view !== null && view.input.length > 0 && (
        <Said
          title={view.input.every(isResult) ? words.toolResults : words.user}
          line="border-kumo-contrast/40"
        >
          <Parts parts={view.input} />
        </Said>
      )}
      <CallLine gateway={gateway} index={index} log={log} cost={cost} />
      {own.isError && (
        <p className="text-sm text-kumo-subtle">
          {words.conversationFailed}: {own.error.message}
        </p>
      )}
      {log.error_message !== null && log.error_message !== '' && (
        <p className="text-sm break-words text-kumo-danger">
          <HostileText text={log.error_message} />
        </p>
      )}
      {view !== null && view.answer.length > 0 && (
        <Said title={words.answer} line="border-tide">
          <Parts parts={view.answer} />
        </Said>
      )}
    </div>
  );
}

const isResult = ({ part }: ShownPart): boolean => part.type === 'tool-result';

interface SaidProps {
  readonly title: string;
  readonly line: string;
  readonly children: ReactNode;
}

function Said({ title, line, children }: SaidProps) {
  return (
    <section className="min-w-0">
      <p className="mb-1 text-xs text-kumo-subtle">{title}</p>
      <div className={`flex min-w-0 flex-col gap-2 border-l-2 pl-3 ${line}`}>{children}</div>
    </section>
  );
}

function Parts({ parts }: { readonly parts: readonly ShownPart[] }) {
  return parts.map((shown, index) => (
    <PartView
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names, and their order does not change
      key={index}
      part={shown.part}
      result={shown.result}
      toolName={shown.toolName}
      lines={8}
    />
  ));
}

/** The call of the model in one line, which opens its record. */
function CallLine({ gateway, index, log, cost }: Pick<TurnProps, 'gateway' | 'index' | 'log' | 'cost'>) {
  const share = cachedShare(log);
  return (
    <Link
      to="/g/$gateway/logs/$log"
      params={{ gateway, log: log.id } as never}
      title={words.openRecord}
      preload={false}
      className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1 rounded-md border border-kumo-hairline bg-kumo-base px-3 py-1.5 text-sm hover:bg-kumo-tint"
    >
      <span className="figures text-kumo-subtle" title={words.turn(formatCount(index + 1))}>
        {formatCount(index + 1)}
      </span>
      <StatusMark tone={toneOf(log)} text={statusText(log)} />
      <span className="min-w-0 flex-1 basis-32 truncate">
        <HostileText text={log.model || log.model_requested || log.provider} />
      </span>
      {share !== null && share > 0 && (
        <span className="text-xs text-kumo-success">{words.cachedShare(formatShare(share))}</span>
      )}
      <span className="figures">
        {formatCount(log.tokens_in)} → {formatCount(log.tokens_out)}
      </span>
      <span className="figures">{formatDuration(log.duration)}</span>
      <span title={words.cumulative(formatMoney(cost.after))}>
        <Money usd={log.cost} />
      </span>
      <span className="figures text-kumo-subtle">
        <Moment at={log.created_at} />
      </span>
    </Link>
  );
}
