import { useCallback, useEffect, useRef, useState } from 'react';
import type { Call } from './call.ts';
import { follow, newRun, type Run } from './run.ts';

export interface Runs {
  /** By the place of its column. */
  readonly at: (index: number) => Run | null;
  readonly isRunning: boolean;
  readonly start: (index: number, call: Call, model: string, skipsCache: boolean) => void;
  readonly stop: (index: number) => void;
  readonly stopAll: () => void;
  /** The column is gone, and those behind it move up. */
  readonly remove: (index: number) => void;
  readonly clear: () => void;
}

interface Slot {
  readonly run: Run;
  readonly controller: AbortController;
}

/** The answers that are being shown. What is under way ends when the page is left. */
export function useRuns(gateway: string): Runs {
  const [slots, setSlots] = useState<readonly (Slot | null)[]>([]);
  const current = useRef(slots);
  current.current = slots;

  useEffect(
    () => () => {
      for (const slot of current.current) slot?.controller.abort();
    },
    [],
  );

  const start = useCallback<Runs['start']>(
    (index, call, model, skipsCache) => {
      current.current[index]?.controller.abort();
      const controller = new AbortController();
      const first = newRun(call.provider, model);
      setSlots((before) => placed(before, index, { run: first, controller }));
      // Found by its controller: the column may have moved since.
      const write = (run: Run): void =>
        setSlots((before) =>
          before.map((slot) => (slot?.controller === controller ? { run, controller } : slot)),
        );
      void follow({ gateway, call, first, skipsCache, controller, show: onceAFrame(write) });
    },
    [gateway],
  );
  const stop = useCallback<Runs['stop']>((index) => current.current[index]?.controller.abort(), []);
  const stopAll = useCallback(() => {
    for (const slot of current.current) slot?.controller.abort();
  }, []);
  const remove = useCallback<Runs['remove']>((index) => {
    current.current[index]?.controller.abort();
    setSlots((before) => before.filter((_, place) => place !== index));
  }, []);
  const clear = useCallback(() => {
    stopAll();
    setSlots([]);
  }, [stopAll]);
  const at = useCallback((index: number): Run | null => slots[index]?.run ?? null, [slots]);
  const isRunning = slots.some((slot) => slot !== null && slot.run.state !== 'ended');
  return { at, isRunning, start, stop, stopAll, remove, clear };
}

function placed(before: readonly (Slot | null)[], index: number, slot: Slot): (Slot | null)[] {
  const length = Math.max(before.length, index + 1);
  return Array.from({ length }, (_, place) => (place === index ? slot : (before[place] ?? null)));
}

/** Tokens may come faster than a screen shows them: the latest of a frame is enough, but the end is never left out. */
function onceAFrame(write: (run: Run) => void): (run: Run) => void {
  let waiting: Run | null = null;
  return (run) => {
    if (run.state === 'ended') {
      waiting = null;
      write(run);
      return;
    }
    const isBooked = waiting !== null;
    waiting = run;
    if (isBooked) return;
    requestAnimationFrame(() => {
      if (waiting !== null) write(waiting);
      waiting = null;
    });
  };
}
