import { useCallback, useState } from 'react';
import { notify } from '../../components/toasts.ts';
import { formatCount } from '../../format/numbers.ts';
import { logWords as words } from '../../words/logs.ts';

/** One condition of the API names at most so many ids. */
const MOST_MARKED = 100;

export function useMarked() {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const mark = useCallback((id: string) => {
    setMarked((before) => {
      const next = new Set(before);
      if (!next.delete(id)) {
        if (next.size >= MOST_MARKED) {
          notify({ title: words.tooManyMarked(formatCount(MOST_MARKED)), variant: 'warning' });
          return before;
        }
        next.add(id);
      }
      return next;
    });
  }, []);
  const clear = useCallback(() => setMarked(new Set()), []);
  return { marked, mark, clear };
}
