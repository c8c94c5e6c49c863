import { useCallback, useEffect, useRef } from 'react';

const STAY_MS = 3000;
const EVERY_MS = 100;
const READER = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;

/**
 * Goes to a place and stays there while what lies around it is loaded and grows: for a moment, or until the reader goes
 * elsewhere.
 */
export function useStay(): (go: () => void) => void {
  const leave = useRef<() => void>(() => {});
  useEffect(() => () => leave.current(), []);
  return useCallback((go: () => void) => {
    leave.current();
    go();
    const again = setInterval(go, EVERY_MS);
    const stop = (): void => {
      clearInterval(again);
      clearTimeout(end);
      for (const name of READER) window.removeEventListener(name, stop);
    };
    const end = setTimeout(stop, STAY_MS);
    for (const name of READER) window.addEventListener(name, stop, { passive: true });
    leave.current = stop;
  }, []);
}
