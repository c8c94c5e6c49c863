import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { conversationQuery, logQuery } from '../../api/logs.ts';
import type { Provider } from '../../api/providers.ts';
import { type Loaded, loadRecord } from './from-record.ts';

interface LoadedRecord {
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

/** Asks for a record once, and hands on what it holds. `id` null: nothing is to be loaded. */
export function useLoadedRecord(
  gateway: string,
  id: string | null,
  providers: readonly Provider[] | undefined,
  onLoad: (loaded: Loaded, provider: string) => void,
): LoadedRecord {
  const isWanted = id !== null && id !== '';
  const log = useQuery({ ...logQuery(gateway, id ?? ''), enabled: isWanted });
  const conversation = useQuery({ ...conversationQuery(gateway, id ?? ''), enabled: isWanted });
  const taken = useRef<string | null>(null);

  useEffect(() => {
    if (id === null) taken.current = null;
    if (id === null || taken.current === id || !log.data || !conversation.data || !providers) return;
    taken.current = id;
    onLoad(loadRecord(conversation.data, log.data, providers), log.data.provider);
  }, [id, log.data, conversation.data, providers, onLoad]);

  const error = isWanted ? (log.error ?? conversation.error) : null;
  return {
    isLoading: isWanted && error === null && (log.isPending || conversation.isPending),
    error,
    retry: () => {
      void log.refetch();
      void conversation.refetch();
    },
  };
}
