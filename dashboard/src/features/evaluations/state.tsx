import { Badge } from '@cloudflare/kumo/components/badge';
import type { Evaluation } from '../../api/evaluations.ts';
import { formatCount } from '../../format/numbers.ts';
import { evaluationsWords as words } from '../../words/evaluations.ts';
import { isRunning, progressOf } from './prepare.ts';

const VARIANTS = { collecting: 'info', running: 'info', completed: 'success', error: 'error' } as const;

/** Its state in a word, and how far it is while it runs. */
export function State({ evaluation }: { readonly evaluation: Evaluation }) {
  const progress = progressOf(evaluation);
  return (
    <span className="inline-flex flex-wrap items-center gap-2" title={evaluation.problem ?? undefined}>
      <Badge variant={VARIANTS[evaluation.state]}>{words.states[evaluation.state]}</Badge>
      {isRunning(evaluation) && progress !== null && (
        <>
          <progress
            className="h-1.5 w-24 accent-tide"
            value={progress}
            max={1}
            aria-label={words.states.running}
          />
          <span className="text-xs text-kumo-subtle">
            {words.progress(formatCount(evaluation.processed_logs), formatCount(evaluation.total_logs))}
          </span>
        </>
      )}
    </span>
  );
}
