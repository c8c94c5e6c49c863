import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { providerKeysQuery } from '../../api/provider-keys.ts';
import { providersQuery } from '../../api/providers.ts';
import { may, sessionQuery } from '../../api/session.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { usePathParameter } from '../../filters/use-address.ts';
import { playgroundWords as words } from '../../words/playground.ts';
import { Playground } from './playground.tsx';
import { askable, providersWithKey } from './providers.ts';

export function Page() {
  const gateway = usePathParameter('gateway');
  const { data: session } = useSuspenseQuery(sessionQuery);
  const { data: providers, error, refetch } = useQuery(providersQuery);
  const mayRead = may(session, 'read');
  const keys = useQuery({ ...providerKeysQuery(gateway), enabled: mayRead });
  if (error || providers === undefined || (mayRead && keys.isPending))
    return (
      <>
        <PageHeader title={words.title} text={words.text} />
        {error ? (
          <FailureView title={words.noProviders} error={error} onRetry={() => void refetch()} />
        ) : (
          <div className="grid gap-4 lg:grid-cols-2">
            <Skeleton className="h-96 w-full" />
            <Skeleton className="h-96 w-full" />
          </div>
        )}
      </>
    );
  // Without the list of keys all are offered; the gateway says when there is none.
  const withKey = keys.data ? providersWithKey(keys.data.rows, providers) : null;
  return <Playground gateway={gateway} session={session} providers={askable(providers)} withKey={withKey} />;
}
