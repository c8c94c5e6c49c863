import { stored } from '../browser/stored.ts';

export type Density = 'comfortable' | 'compact';

/** How high rows are, on every page. */
export const density = stored<Density>('density', 'comfortable');

export const ROW_PX = { comfortable: 36, compact: 28 } as const;
export const ROW_CLASS = { comfortable: 'h-9', compact: 'h-7' } as const;
