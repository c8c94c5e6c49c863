import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FailureView } from './failure-view.tsx';
import { Skeleton } from './skeleton.tsx';

interface LoadedProps<Data> {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>;
  /** What is shown of the data once they are there. */
  readonly children: (data: Data) => ReactNode;
  /** Lines of the space that is kept while they come, and the height of each, as a class. */
  readonly count?: number;
  readonly height?: string;
  /** What is said when they do not come, in place of the usual title. */
  readonly failed?: string;
  /** Room around what stands in their place, as classes: that of a panel, where nothing is said. */
  readonly className?: string;
}

/** What failed, or space that is kept, or the data. */
export function Loaded<Data>({
  query: { data, error, refetch },
  children,
  count = 1,
  height = 'h-9',
  failed,
  className = 'p-4',
}: LoadedProps<Data>) {
  if (error) {
    return (
      <div className={className}>
        <FailureView
          error={error}
          onRetry={() => void refetch()}
          {...(failed !== undefined && { title: failed })}
        />
      </div>
    );
  }
  if (data === undefined) {
    return (
      <div className={className}>
        <Skeleton className={`${height} w-full`} count={count} />
      </div>
    );
  }
  return children(data);
}
