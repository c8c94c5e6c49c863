import { Select } from '@cloudflare/kumo/components/select';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type AnalyticsRow, analyticsQuery } from '../../api/analytics.ts';
import { may, sessionQuery } from '../../api/session.ts';
import { tokensQuery } from '../../api/tokens.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { logsLink, narrowed } from '../../filters/links.ts';
import { useAddress } from '../../filters/use-address.ts';
import type { View } from '../../filters/view.ts';
import { formatCount } from '../../format/numbers.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { limitsWords as words } from '../../words/limits.ts';
import { type Dimension, LIMITED, type limitQuestions, readDimension } from './queries.ts';

interface WhoProps {
  readonly gateway: string;
  readonly view: View;
  readonly questions: ReturnType<typeof limitQuestions>;
}

/** Token ids say nothing to people; those who may see tokens see their names. */
export function useTokenName(): (id: string) => string {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const { data } = useQuery({ ...tokensQuery(1), enabled: may(session, 'admin') });
  return (id) => data?.rows.find((token) => token.id === id)?.name ?? id;
}

export function Who({ gateway, view, questions }: WhoProps) {
  const { search, change } = useAddress();
  const dimension = readDimension(search);
  const tokenName = useTokenName();
  const who = useQuery(analyticsQuery(questions.who));
  const nameOf = (value: string): string =>
    value === '' ? words.unknown : dimension === 'token_id' ? tokenName(value) : value;
  const columns: readonly Column<AnalyticsRow>[] = [
    {
      id: 'who',
      title: words.columns.who,
      onPhone: 'title',
      cell: ({ group }) => {
        if (group === null) return words.others;
        const value = group[0] ?? '';
        const filter = { key: dimension, operator: 'eq', values: [value] } as const;
        return (
          <Link
            {...logsLink(gateway, narrowed(view, null, null, LIMITED, filter))}
            title={words.seeRequests(nameOf(value))}
            className="break-all text-kumo-link hover:underline"
          >
            <bdi>{visibleText(nameOf(value))}</bdi>
          </Link>
        );
      },
    },
    {
      id: 'limited',
      title: words.columns.limited,
      align: 'right',
      cell: ({ requests }) => formatCount(requests),
    },
  ];
  return (
    <Panel
      title={words.who}
      actions={
        <Select
          size="sm"
          aria-label={words.by}
          items={words.dimensions}
          value={dimension}
          onValueChange={(by: Dimension | null) =>
            change({ by: by === 'token_id' || by === null ? undefined : by })
          }
        />
      }
    >
      <Loaded query={who} count={3}>
        {(data) => (
          <DataTable
            label={words.who}
            columns={columns}
            rows={data.rows.filter(({ requests }) => requests > 0)}
            keyOf={({ group }) => (group === null ? 'others' : `of ${group[0]}`)}
            empty={words.noLimited}
            isStale={who.isPlaceholderData}
          />
        )}
      </Loaded>
    </Panel>
  );
}
