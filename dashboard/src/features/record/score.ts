import type { LogObject } from '../../../../src/api/contract.ts';

type Metadata = NonNullable<LogObject['metadata']>;

const LARGEST = 1e9;
const MOST_ENTRIES = 5;
const LONGEST_COMMENT = 4096;

/** A number as it was typed; null takes the score away, undefined is none. */
export function readScore(text: string): number | null | undefined {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return null;
  const value = Number(typed);
  return Number.isFinite(value) && Math.abs(value) <= LARGEST ? value : undefined;
}

/** The metadata with a comment; undefined when nothing changes, a word when the gateway would not take it. */
export function withComment(
  metadata: Metadata | null,
  comment: string,
): Metadata | null | undefined | 'tooMany' | 'tooLong' {
  const text = comment.trim();
  const { comment: before, ...others } = metadata ?? {};
  if (text === String(before ?? '')) return undefined;
  if (text.length > LONGEST_COMMENT) return 'tooLong';
  if (text === '') return Object.keys(others).length === 0 ? null : others;
  if (Object.keys(others).length >= MOST_ENTRIES) return 'tooMany';
  return { ...others, comment: text };
}
