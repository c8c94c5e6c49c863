/** What a query may ask for, as the settings node tells it. */
export const LIMITS = {
  maxPageSize: 10_000,
  maxNumberOfFields: 60,
  /** Seconds. */
  maxDuration: 400 * 86_400,
  notOlderThan: 3_660 * 86_400,
} as const;

/** Buckets of time that a query may span: 32 days in minutes. */
export const MOST_BUCKETS = 46_080;
