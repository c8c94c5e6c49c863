const PLACES = 128;
/** Comparing a long text, and keeping it, may cost more than reading it anew. */
const LONGEST_TEXT = 512;

/**
 * A pure function of a text that remembers some of its results: for what nearly every request brings again, such as its
 * path. Results are shared and must not be changed. What throws is not remembered, nor are texts over 512 characters. The
 * memory is a table of fixed size in which the newest takes the place of another, and not a Map: see flights.ts in cache/.
 */
export function memo<T>(of: (text: string) => T): (text: string) => T {
  const texts: (string | undefined)[] = new Array(PLACES).fill(undefined);
  const results: T[] = new Array(PLACES);
  return (text) => {
    const { length } = text;
    if (length > LONGEST_TEXT) return of(text);
    const middle = text.charCodeAt(length >> 1);
    const last = text.charCodeAt(length - 1);
    // Of an empty text both are NaN, which counts as 0 here.
    const place = (length * 31 + middle * 7 + last) & (PLACES - 1);
    if (texts[place] === text) return results[place]!;
    const result = of(text);
    texts[place] = text;
    results[place] = result;
    return result;
  };
}
