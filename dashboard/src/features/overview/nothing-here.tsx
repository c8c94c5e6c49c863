import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import { logsQuery } from '../../api/logs.ts';
import type { View } from '../../filters/view.ts';
import { formatAgo } from '../../format/durations.ts';
import { overviewWords as words } from '../../words/overview.ts';
import { rangeAround } from './range-around.ts';

interface NothingHereProps {
  readonly gateway: string;
  readonly view: View;
  readonly onView: (patch: Partial<View>) => void;
}

/** Why there is nothing, and the way to where there is something. */
export function NothingHere({ gateway, view, onView }: NothingHereProps) {
  const { data } = useQuery(logsQuery(gateway, { per_page: 1, order_by_direction: 'desc' }));
  const newest = data?.rows[0];
  const newestMs = newest === undefined ? null : Date.parse(newest.created_at);
  return (
    <>
      <p>{words.emptyRange}</p>
      {view.filters.length > 0 ? (
        <Button size="sm" onClick={() => onView({ filters: [] })}>
          {words.clearFilters}
        </Button>
      ) : (
        newestMs !== null && (
          <>
            <p>{words.newest(formatAgo(newestMs, Math.max(Date.now(), newestMs)))}</p>
            <Button size="sm" onClick={() => onView({ range: rangeAround(newestMs) })}>
              {words.goThere}
            </Button>
          </>
        )
      )}
    </>
  );
}
