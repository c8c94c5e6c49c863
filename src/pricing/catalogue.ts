/** The price catalogue as it stands in a file. Prices are whole pico-dollars (1e-12 USD) per token or per unit. */
export interface CatalogueFile {
  readonly format: 1;
  /** Day that the prices were gathered: `2026-09-23`. */
  readonly date: string;
  /** Where they come from. */
  readonly source: string;
  /** What the source lists and this form has no place for, counted. For readers of the file only. */
  readonly aside?: Readonly<Record<string, number>>;
  /** Book by provider id. Providers may share one. */
  readonly providers: Readonly<Record<string, string>>;
  readonly books: Readonly<Record<string, BookFile>>;
}

export interface BookFile {
  /** Books to look in when this one does not know the model. */
  readonly fallback?: readonly string[];
  /** The first one that matches is it. */
  readonly models: readonly ModelFile[];
}

export interface ModelFile {
  readonly id: string;
  /** See match-model.ts. */
  readonly match: readonly (string | readonly string[])[];
  /** The last one whose condition holds is it; the first one when none does. Empty: known, but without a known price. */
  readonly prices: readonly PriceFile[];
}

/** A price, or one that depends on the size of the request: [base, [above this many input tokens, price], …]. */
export type RateFile = number | readonly [number, ...(readonly [number, number])[]];

export interface PriceFile {
  /** First day (UTC) on which it holds. */
  readonly from?: string;
  /** Seconds of the day (UTC) between which it holds; may go over midnight. */
  readonly daily?: readonly [number, number];
  readonly rates: Readonly<Partial<Record<TokenClass, RateFile>>>;
  /** By the names of Usage.units. `requests` is 1 for every request. */
  readonly units?: Readonly<Record<string, number>>;
}

export const TOKEN_CLASSES = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite',
  'cacheWrite1h',
  'reasoning',
  'audioInput',
  'audioOutput',
  'audioCacheRead',
  'imageInput',
  'imageOutput',
  'imageCacheRead',
] as const;

export type TokenClass = (typeof TOKEN_CLASSES)[number];
