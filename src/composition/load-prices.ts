import { existsSync, readFileSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import type { Health } from '../core/health.ts';
import { PriceBook } from '../pricing/price.ts';

/** The operator's price catalogue when there is one that can be read, else the bundled one. */
export function loadPrices(path: string, health: Health, clock: Clock): PriceBook {
  if (!existsSync(path)) return PriceBook.bundled();
  const problem = (text: string): PriceBook => {
    health.degrade('prices', `${path} cannot be used, the bundled catalogue is: ${text}`, clock.now());
    return PriceBook.bundled();
  };
  try {
    const loaded = PriceBook.load(readFileSync(path, 'utf8'));
    return loaded instanceof PriceBook ? loaded : problem(loaded.error);
  } catch (error) {
    return problem((error as Error).message);
  }
}
