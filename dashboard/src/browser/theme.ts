import { useSyncExternalStore } from 'react';
import { stored } from './stored.ts';

export type Theme = 'system' | 'light' | 'dark';

/** Stored under the name that `public/theme.js` reads before the first paint. */
export const theme = stored<Theme>('theme', 'system');

const system = matchMedia('(prefers-color-scheme: dark)');

const isDark = (): boolean => theme.get() === 'dark' || (theme.get() !== 'light' && system.matches);

const apply = (): void => {
  document.documentElement.dataset.mode = isDark() ? 'dark' : 'light';
};

export function chooseTheme(choice: Theme): void {
  theme.set(choice);
  apply();
}

system.addEventListener('change', apply);

/** For what is drawn on a canvas and cannot follow the style sheet by itself. */
export function useIsDark(): boolean {
  theme.use();
  return useSyncExternalStore((listener) => {
    system.addEventListener('change', listener);
    return () => system.removeEventListener('change', listener);
  }, isDark);
}
