import { Select } from '@cloudflare/kumo/components/select';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Evaluation, type EvaluationType, type Score, scoresQuery } from '../../api/evaluations.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { one, useAddress } from '../../filters/use-address.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { evaluationsWords as words } from '../../words/evaluations.ts';
import { formatResult, outcomeInput, outcomeText } from './prepare.ts';

interface ScoresProps {
  readonly gateway: string;
  readonly evaluation: Evaluation;
  readonly types: readonly EvaluationType[];
}

const PER_PAGE = 50;
const EVERY = 'every';

export function Scores({ gateway, evaluation, types }: ScoresProps) {
  const { search, change } = useAddress();
  const scores = useQuery({
    ...scoresQuery(gateway, evaluation.id, `${evaluation.state} ${evaluation.processed_logs}`, {
      page: Math.max(1, Math.trunc(Number(one(search, 'page') ?? '1')) || 1),
      per_page: PER_PAGE,
      evaluation_type_id: one(search, 'type'),
      ...outcomeInput(one(search, 'outcome')),
    }),
    placeholderData: keepPreviousData,
  });
  const nameOf = (id: string): string => types.find((type) => type.id === id)?.name ?? id;
  const choose = (name: string) => (value: string | null) =>
    change({ [name]: value === EVERY || value === null ? undefined : value, page: undefined });
  const columns: readonly Column<Score>[] = [
    {
      id: 'request',
      title: words.scoreColumns.request,
      onPhone: 'title',
      cell: ({ log_id: id }) => (
        <Link
          to="/g/$gateway/logs/$id"
          params={{ gateway, id } as never}
          title={words.openRequest}
          className="figures break-all text-kumo-link hover:underline"
        >
          {id}
        </Link>
      ),
    },
    {
      id: 'type',
      title: words.scoreColumns.type,
      cell: ({ evaluation_type_id: id }) => nameOf(id),
    },
    {
      id: 'score',
      title: words.scoreColumns.score,
      align: 'right',
      cell: ({ evaluation_type_id: id, score }) => {
        const unit = types.find((type) => type.id === id)?.unit;
        // Of one request it is no share.
        return formatResult(unit === 'percent' ? 'score' : unit, score);
      },
    },
    {
      id: 'outcome',
      title: words.scoreColumns.outcome,
      cell: (score) => (
        <span
          className={score.passed === false ? 'text-kumo-danger' : score.passed ? 'text-kumo-success' : ''}
        >
          {outcomeText(score)}
        </span>
      ),
    },
    {
      id: 'why',
      title: words.scoreColumns.why,
      cell: ({ explanation, reason }) => (
        <bdi className="break-words text-kumo-subtle">{visibleText(reason ?? explanation ?? '')}</bdi>
      ),
    },
  ];
  return (
    <Panel
      title={words.scores}
      actions={
        <>
          <Select
            size="sm"
            aria-label={words.type}
            items={{
              [EVERY]: words.everyType,
              ...Object.fromEntries(evaluation.results.map(({ evaluation_type_id: id }) => [id, nameOf(id)])),
            }}
            value={one(search, 'type') ?? EVERY}
            onValueChange={choose('type')}
          />
          <Select
            size="sm"
            aria-label={words.outcome}
            items={words.outcomes}
            value={one(search, 'outcome') ?? EVERY}
            onValueChange={choose('outcome')}
          />
        </>
      }
    >
      <Loaded query={scores} count={5}>
        {(data) => (
          <>
            <DataTable
              label={words.scores}
              columns={columns}
              rows={data.rows}
              keyOf={({ log_id, evaluation_type_id }) => `${log_id} ${evaluation_type_id}`}
              empty={words.noScores}
              isStale={scores.isPlaceholderData}
            />
            <Pager
              info={data.info}
              onPage={(page) => change({ page: page === 1 ? undefined : String(page) })}
            />
          </>
        )}
      </Loaded>
    </Panel>
  );
}
