import { Link } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import type { LogRow } from '../../api/logs.ts';
import { HostileText } from '../../components/hostile-text.tsx';
import { Moment } from '../../components/moment.tsx';
import { Money } from '../../components/money.tsx';
import { formatDuration } from '../../format/durations.ts';
import { formatTime } from '../../format/times.ts';
import { logWords as words } from '../../words/logs.ts';
import { CacheCell, type LogColumn, Prompt, Status, Tokens } from './cells.tsx';

interface RowProps {
  readonly log: LogRow;
  readonly gateway: string;
  readonly longestMs: number;
  readonly rowPx: number;
  readonly activeId: string | null;
  readonly openId: string | null;
  readonly marked: ReadonlySet<string>;
  readonly onMark: (id: string) => void;
  readonly onOpen: (id: string) => void;
}

/** What was clicked has a meaning of its own, or text was selected: then the row does not open. */
function isElsewhere(event: MouseEvent<HTMLElement>): boolean {
  const target = event.target as HTMLElement;
  return target.closest('a, button, input, label') !== null || getSelection()?.type === 'Range';
}

const background = (isOpen: boolean, isActive: boolean, isMarked: boolean): string =>
  isOpen
    ? 'bg-tide-tint'
    : isActive
      ? 'bg-kumo-tint'
      : isMarked
        ? 'bg-tide-tint/50'
        : 'hover:bg-kumo-tint/60';

interface LogLineProps extends RowProps {
  readonly index: number;
  readonly columns: readonly LogColumn[];
}

export function LogLine({ index, log, columns, ...row }: LogLineProps) {
  const { gateway, longestMs, rowPx, activeId, openId, marked, onMark, onOpen } = row;
  const isMarked = marked.has(log.id);
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={isMarked}
      className={`cursor-default border-t border-kumo-hairline ${background(openId === log.id, activeId === log.id, isMarked)}`}
      style={{ height: rowPx }}
      onClick={(event) => {
        if (!isElsewhere(event)) onOpen(log.id);
      }}
    >
      <td className={`pl-2 ${activeId === log.id ? 'shadow-[inset_2px_0_0_var(--color-tide)]' : ''}`}>
        <Mark log={log} isMarked={isMarked} onMark={onMark} />
      </td>
      {columns.map((column) => (
        <td
          key={column.id}
          className={`truncate px-1.5 last:pr-4 ${column.align === 'right' ? 'text-right' : ''} ${column.className}`}
        >
          {column.id === 'time' ? (
            <RecordLink log={log} gateway={gateway} onOpen={onOpen}>
              {column.cell({ log, gateway, longestMs })}
            </RecordLink>
          ) : (
            column.cell({ log, gateway, longestMs })
          )}
        </td>
      ))}
    </tr>
  );
}

function Mark({
  log,
  isMarked,
  onMark,
}: {
  readonly log: LogRow;
  readonly isMarked: boolean;
  readonly onMark: (id: string) => void;
}) {
  return (
    <label className="grid size-6 place-items-center">
      <input
        type="checkbox"
        checked={isMarked}
        aria-label={words.select(log.id)}
        className="size-3.5 accent-tide"
        onChange={() => onMark(log.id)}
      />
    </label>
  );
}

interface RecordLinkProps extends Pick<RowProps, 'log' | 'gateway' | 'onOpen'> {
  readonly children: ReactNode;
}

/** Opens over the list; in a new tab it stands alone. */
function RecordLink({ log, gateway, onOpen, children }: RecordLinkProps) {
  return (
    <Link
      to="/g/$gateway/logs/$log"
      params={{ gateway, log: log.id } as never}
      preload={false}
      aria-label={words.open(formatTime(log.created_at))}
      className="rounded-sm hover:underline"
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        onOpen(log.id);
      }}
    >
      {children}
    </Link>
  );
}

export function LogCard({ log, ...row }: RowProps) {
  const { gateway, rowPx, activeId, openId, marked, onOpen } = row;
  return (
    <li
      className={`border-t border-kumo-hairline first-of-type:border-0 ${background(openId === log.id, activeId === log.id, marked.has(log.id))}`}
      style={{ height: rowPx }}
    >
      <Link
        to="/g/$gateway/logs/$log"
        params={{ gateway, log: log.id } as never}
        preload={false}
        className="flex h-full min-w-0 flex-col justify-center gap-1 px-3"
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.button !== 0) return;
          event.preventDefault();
          onOpen(log.id);
        }}
      >
        <span className="flex items-center gap-3">
          <Status log={log} />
          <span className="min-w-0 flex-1 truncate text-kumo-subtle">
            <HostileText text={log.model || log.model_requested || log.provider} />
          </span>
          <span className="figures text-kumo-subtle">
            <Moment at={log.created_at} />
          </span>
        </span>
        <span className="truncate">
          <Prompt log={log} />
        </span>
        <span className="flex items-center gap-4 text-xs text-kumo-subtle">
          <Tokens log={log} />
          <Money usd={log.cost} />
          <span className="figures">{formatDuration(log.duration)}</span>
          <CacheCell log={log} />
        </span>
      </Link>
    </li>
  );
}
