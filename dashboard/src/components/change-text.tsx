import type { Change } from '../format/numbers.ts';

interface ChangeTextProps {
  readonly change: Change | null;
  /** What more of it is; null where it is neither. */
  readonly moreIs: 'good' | 'bad' | null;
}

/** The change against the period before: in words, with a colour where it is good or bad. */
export function ChangeText({ change, moreIs }: ChangeTextProps) {
  if (change === null) return null;
  const isNeutral = moreIs === null || change.direction === 'same';
  const isGood = (change.direction === 'more') === (moreIs === 'good');
  const tone = isNeutral ? 'text-kumo-subtle' : isGood ? 'text-kumo-success' : 'text-kumo-danger';
  return <span className={`text-xs ${tone}`}>{change.text}</span>;
}
