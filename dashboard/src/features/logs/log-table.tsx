import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { LogRow, LogSort } from '../../api/logs.ts';
import { PHONE, useMedia } from '../../browser/media.ts';
import { density, ROW_PX } from '../../table/density.ts';
import { logWords as words } from '../../words/logs.ts';
import { LOG_COLUMNS, type LogColumn } from './cells.tsx';
import type { ColumnId } from './list-state.ts';
import { LogCard, LogLine } from './log-row.tsx';
import { LogTableHead } from './log-table-head.tsx';
import { typicalLongest } from './typical-longest.ts';

export interface LogTableProps {
  readonly gateway: string;
  readonly rows: readonly LogRow[];
  readonly columns: readonly ColumnId[];
  readonly sort: LogSort;
  readonly onSort: (sort: LogSort) => void;
  /** Where the keys are. */
  readonly activeId: string | null;
  readonly openId: string | null;
  readonly marked: ReadonlySet<string>;
  readonly onMark: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly hasMore: boolean;
  /** The end of what is loaded comes into sight. */
  readonly onNearEnd: () => void;
  readonly isStale: boolean;
  readonly footer: ReactNode;
}

const CARD_PX = 88;
/** What tells rows apart in the narrow rest that an open record leaves. */
const BESIDE_PANEL: readonly ColumnId[] = ['time', 'status', 'prompt'];
const OVERSCAN = 14;
/** Rows that are left below what is in sight when the next page is asked for. */
const AHEAD = 80;

/** Any number of records: those in sight are in the page, with room kept for the rest. A list of cards on a phone. */
export function LogTable(props: LogTableProps) {
  const { rows, columns, sort, onSort, activeId, openId, hasMore, onNearEnd, isStale, footer } = props;
  const isPhone = useMedia(PHONE);
  const height = density.use();
  const rowPx = isPhone ? CARD_PX : ROW_PX[height];
  const box = useRef<HTMLDivElement>(null);
  const margin = useTop(box);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowPx,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: OVERSCAN,
    scrollMargin: margin,
    scrollPaddingStart: 96,
    scrollPaddingEnd: 48,
  });
  // Sizes are fixed, and known again when their kind changes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the size of a row is what changed
  useLayoutEffect(() => virtualizer.measure(), [rowPx, virtualizer]);
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const isNearEnd = hasMore && last >= rows.length - AHEAD;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when another page has come
  useEffect(() => {
    if (isNearEnd) onNearEnd();
  }, [isNearEnd, rows.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the keys scrolls, not new rows
  useEffect(() => {
    const index = activeId === null ? -1 : rows.findIndex(({ id }) => id === activeId);
    if (index !== -1) virtualizer.scrollToIndex(index, { align: 'auto' });
  }, [activeId, virtualizer]);
  const longestMs = useMemo(() => typicalLongest(rows.map(({ duration }) => duration)), [rows]);
  const isBeside = openId !== null;
  const shown = useMemo(
    () => LOG_COLUMNS.filter(({ id }) => (isBeside ? BESIDE_PANEL : columns).includes(id)),
    [columns, isBeside],
  );
  const above = (items[0]?.start ?? margin) - margin;
  const below = virtualizer.getTotalSize() - ((items.at(-1)?.end ?? margin) - margin);
  const lines = items.map((item) => ({ item, log: rows[item.index]! }));
  const rowProps = { ...props, longestMs, rowPx };
  return (
    <div
      ref={box}
      className={`rounded-lg border border-kumo-hairline bg-kumo-base transition-opacity duration-100 ${isStale ? 'opacity-50' : ''} ${isBeside ? 'xl:mr-[calc(min(46rem,72vw)-0.5rem)]' : ''}`}
    >
      {isPhone ? (
        <ul aria-label={words.list}>
          <li aria-hidden="true" style={{ height: above }} />
          {lines.map(({ item, log }) => (
            <LogCard key={item.key} {...rowProps} log={log} />
          ))}
          <li aria-hidden="true" style={{ height: Math.max(0, below) }} />
        </ul>
      ) : (
        <table
          className="w-full table-fixed text-left text-sm"
          aria-rowcount={hasMore ? -1 : rows.length + 1}
        >
          <caption className="sr-only">{words.list}</caption>
          <LogTableHead columns={shown} sort={sort} onSort={onSort} />
          <tbody>
            <Space height={above} columns={shown} />
            {lines.map(({ item, log }) => (
              <LogLine key={item.key} {...rowProps} index={item.index} log={log} columns={shown} />
            ))}
            <Space height={below} columns={shown} />
          </tbody>
        </table>
      )}
      {footer}
    </div>
  );
}

function Space({ height, columns }: { readonly height: number; readonly columns: readonly LogColumn[] }) {
  if (height <= 0) return null;
  return (
    <tr>
      <td colSpan={columns.length + 1} style={{ height, padding: 0 }} />
    </tr>
  );
}

/** Where the element begins in the page; what stands above it may change its height. */
function useTop(box: React.RefObject<HTMLDivElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = (): void => {
      if (box.current) setTop(Math.round(box.current.getBoundingClientRect().top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [box]);
  return top;
}
