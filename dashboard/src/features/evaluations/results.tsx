import type { EvaluationResult, EvaluationType } from '../../api/evaluations.ts';
import { evaluationsWords as words } from '../../words/evaluations.ts';
import { formatResult, resultNumber } from './prepare.ts';

interface ResultsProps {
  readonly results: readonly EvaluationResult[];
  readonly types: readonly EvaluationType[];
}

/** The figures of an evaluation in a line. */
export function Results({ results, types }: ResultsProps) {
  return (
    <span className="flex flex-wrap gap-x-4 py-1">
      {results.map((result) => {
        const type = types.find(({ id }) => id === result.evaluation_type_id);
        const value = resultNumber(result);
        return (
          <span key={result.id} title={result.status_description} className="whitespace-nowrap">
            <span className="text-xs text-kumo-subtle">{type?.name ?? result.evaluation_type_id}</span>{' '}
            <span className="figures">
              {value === null ? words.noResult : formatResult(type?.unit, value)}
            </span>
          </span>
        );
      })}
    </span>
  );
}
