import { auditQuery } from '../../api/audit.ts';
import type { Query } from '../../api/client.ts';
import { readRange, type TimeRange } from '../../filters/time-range.ts';
import { one, type Search } from '../../filters/use-address.ts';
import type { PageQueries } from '../../page-row.ts';

const PER_PAGE = 50;

/** Changes are few, and are looked for further back than requests are. */
export function auditRange(search: Search): TimeRange {
  const from = one(search, 'from');
  return from === undefined ? { from: '-30d', to: 'now' } : readRange(from, one(search, 'to'));
}

export function auditInput(search: Search): Query {
  const range = auditRange(search);
  return {
    page: Math.max(1, Math.trunc(Number(one(search, 'page') ?? '1')) || 1),
    per_page: PER_PAGE,
    from: range.from,
    to: range.to === 'now' ? undefined : range.to,
    resource_type: one(search, 'kind'),
    action: one(search, 'action'),
    actor: one(search, 'actor'),
  };
}

export const auditQueries: PageQueries = ({ search }) => [auditQuery(auditInput(search))];
