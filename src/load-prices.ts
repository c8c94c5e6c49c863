import { existsSync, readFileSync } from 'node:fs';
import type { Clock } from './core/clock.ts';
import type { Health } from './core/health.ts';
import { PriceBook } from './pricing/price.ts';

/** The operator's price catalogue when there is one that can be read, else the bundled one. */
export function loadPrices(path: string, health: Health, clock: Clock): PriceBook {
  if (!existsSync(path)) return PriceBook.bundled();
  try {
    return PriceBook.load(readFileSync(path, 'utf8'));
  } catch (error) {
    health.degrade(
      'prices',
      `${path} cannot be used, the bundled catalogue is: ${(error as Error).message}`,
      clock.now(),
    );
    return PriceBook.bundled();
  }
}
