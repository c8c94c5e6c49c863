import { QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './failure.ts';

const STALE_MS = 15_000;

/** What a person did wrong is not asked again. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        refetchOnWindowFocus: true,
        retry: (count, error) =>
          count < 2 && error instanceof ApiFailure && (error.status === 0 || error.status >= 500),
      },
    },
  });
}
