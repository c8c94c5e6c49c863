import { Banner } from '@cloudflare/kumo/components/banner';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  type Evaluation,
  type EvaluationResult,
  type EvaluationType,
  evaluationQuery,
  evaluationTypesQuery,
} from '../../api/evaluations.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { usePathParameter } from '../../filters/use-address.ts';
import { formatMoney } from '../../format/money.ts';
import { formatCount } from '../../format/numbers.ts';
import { visibleText } from '../../format/visible-text.ts';
import { evaluationsWords as words } from '../../words/evaluations.ts';
import { formatResult, isRunning, resultNumber } from './prepare.ts';
import { Scores } from './scores.tsx';
import { State } from './state.tsx';

const REFRESH_MS = 5000;

/** One evaluation: its figures, and what was found about each request. */
export function Page() {
  const gateway = usePathParameter('gateway');
  const id = usePathParameter('id');
  const { data: types = [] } = useQuery(evaluationTypesQuery);
  const evaluation = useQuery({
    ...evaluationQuery(gateway, id),
    refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? REFRESH_MS : false),
  });
  return (
    <Loaded query={evaluation} height="h-24" count={3} className="">
      {(data) => <Detail gateway={gateway} evaluation={data} types={types} />}
    </Loaded>
  );
}

interface DetailProps {
  readonly gateway: string;
  readonly evaluation: Evaluation;
  readonly types: readonly EvaluationType[];
}

function Detail({ gateway, evaluation, types }: DetailProps) {
  return (
    <>
      <Link
        to="/g/$gateway/evaluations"
        params={{ gateway } as never}
        className="text-sm text-kumo-link hover:underline"
      >
        {words.back}
      </Link>
      <PageHeader
        title={visibleText(evaluation.name)}
        text={
          <>
            {words.made} <Moment at={evaluation.created_at} />. {words.from}{' '}
            {evaluation.datasets.map(({ name }) => visibleText(name)).join(', ')}
          </>
        }
      >
        <State evaluation={evaluation} />
      </PageHeader>
      {evaluation.problem !== null && (
        <div className="mb-4">
          <Banner variant="error">{visibleText(evaluation.problem)}</Banner>
        </div>
      )}
      <dl className="mb-4 grid grid-cols-2 overflow-hidden rounded-lg border border-kumo-hairline bg-kumo-base sm:grid-cols-4">
        {evaluation.results.map((result) => (
          <Figure key={result.id} result={result} types={types} />
        ))}
      </dl>
      <Scores gateway={gateway} evaluation={evaluation} types={types} />
    </>
  );
}

interface FigureProps {
  readonly result: EvaluationResult;
  readonly types: readonly EvaluationType[];
}

function Figure({ result, types }: FigureProps) {
  const type = types.find(({ id }) => id === result.evaluation_type_id);
  return (
    <div
      className="-mr-px -mb-px border-r border-b border-kumo-hairline p-3"
      title={result.status_description}
    >
      <dt className="text-xs text-kumo-subtle">{type?.name ?? result.evaluation_type_id}</dt>
      <dd className="mt-1 text-xl tabular-nums">{formatResult(type?.unit, resultNumber(result))}</dd>
      <dd className="text-xs text-kumo-subtle">
        {words.judged(formatCount(result.total_logs))}
        {result.cost > 0 && `, ${words.spent(formatMoney(result.cost))}`}
      </dd>
    </div>
  );
}
