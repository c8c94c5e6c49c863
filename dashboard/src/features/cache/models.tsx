import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type AnalyticsRow, analyticsQuery } from '../../api/analytics.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Money } from '../../components/money.tsx';
import { Panel } from '../../components/panel.tsx';
import { logsLink, narrowed } from '../../filters/links.ts';
import type { View } from '../../filters/view.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatCount, formatShare } from '../../format/numbers.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { cacheWords as words } from '../../words/cache.ts';
import type { cacheQuestions } from './queries.ts';

interface ModelsProps {
  readonly gateway: string;
  readonly view: View;
  readonly questions: ReturnType<typeof cacheQuestions>;
}

/** Which models the cache spares. */
export function Models({ gateway, view, questions }: ModelsProps) {
  const models = useQuery(analyticsQuery(questions.models));
  const figure = (
    id: keyof typeof words.columns,
    cell: (row: AnalyticsRow) => React.ReactNode,
  ): Column<AnalyticsRow> => ({ id, title: words.columns[id], align: 'right', cell });
  const columns: readonly Column<AnalyticsRow>[] = [
    {
      id: 'model',
      title: words.columns.model,
      onPhone: 'title',
      cell: ({ group }) => {
        if (group === null) return words.others;
        const model = group[0] ?? '';
        const filter = { key: 'model', operator: 'eq', values: [model] } as const;
        return (
          <Link
            {...logsLink(gateway, narrowed(view, null, null, filter))}
            className="figures break-all text-kumo-link hover:underline"
          >
            <bdi>{model === '' ? words.unknown : visibleText(model)}</bdi>
          </Link>
        );
      },
    },
    figure('requests', ({ requests }) => formatCount(requests)),
    figure('hits', ({ cached_requests: hits }) => formatCount(hits)),
    figure('share', ({ cached_requests: hits, requests }) => formatShare(hits, requests)),
    figure('saved', ({ saved }) => <Money usd={saved} />),
    figure('time', ({ saved_ms: ms }) => formatDuration(ms)),
  ];
  return (
    <Panel title={words.byModel} className="mt-4">
      <Loaded query={models} count={3}>
        {(data) => (
          <DataTable
            label={words.byModel}
            columns={columns}
            rows={data.rows}
            keyOf={({ group }) => (group === null ? 'others' : `of ${group[0]}`)}
            empty={words.emptyRange}
            isStale={models.isPlaceholderData}
          />
        )}
      </Loaded>
    </Panel>
  );
}
