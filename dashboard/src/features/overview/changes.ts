import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type AuditEntry, auditQuery } from '../../api/audit.ts';
import { may, sessionQuery } from '../../api/session.ts';
import type { Mark } from '../../charts/time-chart-data.ts';
import { changeText } from '../../components/audit-text.ts';
import type { TimeRange } from '../../filters/time-range.ts';

const MOST = 100;
const STALE_MS = 60_000;
/** What changes how requests go. */
const TYPES = new Set(['ai_gateway.gateway', 'ai_gateway.provider_config', 'ai_gateway.cache']);

/** Changes of the gateway and its keys within the range, for those who may see who changed what. */
export function useChanges(gateway: string, range: TimeRange): readonly Mark[] {
  const { data: session } = useQuery(sessionQuery);
  const { data } = useQuery({
    ...auditQuery({ from: range.from, to: range.to === 'now' ? undefined : range.to, per_page: MOST }),
    enabled: session !== undefined && may(session, 'admin'),
    staleTime: STALE_MS,
  });
  return useMemo(() => marksOf(data?.rows ?? [], gateway), [data, gateway]);
}

export function marksOf(entries: readonly AuditEntry[], gateway: string): Mark[] {
  return entries
    .filter(
      ({ action, resource }) =>
        action.result === 'success' && resource.gateway === gateway && TYPES.has(resource.type),
    )
    .map(({ action, resource }) => ({
      atMs: Date.parse(action.time),
      label: changeText(action.type, resource.type),
    }));
}
