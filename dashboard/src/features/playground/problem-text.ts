import { visibleText } from '../../format/visible-text.ts';
import { playgroundWords as words } from '../../words/playground.ts';
import { type Call, type CallProblem, isCall } from './call.ts';
import type { Column } from './columns.ts';
import { PARAMETER_NAMES } from './parameters.ts';

/** Why a model cannot be asked, in a sentence. */
function problemText(problem: CallProblem): string {
  switch (problem.kind) {
    case 'place':
      return words.problems.place(words.places[problem.name] ?? problem.name);
    case 'parameter': {
      const known = PARAMETER_NAMES.find((name) => name === problem.name);
      return words.problems.parameter(known ? words.parameterNames[known] : problem.name);
    }
    default:
      return words.problems[problem.kind];
  }
}

/** Each once, and with its model where there are several and it is not the same for all. */
export function problemTexts(
  columns: readonly Column[],
  calls: readonly (Call | CallProblem)[],
): readonly string[] {
  const texts = calls.flatMap((call, index) => {
    if (isCall(call)) return [];
    const isForAll = columns.length < 2 || call.kind === 'no-message' || call.kind === 'tools';
    const model = columns[index]?.model.trim() ?? '';
    return [isForAll || model === '' ? problemText(call) : `${visibleText(model)}: ${problemText(call)}`];
  });
  return [...new Set(texts)];
}
