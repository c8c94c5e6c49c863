import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { type AgentSession, agentSessionQuery } from '../../api/agent-sessions.ts';
import { isFailure } from '../../api/failure.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { usePathParameter } from '../../filters/use-address.ts';
import { sessionWords as words } from '../../words/sessions.ts';
import { findLoops } from './loops.ts';
import { findPeaks } from './session-facts.ts';
import { SessionHeader } from './session-header.tsx';
import { Timeline, type TimelineHandle } from './timeline.tsx';
import { useSessionLogs } from './use-session-logs.ts';

const POLL_MS = 5000;

export function Page() {
  const gateway = usePathParameter('gateway');
  const id = usePathParameter('session');
  const { data, error, refetch } = useQuery({
    ...agentSessionQuery(gateway, id),
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'done' ? POLL_MS : false),
  });
  if (error) {
    if (!isFailure(error, 404))
      return <FailureView title={words.loadFailed} error={error} onRetry={() => void refetch()} />;
    return (
      <div role="alert" className="py-24 text-center">
        <h1 className="font-medium">{words.gone}</h1>
        <p className="mt-1 text-sm text-kumo-subtle">{words.goneText}</p>
        <Link
          to="/g/$gateway/sessions"
          params={{ gateway } as never}
          className="mt-4 inline-block text-kumo-link hover:underline"
        >
          {words.toList}
        </Link>
      </div>
    );
  }
  if (data === undefined) return <Skeleton className="h-20 w-full" count={6} />;
  return <Session key={id} gateway={gateway} session={data} />;
}

function Session({ gateway, session }: { readonly gateway: string; readonly session: AgentSession }) {
  const { logs, isWhole, error, retry } = useSessionLogs(gateway, session);
  const timeline = useRef<TimelineHandle>(null);
  const loops = useMemo(() => findLoops(logs), [logs]);
  const peaks = useMemo(() => findPeaks(logs), [logs]);
  return (
    <>
      <SessionHeader
        {...{ gateway, session, logs, loops, peaks, isWhole }}
        onJump={(index) => timeline.current?.goTo(index)}
      />
      {error && logs.length === 0 ? (
        <FailureView title={words.loadFailed} error={error} onRetry={retry} />
      ) : logs.length === 0 && !isWhole ? (
        <Skeleton className="h-24 w-full" count={4} />
      ) : (
        <Timeline ref={timeline} {...{ gateway, session, logs, loops, isWhole }} />
      )}
    </>
  );
}
