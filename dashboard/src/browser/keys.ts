import { useEffect, useSyncExternalStore } from 'react';

/** A key or a sequence: `?`, `g o`, `mod+k` (⌘ on Macs, Ctrl elsewhere). */
export interface KeyBinding {
  readonly keys: string;
  readonly label: string;
  readonly run: (event: KeyboardEvent) => void;
  /** Where the list of keys shows it. */
  readonly group?: 'everywhere' | 'page';
}

const SEQUENCE_MS = 1200;
const bindings = new Set<KeyBinding>();
const listeners = new Set<() => void>();
let list: readonly KeyBinding[] = [];
let pressed: readonly string[] = [];
let pressedAt = 0;

function changed(): void {
  list = [...bindings];
  for (const listener of listeners) listener();
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Binds keys while the component is shown. `bindingsOfPage` has to be stable (useMemo) or its keys are bound anew. */
export function useKeys(bindingsOfPage: readonly KeyBinding[]): void {
  useEffect(() => {
    for (const binding of bindingsOfPage) bindings.add(binding);
    changed();
    return () => {
      for (const binding of bindingsOfPage) bindings.delete(binding);
      changed();
    };
  }, [bindingsOfPage]);
}

export function useKeyList(): readonly KeyBinding[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => list,
  );
}

export function nameOf(event: Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey'>): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.metaKey || event.ctrlKey ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${key}`;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('input:not([type=checkbox]), textarea, select, [role=combobox]'));

/** What takes the keys while it is open. A short note at the edge calls itself a dialog, too, but covers nothing. */
const COVERS = [
  '[role=dialog]:not([aria-modal=false])',
  '[role=alertdialog]:not([aria-modal=false])',
  '[role=menu]',
  '[role=listbox]',
].join();

/** While a dialog or a menu is open, its own keys hold. */
export const isCovered = (): boolean => document.querySelector(COVERS) !== null;

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || ['Shift', 'Control', 'Meta', 'Alt'].includes(event.key)) return;
  const name = nameOf(event);
  const isModified = name.startsWith('mod+');
  if (!isModified && (isTyping(event.target) || isCovered())) return;
  const now = event.timeStamp;
  pressed = [...(now - pressedAt < SEQUENCE_MS ? pressed : []), name].slice(-2);
  pressedAt = now;
  const wanted = [pressed.join(' '), name];
  // The latest bound first: a page may take a key from the frame while it is shown.
  const found = [...bindings].reverse().find((binding) => wanted.includes(binding.keys));
  if (!found) return;
  event.preventDefault();
  pressed = [];
  found.run(event);
}

export function listenToKeys(): () => void {
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}
