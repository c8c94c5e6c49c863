import { memo } from './memo.ts';

/**
 * Header fields as they stand on the wire: [name, value, name, value, …], case, order and repeats kept.
 * It is the form in which node:http hands them out and in which undici and writeHead take them.
 */
export type HeaderList = string[];

export function findHeader(list: readonly string[], name: string): string | null {
  for (let i = 0; i < list.length; i += 2) {
    const field = list[i]!;
    if (field.length === name.length && field.toLowerCase() === name) return list[i + 1]!;
  }
  return null;
}

/** A copy without the fields that `drop` (given lower-case names) says yes to. */
export function withoutHeaders(list: readonly string[], drop: (lowerName: string) => boolean): HeaderList {
  const kept: HeaderList = [];
  for (let i = 0; i < list.length; i += 2) {
    if (!drop(list[i]!.toLowerCase())) kept.push(list[i]!, list[i + 1]!);
  }
  return kept;
}

/** Replaces every field of that name by one, in place. */
export function setHeader(list: HeaderList, name: string, value: string): HeaderList {
  const lower = name.toLowerCase();
  const kept = withoutHeaders(list, (field) => field === lower);
  kept.push(name, value);
  return kept;
}

// True of the one call that was paid for, and not of its replays.
const OF_ONE_CALL = new Set([
  'date',
  'age',
  'retry-after',
  'x-request-id',
  'request-id',
  'openai-processing-ms',
]);

const isForAll = memo((name): boolean => {
  const lower = name.toLowerCase();
  return !OF_ONE_CALL.has(lower) && !lower.includes('ratelimit');
});

/** The fields of an answer that are true for everyone who is given it. */
export function headersForAll(list: readonly string[]): HeaderList {
  const kept: HeaderList = [];
  for (let i = 0; i < list.length; i += 2) if (isForAll(list[i]!)) kept.push(list[i]!, list[i + 1]!);
  return kept;
}
