import { useCallback, useEffect, useRef, useState } from 'react';
import { openLogStream, type StreamState } from '../../api/log-stream.ts';
import type { LogRow } from '../../api/logs.ts';
import type { View } from '../../filters/view.ts';
import { EMPTY_TAIL, receive, showWaiting, type Tail } from './tail.ts';

/** Records that come together are shown together: a list that is drawn for each of hundreds a second stands still. */
const GATHER_MS = 250;
const TOP_PX = 40;

/** The live tail of a view while it is on. Forgets what it had when the view changes. */
export function useTail(gateway: string, view: View, isOn: boolean, isReading: boolean) {
  const [tail, setTail] = useState<Tail>(EMPTY_TAIL);
  const [state, setState] = useState<StreamState>('connecting');
  const reading = useRef(isReading);
  reading.current = isReading;
  const selection = JSON.stringify([view.filters, view.text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is what `selection` says
  useEffect(() => {
    if (!isOn) return;
    let gathered: LogRow[] = [];
    let timer = 0;
    const flush = (): void => {
      timer = 0;
      const logs = gathered;
      gathered = [];
      const isAway = reading.current || window.scrollY > TOP_PX;
      setTail((before) => receive(before, logs, isAway));
    };
    const close = openLogStream(gateway, view, {
      onLog: (log) => {
        gathered.push(log);
        timer ||= window.setTimeout(flush, GATHER_MS);
      },
      onSkipped: (count) => setTail((before) => ({ ...before, skipped: before.skipped + count })),
      onState: setState,
    });
    return () => {
      close();
      window.clearTimeout(timer);
      setTail(EMPTY_TAIL);
    };
  }, [gateway, selection, isOn]);
  const show = useCallback(() => {
    setTail(showWaiting);
    window.scrollTo({ top: 0 });
  }, []);
  return { tail, state, show };
}
