import type { SemanticSummary } from '../../../api/semantic.ts';
import { semanticWords as words } from '../../../words/semantic.ts';

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Evidence is added up by days: what stands here is more than the range that was chosen. */
export function Counted({ summary: { from, to } }: { readonly summary: SemanticSummary }) {
  // The end is not part of it.
  const last = new Date(Math.max(Date.parse(from), Date.parse(to) - 1));
  return (
    <p className="text-xs text-kumo-subtle">
      {words.counted(day.format(Date.parse(from)), day.format(last))}
    </p>
  );
}
