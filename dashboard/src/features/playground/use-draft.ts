import { useCallback, useEffect, useState } from 'react';
import type { Draft } from './draft.ts';
import { storeDraft, storedDraft } from './stored-draft.ts';

const QUIET_MS = 300;

/** The conversation, kept for the visit. */
export function useDraft(gateway: string): {
  readonly draft: Draft;
  readonly setDraft: (next: (before: Draft) => Draft) => void;
} {
  const [draft, setLocal] = useState(() => storedDraft(gateway));
  useEffect(() => {
    const store = (): void => storeDraft(gateway, draft);
    const timer = setTimeout(store, QUIET_MS);
    // A page that is left at once keeps what was typed last, too.
    window.addEventListener('pagehide', store);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', store);
      store();
    };
  }, [gateway, draft]);
  const setDraft = useCallback((next: (before: Draft) => Draft) => setLocal(next), []);
  return { draft, setDraft };
}
