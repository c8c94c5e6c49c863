import { Tabs } from '@cloudflare/kumo/components/tabs';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { isFailure } from '../../api/failure.ts';
import { logQuery } from '../../api/logs.ts';
import { may, sessionQuery } from '../../api/session.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { one, useAddress } from '../../filters/use-address.ts';
import { recordWords as words } from '../../words/record.ts';
import { CacheHitNote } from './cache-hit-note.tsx';
import { ConversationTab } from './conversation-tab.tsx';
import { DecisionsTab } from './decisions-tab.tsx';
import { RecordActions } from './record-actions.tsx';
import { RecordFacts, RecordTitle } from './record-header.tsx';
import { TimelineTab } from './timeline-tab.tsx';

const RawTab = lazy(async () => ({ default: (await import('./raw-tab.tsx')).RawTab }));
const MetadataTab = lazy(async () => ({ default: (await import('./metadata-tab.tsx')).MetadataTab }));

const TABS = ['conversation', 'raw', 'timeline', 'decisions', 'metadata'] as const;
type Tab = (typeof TABS)[number];

interface RecordViewProps {
  readonly gateway: string;
  readonly id: string;
  /** Previous, next, close. */
  readonly controls: ReactNode;
}

/** All that is known about one request. The same over the list and on a page of its own. */
export function RecordView({ gateway, id, controls }: RecordViewProps) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const mayRead = may(session, 'read');
  const { data: log, error, refetch } = useQuery({ ...logQuery(gateway, id), enabled: mayRead });
  const { search, change } = useAddress();
  const asked = one(search, 'tab');
  const tab: Tab = TABS.find((name) => name === asked) ?? 'conversation';
  if (!mayRead || error) {
    return (
      <div className="p-4">
        <div className="mb-4 flex justify-end">{controls}</div>
        {!mayRead ? (
          <p role="alert">{words.mayNotRead}</p>
        ) : (
          <NotLoaded {...{ gateway, error }} onRetry={() => void refetch()} />
        )}
      </div>
    );
  }
  return (
    <article className="flex min-w-0 flex-col" aria-busy={log === undefined}>
      <header className="border-b border-kumo-hairline px-4 pt-3">
        <div className="flex min-w-0 items-start justify-between gap-2">
          {log === undefined ? <Skeleton className="h-7 w-64" /> : <RecordTitle log={log} />}
          {controls}
        </div>
        {log === undefined ? (
          <div className="my-3">
            <Skeleton className="h-24 w-full" />
          </div>
        ) : (
          <>
            <RecordFacts gateway={gateway} log={log} />
            <CacheHitNote gateway={gateway} log={log} session={session} />
            <RecordActions gateway={gateway} log={log} session={session} />
          </>
        )}
        <Tabs
          variant="underline"
          size="sm"
          tabs={TABS.map((value) => ({ value, label: words.tabs[value] }))}
          value={tab}
          onValueChange={(value) =>
            change({ tab: value === 'conversation' ? undefined : value }, { replace: true })
          }
        />
      </header>
      <div role="tabpanel" aria-label={words.tabs[tab]} className="min-w-0">
        {log === undefined ? (
          <div className="p-4">
            <Skeleton className="h-16 w-full" count={4} />
          </div>
        ) : (
          <Suspense fallback={<div className="h-96" />}>
            {tab === 'conversation' && <ConversationTab gateway={gateway} log={log} />}
            {tab === 'raw' && <RawTab gateway={gateway} log={log} />}
            {tab === 'timeline' && <TimelineTab log={log} />}
            {tab === 'decisions' && <DecisionsTab gateway={gateway} log={log} />}
            {tab === 'metadata' && <MetadataTab gateway={gateway} log={log} session={session} />}
          </Suspense>
        )}
      </div>
    </article>
  );
}

interface NotLoadedProps {
  readonly gateway: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

function NotLoaded({ gateway, error, onRetry }: NotLoadedProps) {
  if (!isFailure(error, 404)) return <FailureView title={words.loadFailed} error={error} onRetry={onRetry} />;
  return (
    <div role="alert" className="py-16 text-center">
      <p className="font-medium">{words.gone}</p>
      <p className="mx-auto mt-1 max-w-md text-sm text-kumo-subtle">{words.goneText}</p>
      <Link
        to="/g/$gateway/logs"
        params={{ gateway } as never}
        className="mt-4 inline-block text-kumo-link hover:underline"
      >
        {words.toLogs}
      </Link>
    </div>
  );
}
