import type { LogObject } from '../../../../src/api/contract.ts';

type Priced = Pick<LogObject, 'cost' | 'duration' | 'success'>;

/** Places worth going to; null where there is none. */
export interface Peaks {
  readonly mostExpensive: number | null;
  readonly slowest: number | null;
  readonly firstError: number | null;
}

export function findPeaks(logs: readonly Priced[]): Peaks {
  const firstError = logs.findIndex(({ success }) => !success);
  return {
    mostExpensive: placeOfMost(logs.map(({ cost }) => cost ?? 0)),
    slowest: placeOfMost(logs.map(({ duration }) => duration)),
    firstError: firstError === -1 ? null : firstError,
  };
}

function placeOfMost(values: readonly number[]): number | null {
  let place: number | null = null;
  values.forEach((value, index) => {
    if (value > 0 && (place === null || value > values[place]!)) place = index;
  });
  return place;
}

/** Cost up to and with each request. A price that is not known adds nothing; how many there are is said elsewhere. */
export function cumulativeCosts(logs: readonly Pick<LogObject, 'cost'>[]): number[] {
  let sum = 0;
  return logs.map(({ cost }) => {
    sum += cost ?? 0;
    return sum;
  });
}

export const countUnpriced = (logs: readonly Pick<LogObject, 'cost' | 'usage_metadata'>[]): number =>
  logs.filter(({ cost, usage_metadata: usage }) => cost === null && usage !== null).length;
