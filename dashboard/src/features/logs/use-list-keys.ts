import { useMemo, useRef, useState } from 'react';
import type { LogRow } from '../../api/logs.ts';
import { type KeyBinding, useKeys } from '../../browser/keys.ts';
import { logWords } from '../../words/logs.ts';

const words = logWords.keys;

interface ListKeysInput {
  readonly rows: readonly LogRow[];
  /** The record that is open: then J and K are the panel's own, and go to the next record. */
  readonly record: string | null;
  readonly onOpen: (id: string | null) => void;
  readonly onMark: (id: string) => void;
}

/** J and K move through the rows, Enter opens, X marks, Escape closes. */
export function useListKeys(input: ListKeysInput) {
  const [activeId, setActive] = useState<string | null>(null);
  const latest = useRef({ ...input, activeId });
  latest.current = { ...input, activeId };
  useKeys(
    useMemo<readonly KeyBinding[]>(() => {
      const move = (by: number): void => {
        const { rows, activeId: at } = latest.current;
        const index = rows.findIndex(({ id }) => id === at);
        const next = rows[index === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, index + by))];
        if (next) setActive(next.id);
      };
      const isOnControl = (event: KeyboardEvent): boolean =>
        (event.target as HTMLElement | null)?.closest('a, button, summary') !== null;
      return [
        { keys: 'j', label: words.next, group: 'page', run: () => move(1) },
        { keys: 'k', label: words.previous, group: 'page', run: () => move(-1) },
        {
          keys: 'Enter',
          label: words.open,
          group: 'page',
          run: (event) => {
            const { activeId: at, onOpen } = latest.current;
            if (isOnControl(event)) (event.target as HTMLElement).click();
            else if (at !== null) onOpen(at);
          },
        },
        {
          keys: 'x',
          label: words.mark,
          group: 'page',
          run: () => {
            const { record, activeId: at, onMark } = latest.current;
            const id = record ?? at;
            if (id !== null) onMark(id);
          },
        },
        {
          keys: 'Escape',
          label: words.close,
          group: 'page',
          run: () => {
            if (latest.current.record !== null) latest.current.onOpen(null);
          },
        },
      ];
    }, []),
  );
  return { activeId, setActive };
}
