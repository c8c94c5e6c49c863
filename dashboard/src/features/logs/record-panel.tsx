import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import type { LogRow } from '../../api/logs.ts';
import { recordWords as words } from '../../words/record.ts';
import { RecordControls } from '../record/record-controls.tsx';
import { RecordView } from '../record/record-view.tsx';

interface RecordPanelProps {
  readonly gateway: string;
  readonly id: string;
  readonly rows: readonly LogRow[];
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

/** The record beside the list: a full page on a phone. It covers nothing that the keys need, so it is no dialog. */
export function RecordPanel({ gateway, id, rows, onOpen, onClose }: RecordPanelProps) {
  const navigate = useNavigate();
  const panel = useRef<HTMLElement>(null);
  const index = rows.findIndex((row) => row.id === id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another record begins at its top
  useEffect(() => {
    panel.current?.scrollTo({ top: 0 });
    panel.current?.focus({ preventScroll: true });
  }, [id]);
  const previous = index > 0 ? rows[index - 1]!.id : null;
  const next = index === -1 ? null : (rows[index + 1]?.id ?? null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it does with an id does not change
  const controls = useMemo(
    () => ({
      onPrevious: previous === null ? null : () => onOpen(previous),
      onNext: next === null ? null : () => onOpen(next),
    }),
    [previous, next],
  );
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={words.title}
      className="@container fixed inset-y-0 right-0 z-30 w-full overflow-y-auto border-l border-kumo-hairline bg-kumo-base shadow-2xl outline-none sm:top-12 sm:w-[min(46rem,72vw)]"
    >
      <RecordView
        key={id}
        gateway={gateway}
        id={id}
        controls={
          <RecordControls
            {...controls}
            onClose={onClose}
            onOpenAlone={() =>
              void navigate({ to: '/g/$gateway/logs/$log', params: { gateway, log: id } } as never)
            }
          />
        }
      />
    </aside>
  );
}
