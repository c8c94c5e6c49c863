import { lazy, Suspense } from 'react';
import { Skeleton } from '../components/skeleton.tsx';

const Panel = lazy(async () => ({ default: (await import('./connect-panel.tsx')).ConnectPanel }));

/** How a client is pointed at a gateway: loaded when it is looked at, its space kept until then. */
export function ConnectPanel({ gateway }: { readonly gateway: string }) {
  return (
    <Suspense fallback={<Skeleton className="h-80 w-full" />}>
      <Panel gateway={gateway} />
    </Suspense>
  );
}
