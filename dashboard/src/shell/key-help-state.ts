import { useSyncExternalStore } from 'react';

let isShown = false;
const listeners = new Set<() => void>();

export function setKeyHelp(next: boolean): void {
  isShown = next;
  for (const listener of listeners) listener();
}

export const useKeyHelp = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isShown,
  );
