import { useSyncExternalStore } from 'react';

/** A choice that outlives the visit, in the browser's storage; where that is switched off, it lives as long as the page. */
export interface Stored<Value extends string> {
  get(): Value;
  set(value: Value): void;
  use(): Value;
}

export function stored<Value extends string>(name: string, fallback: Value): Stored<Value> {
  const key = `tidegate.${name}`;
  const listeners = new Set<() => void>();
  let current = fallback;
  try {
    current = (localStorage.getItem(key) as Value | null) ?? fallback;
  } catch {
    // No storage: the fallback holds.
  }
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    get: () => current,
    set(value) {
      current = value;
      try {
        localStorage.setItem(key, value);
      } catch {
        // No storage: remembered until the page is left.
      }
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, () => current),
  };
}
