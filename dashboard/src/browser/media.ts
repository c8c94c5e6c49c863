import { useSyncExternalStore } from 'react';

/** Whether a media query holds, and a new picture when that changes. For what a style sheet cannot decide. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}

/** Narrower than this, tables become cards and a record a full page. */
export const PHONE = '(max-width: 639px)';
