import { queryOptions } from '@tanstack/react-query';
import { accountPath, getOne } from './client.ts';

/** What should be looked at. `filters` are those of the list of logs that show it. */
export interface Attention {
  readonly kind:
    | 'error-spike'
    | 'limit-reached'
    | 'unknown-price'
    | 'spool-backlog'
    | 'provider-down'
    | 'semantic-cache-paused'
    | 'degraded';
  readonly gateway: string | null;
  readonly subject: string | null;
  readonly message: string;
  readonly since: string | null;
  readonly filters: readonly {
    readonly key: string;
    readonly operator: string;
    readonly value: readonly unknown[];
  }[];
}

export const attentionQuery = queryOptions({
  queryKey: ['attention'],
  queryFn: ({ signal }) => getOne<Attention[]>(accountPath('/attention'), undefined, signal),
});
