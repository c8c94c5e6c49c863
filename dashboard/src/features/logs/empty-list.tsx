import { Button } from '@cloudflare/kumo/components/button';
import { useQuery } from '@tanstack/react-query';
import { logSelection, logsQuery } from '../../api/logs.ts';
import type { View } from '../../filters/view.ts';
import { formatAgo } from '../../format/durations.ts';
import { logWords as words } from '../../words/logs.ts';

interface EmptyListProps {
  readonly gateway: string;
  readonly view: View;
  readonly onChange: (patch: Partial<View>) => void;
}

const BESIDE_MS = 30 * 60_000;

/** Why there is nothing, and the way to where there is something. */
export function EmptyList({ gateway, view, onChange }: EmptyListProps) {
  const { search, filters } = logSelection(view);
  const newest = { per_page: 1, order_by: 'created_at', order_by_direction: 'desc' };
  const { data: matching } = useQuery(logsQuery(gateway, { ...newest, search, filters }));
  const isFiltered = view.filters.length > 0 || view.text !== '';
  const { data: any } = useQuery({ ...logsQuery(gateway, newest), enabled: isFiltered });
  const found = matching?.rows[0];
  const isNever = matching !== undefined && found === undefined && (!isFiltered || any?.rows.length === 0);
  const goThere = (createdAt: string): void => {
    const at = Date.parse(createdAt);
    onChange({
      range: { from: new Date(at - BESIDE_MS).toISOString(), to: new Date(at + BESIDE_MS).toISOString() },
    });
  };
  return (
    <div className="flex flex-col items-center gap-2 rounded-lg border border-kumo-hairline bg-kumo-base px-4 py-16 text-center">
      <p className="font-medium">{isNever ? words.neverTitle : words.emptyTitle}</p>
      <p className="max-w-md text-sm text-kumo-subtle">{isNever ? words.neverText : words.emptyText}</p>
      {found && (
        <p className="flex flex-wrap items-center justify-center gap-2 text-sm">
          {words.newest(formatAgo(Date.parse(found.created_at), Date.now()))}
          <Button size="sm" onClick={() => goThere(found.created_at)}>
            {words.goThere}
          </Button>
        </p>
      )}
      {isFiltered && !isNever && (
        <Button size="sm" variant="ghost" onClick={() => onChange({ filters: [], text: '' })}>
          {words.clearFilters}
        </Button>
      )}
    </div>
  );
}
