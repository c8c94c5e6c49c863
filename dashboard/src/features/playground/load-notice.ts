import { playgroundWords as words } from '../../words/playground.ts';
import type { Loaded } from './from-record.ts';

/** What a reader has to know of a loaded request: what of it is not here. */
export function noticeOf({ column, leftOut, isCut }: Loaded, provider: string): string[] {
  return [
    ...(isCut ? [words.loadedCut] : []),
    ...(leftOut > 0 ? [words.leftOut(leftOut)] : []),
    ...(column === null ? [words.noColumn(provider)] : []),
  ];
}
