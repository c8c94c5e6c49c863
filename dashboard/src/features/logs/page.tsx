import { useInfiniteQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { logPagesQuery } from '../../api/logs.ts';
import { may, sessionQuery } from '../../api/session.ts';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { FilterBar } from '../../filters/filter-bar.tsx';
import { useAddress, usePathParameter } from '../../filters/use-address.ts';
import { useView } from '../../filters/view.ts';
import { formatCount } from '../../format/numbers.ts';
import { logWords as words } from '../../words/logs.ts';
import { EmptyList } from './empty-list.tsx';
import { Histogram } from './histogram.tsx';
import { readListState, writeListState } from './list-state.ts';
import { LiveBar } from './live-bar.tsx';
import { LogTable } from './log-table.tsx';
import { MarkedBar } from './marked-bar.tsx';
import { SavedViews } from './saved-views.tsx';
import { mergeRows } from './tail.ts';
import { Toolbar } from './toolbar.tsx';
import { useListKeys } from './use-list-keys.ts';
import { useMarked } from './use-marked.ts';
import { useTail } from './use-tail.ts';

const RecordPanel = lazy(async () => ({ default: (await import('./record-panel.tsx')).RecordPanel }));
const Compare = lazy(async () => ({ default: (await import('../record/compare.tsx')).Compare }));

export function Page() {
  const gateway = usePathParameter('gateway');
  const { data: session } = useSuspenseQuery(sessionQuery);
  const { view, changeView } = useView();
  const { search, change } = useAddress();
  const state = useMemo(() => readListState(search), [search]);
  const { sort, columns, isLive, record, compare } = state;
  const list = useInfiniteQuery({
    ...logPagesQuery(gateway, view, sort),
    placeholderData: (before) => before,
  });
  const { tail, state: streamState, show } = useTail(gateway, view, isLive, record !== null);
  const rows = useMemo(
    () => mergeRows(tail, list.data?.pages.map((page) => page.rows) ?? []),
    [tail, list.data],
  );
  const client = useQueryClient();
  useEffect(() => {
    if (!isLive) return;
    // What came live is forgotten with the tail: the list is asked for it when the tail has ended.
    return () => void client.invalidateQueries({ queryKey: ['logs', gateway, 'pages'] });
  }, [isLive, gateway, client]);
  const { marked, mark, clear } = useMarked();
  const open = (id: string | null): void =>
    change(writeListState({ record: id }), { replace: record !== null && id !== null });
  const { activeId, setActive } = useListKeys({ rows, record, onOpen: open, onMark: mark });
  const openRow = (id: string): void => {
    setActive(id);
    open(id);
  };
  if (compare !== null) {
    return (
      <Suspense>
        <Compare gateway={gateway} ids={compare} onBack={() => change(writeListState({ compare: null }))} />
      </Suspense>
    );
  }
  const total = list.data?.pages[0]?.info.total_count;
  return (
    <>
      <PageHeader title={words.title}>
        <Toolbar
          {...{ gateway, session, view, state, total }}
          isFetching={list.isRefetching}
          onChange={(patch) => change(writeListState(patch))}
          onRefresh={() => void list.refetch()}
        />
      </PageHeader>
      <FilterBar gateway={gateway} view={view} onChange={changeView} canSearch={may(session, 'read')}>
        <SavedViews gateway={gateway} mayEdit={may(session, 'edit')} />
      </FilterBar>
      <Histogram gateway={gateway} view={view} onZoom={(range) => changeView({ range })} />
      <p className="mb-2 min-h-5 text-xs text-kumo-subtle" role="status">
        {total !== undefined && words.count(formatCount(Math.max(total, rows.length)))}
      </p>
      {isLive && <LiveBar tail={tail} state={streamState} onShow={show} />}
      <Loaded query={list} failed={words.failed} count={12} className="">
        {() =>
          rows.length === 0 ? (
            <EmptyList gateway={gateway} view={view} onChange={changeView} />
          ) : (
            <LogTable
              {...{ gateway, rows, columns, sort, activeId, marked }}
              openId={record}
              onSort={(next) => change(writeListState({ sort: next, isLive: false }), { replace: true })}
              onMark={mark}
              onOpen={openRow}
              hasMore={list.hasNextPage}
              onNearEnd={() => {
                if (!list.isFetchingNextPage) void list.fetchNextPage();
              }}
              isStale={list.isPlaceholderData}
              footer={
                <p className="h-9 border-t border-kumo-hairline px-4 text-xs leading-9 text-kumo-subtle">
                  {list.isFetchNextPageError
                    ? words.failed
                    : list.hasNextPage
                      ? words.loadingMore
                      : words.end}
                </p>
              }
            />
          )
        }
      </Loaded>
      {marked.size > 0 && (
        <MarkedBar
          {...{ gateway, session, marked }}
          onClear={clear}
          onCompare={(ids) => change(writeListState({ compare: ids, record: null }))}
          onDeleted={() => {
            clear();
            void list.refetch();
          }}
        />
      )}
      {record !== null && (
        <Suspense>
          <RecordPanel
            gateway={gateway}
            id={record}
            rows={rows}
            onOpen={openRow}
            onClose={() => open(null)}
          />
        </Suspense>
      )}
    </>
  );
}
