import { useCallback, useEffect, useMemo, useRef } from 'react';
import { isCovered, type KeyBinding, useKeys } from '../../browser/keys.ts';
import { playgroundWords as words } from '../../words/playground.ts';

/** Ctrl or ⌘ with Enter sends, Esc stops; wherever the focus is. */
export function usePageKeys(send: () => void, stop: () => void, isRunning: boolean): void {
  const latest = useRef({ send, stop, isRunning });
  useEffect(() => {
    latest.current = { send, stop, isRunning };
  });
  const sendLatest = useCallback(() => {
    if (!isCovered()) latest.current.send();
  }, []);
  useKeys(
    useMemo<readonly KeyBinding[]>(
      () => [
        { keys: 'mod+Enter', label: words.sendKey, group: 'page', run: sendLatest },
        { keys: 'Escape', label: words.stopKey, group: 'page', run: stop },
      ],
      [sendLatest, stop],
    ),
  );
  // Before the field or box in focus, some of which keep these keys for themselves.
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isSend = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
      const isStop = event.key === 'Escape' && latest.current.isRunning;
      if ((!isSend && !isStop) || event.isComposing || isCovered()) return;
      event.preventDefault();
      event.stopPropagation();
      if (isSend) latest.current.send();
      else latest.current.stop();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
