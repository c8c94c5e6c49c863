import { WarningCircleIcon } from '@phosphor-icons/react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { LogRow } from '../../api/logs.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { HostileText } from '../../components/hostile-text.tsx';
import { Moment } from '../../components/moment.tsx';
import { Money } from '../../components/money.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { formatDuration } from '../../format/durations.ts';
import { cachedShare, cacheMark, statusText, toneOf } from '../../format/log-facts.ts';
import { formatMoney } from '../../format/money.ts';
import { formatCount, formatShare, UNKNOWN } from '../../format/numbers.ts';
import { logWords } from '../../words/logs.ts';
import { recordWords as words } from '../../words/record.ts';

/** Status, what was asked for and who answered. */
export function RecordTitle({ log }: { readonly log: LogRow }) {
  const { model, model_requested: asked } = log;
  const isOther = asked !== null && model !== '' && asked !== model;
  return (
    <div className="min-w-0">
      <h2 className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-base font-medium">
        <StatusMark tone={toneOf(log)} text={statusText(log)} />
        <span className="min-w-0 break-all">
          <HostileText text={(isOther ? asked : model || asked) || words.noModel} />
        </span>
      </h2>
      <p className="min-w-0 text-sm break-words text-kumo-subtle">
        {isOther && (
          <>
            {words.servedBy} <HostileText text={model} />,{' '}
          </>
        )}
        <HostileText text={log.provider} />
        <span className="figures ml-2 break-all">
          {log.method} /<HostileText text={log.path} />
        </span>
      </p>
    </div>
  );
}

interface RecordFactsProps {
  readonly gateway: string;
  readonly log: LogRow;
}

/** The figures, in one line where there is room. */
export function RecordFacts({ gateway, log }: RecordFactsProps) {
  const share = cachedShare(log);
  const mark = cacheMark(log);
  const reason = log.usage_metadata === null ? words.noCost : words.unknownCost;
  return (
    <>
      {log.error_message !== null && log.error_message !== '' && (
        <p className="mt-3 flex gap-2 rounded-md bg-kumo-danger-tint px-3 py-2 text-sm">
          <WarningCircleIcon size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-kumo-danger" />
          <span className="min-w-0 break-words">
            <HostileText text={[log.error_type, log.error_message].filter(Boolean).join(': ')} />
          </span>
        </p>
      )}
      <dl className="mt-3 grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-3 @3xl:grid-cols-6">
        <Fact
          label={words.facts.cost}
          note={log.cached && log.saved !== null ? words.facts.saved(formatMoney(log.saved)) : null}
          isGood
        >
          <Money usd={log.cost} reason={reason} />
        </Fact>
        <Fact
          label={words.facts.duration}
          note={
            log.saved_ms === null
              ? `${words.facts.firstByte} ${formatDuration(log.ttfb)}`
              : words.facts.saved(formatDuration(log.saved_ms))
          }
          isGood={log.saved_ms !== null}
          {...(log.ttfb === null && { title: words.noFirstByte })}
        >
          {formatDuration(log.duration)}
        </Fact>
        <Fact
          label={words.facts.tokens}
          note={
            [
              log.usage_metadata?.estimated ? words.facts.estimated : null,
              log.tokens_per_second === null
                ? null
                : words.facts.perSecond(formatCount(log.tokens_per_second)),
            ]
              .filter(Boolean)
              .join(', ') || null
          }
          {...(log.tokens_in === null && { title: words.noTokens })}
        >
          {log.tokens_in === null && log.tokens_out === null
            ? UNKNOWN
            : `${formatCount(log.tokens_in)} → ${formatCount(log.tokens_out)}`}
        </Fact>
        <Fact
          label={words.facts.cache}
          note={share !== null && share > 0 ? words.facts.cachedShare(formatShare(share)) : null}
          isGood
        >
          {mark === null ? UNKNOWN : logWords.cache[mark]}
        </Fact>
        <Fact label={words.facts.time} note={<Moment at={log.created_at} isRelative />}>
          <Moment at={log.created_at} />
        </Fact>
        <Fact label={words.facts.session}>
          {log.session_id === null ? (
            UNKNOWN
          ) : (
            <Link
              to="/g/$gateway/sessions/$session"
              params={{ gateway, session: log.session_id } as never}
              title={words.facts.openSession}
              className="block truncate text-kumo-link hover:underline"
            >
              <HostileText text={log.session_id} />
            </Link>
          )}
        </Fact>
      </dl>
      <p className="mt-1 flex items-center gap-1 text-xs text-kumo-subtle">
        <span className="figures text-xs break-all">{log.id}</span>
        <CopyButton size="xs" text={log.id} label={words.copyId} />
      </p>
    </>
  );
}

interface FactProps {
  readonly label: string;
  readonly note?: ReactNode;
  readonly isGood?: boolean;
  readonly title?: string;
  readonly children: ReactNode;
}

function Fact({ label, note = null, isGood = false, title, children }: FactProps) {
  return (
    <div className="min-w-0" {...(title !== undefined && { title })}>
      <dt className="text-xs text-kumo-subtle">{label}</dt>
      <dd className="figures min-w-0 truncate">{children}</dd>
      {note !== null && (
        <dd className={`truncate text-xs ${isGood ? 'text-kumo-success' : 'text-kumo-subtle'}`}>{note}</dd>
      )}
    </div>
  );
}
