import { WarningIcon } from '@phosphor-icons/react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Attention, attentionQuery } from '../../api/attention.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { logsLink } from '../../filters/links.ts';
import { visibleText } from '../../format/visible-text.ts';
import { homeWords as words } from '../../words/home.ts';
import { filtersOf } from './attention-filters.ts';

const REFRESH_MS = 30_000;

/** Something is broken, or was stopped because it did harm. */
const BAD: ReadonlySet<Attention['kind']> = new Set<Attention['kind']>([
  'error-spike',
  'provider-down',
  'degraded',
  'semantic-cache-paused',
]);

/** Not there when there is nothing to look at. */
export function AttentionStrip() {
  const { data, error, refetch } = useQuery({ ...attentionQuery, refetchInterval: REFRESH_MS });
  if (error) return <FailureView title={words.attention} error={error} onRetry={() => void refetch()} />;
  if (data === undefined || data.length === 0) return null;
  return (
    <Panel title={words.attention}>
      <ul aria-live="polite" className="mt-1">
        {data.map((item) => (
          <Item key={`${item.kind} ${item.gateway} ${item.subject}`} item={item} />
        ))}
      </ul>
    </Panel>
  );
}

function Item({ item }: { readonly item: Attention }) {
  const isBad = BAD.has(item.kind);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-kumo-hairline px-4 py-2 text-sm">
      <WarningIcon
        size={18}
        weight="fill"
        aria-hidden="true"
        className={isBad ? 'text-kumo-danger' : 'text-kumo-warning'}
      />
      <span className="min-w-0 flex-1 basis-64 break-words">
        <bdi>{visibleText(item.message)}</bdi>
      </span>
      {item.since !== null && (
        <span className="text-xs text-kumo-subtle">
          {words.since} <Moment at={item.since} />
        </span>
      )}
      {item.gateway !== null && (
        <Link
          {...logsLink(item.gateway, { filters: filtersOf(item.filters) })}
          className="text-kumo-link hover:underline"
        >
          {words.seeRequests}
        </Link>
      )}
    </li>
  );
}
