const MOST_MINUTES = 10_000_000;

/** Seconds of so many typed minutes; undefined for no condition, null for what is no age. */
export function ageSeconds(minutes: string): number | undefined | null {
  if (minutes.trim() === '') return undefined;
  const count = Number(minutes);
  return Number.isInteger(count) && count >= 0 && count <= MOST_MINUTES ? count * 60 : null;
}
