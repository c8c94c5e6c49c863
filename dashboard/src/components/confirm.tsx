import { lazy, Suspense, useSyncExternalStore } from 'react';
import type { OpenQuestion, Question } from './question.ts';

const ConfirmDialog = lazy(async () => ({ default: (await import('./confirm-dialog.tsx')).ConfirmDialog }));

let open: OpenQuestion | null = null;
const listeners = new Set<() => void>();

function show(next: OpenQuestion | null): void {
  open = next;
  for (const listener of listeners) listener();
}

/** Asks before something is done; resolves to whether it shall be. */
export function confirm(question: Question): Promise<boolean> {
  open?.answer(false);
  return new Promise((resolve) => {
    show({
      ...question,
      answer: (yes) => {
        show(null);
        resolve(yes);
      },
    });
  });
}

/** Stands once in the frame. */
export function ConfirmHost() {
  const question = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
  if (question === null) return null;
  return (
    <Suspense>
      <ConfirmDialog key={question.title} question={question} />
    </Suspense>
  );
}
