/** Stands for every value that has no place of its own. */
export const OTHER = 'other';
const LONGEST = 128;

/**
 * The values that a label may have. Each makes time series that a scraper keeps for ever, and names come from outside:
 * so there are only so many, and only what has proved itself gets a place.
 */
export class LabelValues {
  readonly #most: number;
  readonly #known = new Map<string, string>();

  constructor(most: number) {
    this.#most = most;
  }

  /** `isProven` is false for a name that somebody merely sent. */
  of(value: string, isProven: boolean): string {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    if (!isProven || this.#known.size >= this.#most) return OTHER;
    const shown = value.length <= LONGEST ? value : value.slice(0, LONGEST);
    this.#known.set(value, shown);
    return shown;
  }
}
