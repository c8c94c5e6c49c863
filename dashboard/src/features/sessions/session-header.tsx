import { Button } from '@cloudflare/kumo/components/button';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AgentSession } from '../../api/agent-sessions.ts';
import type { LogRow } from '../../api/logs.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { HostileText } from '../../components/hostile-text.tsx';
import { Moment } from '../../components/moment.tsx';
import { Money } from '../../components/money.tsx';
import { encodeFilter } from '../../filters/filter.ts';
import { formatDuration } from '../../format/durations.ts';
import { agentOf } from '../../format/log-facts.ts';
import { formatMoney } from '../../format/money.ts';
import { formatCount, formatShort } from '../../format/numbers.ts';
import { sessionWords as words } from '../../words/sessions.ts';
import type { Loop } from './loops.ts';
import { countUnpriced, type Peaks } from './session-facts.ts';
import { SessionState } from './session-state.tsx';

interface SessionHeaderProps {
  readonly gateway: string;
  readonly session: AgentSession;
  readonly logs: readonly LogRow[];
  readonly loops: readonly Loop[];
  readonly peaks: Peaks;
  readonly isWhole: boolean;
  readonly onJump: (index: number) => void;
}

/** What the session was about, what it came to, and the ways to what stands out. Stays in sight. */
export function SessionHeader(props: SessionHeaderProps) {
  const { gateway, session, logs, isWhole } = props;
  const unpriced = countUnpriced(logs);
  const facts = words.facts;
  return (
    <>
      <div className="mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h1 className="text-lg leading-8 font-medium break-words">
            <HostileText text={session.title ?? words.one} />
          </h1>
          <p className="flex flex-wrap items-center gap-x-3 text-sm text-kumo-subtle">
            <SessionState state={session.state} />
            {session.user_agent !== null && (
              <span>
                <HostileText text={agentOf(session.user_agent) ?? session.user_agent} />
              </span>
            )}
            {session.user_id !== null && <HostileText text={session.user_id} />}
            <span className="flex min-w-0 items-center">
              <span className="figures min-w-0 text-xs break-all">
                <HostileText text={session.id} />
              </span>
              <CopyButton size="xs" text={session.id} label={words.copyId} />
            </span>
          </p>
        </div>
        <Link
          to="/g/$gateway/logs"
          params={{ gateway } as never}
          search={logsOf(session) as never}
          className="text-sm text-kumo-link hover:underline"
        >
          {words.openLogs}
        </Link>
      </div>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-3 lg:grid-cols-6">
        <Fact
          label={facts.requests}
          note={session.cached_requests > 0 ? facts.cached(formatCount(session.cached_requests)) : null}
        >
          {formatCount(session.requests)}
        </Fact>
        <Fact label={facts.duration}>
          {formatDuration(Date.parse(session.ended_at) - Date.parse(session.started_at))}
        </Fact>
        <Fact
          label={facts.cost}
          note={
            [
              unpriced > 0 && facts.unpriced(formatCount(unpriced)),
              session.saved > 0 && facts.saved(formatMoney(session.saved)),
            ]
              .filter(Boolean)
              .join(', ') || null
          }
        >
          <Money usd={session.cost} />
        </Fact>
        <Fact label={facts.tokens}>
          {formatShort(session.tokens_in)} → {formatShort(session.tokens_out)}
        </Fact>
        <Fact label={facts.errors} isBad={session.errors > 0}>
          {formatCount(session.errors)}
        </Fact>
        <Fact label={facts.started}>
          <Moment at={session.started_at} />
        </Fact>
      </dl>
      <Jumps {...props} />
      {!isWhole && logs.length > 0 && (
        <p role="status" className="text-xs text-kumo-subtle">
          {words.loadingRest(formatCount(logs.length), formatCount(session.requests))}
        </p>
      )}
    </>
  );
}

/** The rows of the session, whenever it was. */
const logsOf = (session: AgentSession) => ({
  from: session.started_at,
  filter: encodeFilter({ key: 'session_id', operator: 'eq', values: [session.id] }),
});

function Jumps({ peaks, loops, onJump }: SessionHeaderProps) {
  const jumps: (readonly [string, number | null])[] = [
    [words.mostExpensive, peaks.mostExpensive],
    [words.slowest, peaks.slowest],
    [words.firstError, peaks.firstError],
    ...loops
      .slice(0, 5)
      .map(
        (loop, index) =>
          [loops.length === 1 ? words.loops : `${words.loops} ${index + 1}`, loop.from] as const,
      ),
  ];
  return (
    <div className="sticky top-12 z-10 -mx-1 flex flex-wrap items-center gap-2 bg-kumo-canvas px-1 py-3">
      <span className="text-xs text-kumo-subtle">{words.jump}</span>
      {jumps.map(([label, index]) => (
        <Button
          key={label}
          size="sm"
          disabled={index === null}
          title={index === null ? words.nothingHere : undefined}
          onClick={() => index !== null && onJump(index)}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}

interface FactProps {
  readonly label: string;
  readonly note?: string | null;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}

function Fact({ label, note = null, isBad = false, children }: FactProps) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-kumo-subtle">{label}</dt>
      <dd className={`figures truncate ${isBad ? 'text-kumo-danger' : ''}`}>{children}</dd>
      {note !== null && <dd className="truncate text-xs text-kumo-subtle">{note}</dd>}
    </div>
  );
}
