import { Button } from '@cloudflare/kumo/components/button';
import { Select } from '@cloudflare/kumo/components/select';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type CachedAnswer, cacheEntriesQuery, deleteCachedAnswer } from '../../api/cache.ts';
import { carryOut } from '../../components/carry-out.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { Money } from '../../components/money.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { useAddress } from '../../filters/use-address.ts';
import { formatBytes, formatCount } from '../../format/numbers.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { cacheWords as words } from '../../words/cache.ts';
import { entriesInput, readOrder } from './queries.ts';

interface EntriesProps {
  readonly gateway: string;
  readonly mayEdit: boolean;
}

/** What is kept, the largest, the most used or the newest first. */
export function Entries({ gateway, mayEdit }: EntriesProps) {
  const { search, change } = useAddress();
  const client = useQueryClient();
  const list = useQuery({
    ...cacheEntriesQuery(gateway, entriesInput(search)),
    placeholderData: keepPreviousData,
  });
  const remove = async ({ key }: CachedAnswer): Promise<void> => {
    await carryOut(() => deleteCachedAnswer(gateway, key), {
      done: words.removed,
      failed: words.removeFailed,
    });
    await client.invalidateQueries({ queryKey: ['cache-entries', gateway] });
  };
  return (
    <Panel
      title={words.kept}
      actions={
        <Select
          size="sm"
          aria-label={words.order}
          items={words.keptOrders}
          value={readOrder(search)}
          onValueChange={(order) =>
            change({ order: order === 'size' || order === null ? undefined : order, page: undefined })
          }
        />
      }
    >
      <Loaded query={list} count={4}>
        {(data) => (
          <>
            <DataTable
              label={words.kept}
              columns={columnsOf(gateway, mayEdit ? remove : null)}
              rows={data.rows}
              keyOf={({ key }) => key}
              empty={words.noEntries}
              isStale={list.isPlaceholderData}
            />
            <Pager
              info={data.info}
              onPage={(page) => change({ page: page === 1 ? undefined : String(page) })}
            />
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function columnsOf(
  gateway: string,
  remove: ((entry: CachedAnswer) => Promise<void>) | null,
): readonly Column<CachedAnswer>[] {
  const { entryColumns } = words;
  const shown: Column<CachedAnswer>[] = [
    {
      id: 'model',
      title: entryColumns.model,
      onPhone: 'title',
      cell: ({ model, log_id }) => (
        <Link
          to="/g/$gateway/logs/$id"
          params={{ gateway, id: log_id } as never}
          title={words.openPaid}
          className="figures break-all text-kumo-link hover:underline"
        >
          <bdi>{model === null ? words.unknown : visibleText(model)}</bdi>
        </Link>
      ),
    },
    { id: 'provider', title: entryColumns.provider, cell: ({ provider }) => provider ?? words.unknown },
    { id: 'size', title: entryColumns.size, align: 'right', cell: ({ bytes }) => formatBytes(bytes) },
    { id: 'hits', title: entryColumns.hits, align: 'right', cell: ({ hits }) => formatCount(hits) },
    { id: 'cost', title: entryColumns.cost, align: 'right', cell: ({ cost }) => <Money usd={cost} /> },
    {
      id: 'created',
      title: entryColumns.created,
      onPhone: 'hidden',
      cell: ({ created_at }) => <Moment at={created_at} isRelative />,
    },
    { id: 'expires', title: entryColumns.expires, cell: ({ expires_at }) => <Moment at={expires_at} /> },
  ];
  if (remove === null) return shown;
  return [
    ...shown,
    {
      id: 'actions',
      title: entryColumns.actions,
      align: 'right',
      onPhone: 'line',
      cell: (entry) => (
        <Button
          className="ml-auto"
          size="sm"
          aria-label={words.removeLabel(entry.model ?? words.unknown)}
          onClick={() => void remove(entry)}
        >
          {words.remove}
        </Button>
      ),
    },
  ];
}
