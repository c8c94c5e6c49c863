import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { AgentSessionObject } from '../../../src/api/contract/analytics.ts';
import { gatewayApiPath, getOne, getPage, type Query } from './client.ts';

export type AgentSession = AgentSessionObject;

const PAGE_SIZE = 50;

export const agentSessionsQuery = (gateway: string, query: Query) =>
  queryOptions({
    queryKey: ['sessions', gateway, query],
    queryFn: ({ signal }) =>
      getPage<AgentSession>(gatewayApiPath(gateway, '/sessions'), { ...query, per_page: PAGE_SIZE }, signal),
    placeholderData: keepPreviousData,
  });

export const agentSessionQuery = (gateway: string, id: string) =>
  queryOptions({
    queryKey: ['session-of-agent', gateway, id],
    queryFn: ({ signal }) =>
      getOne<AgentSession>(gatewayApiPath(gateway, `/sessions/${encodeURIComponent(id)}`), undefined, signal),
  });
