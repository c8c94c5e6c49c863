import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { Switch } from '@cloudflare/kumo/components/switch';
import { PlusIcon } from '@phosphor-icons/react';
import { keepPreviousData, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionQuery } from '../../api/session.ts';
import { revokeToken, type Token, tokensQuery } from '../../api/tokens.ts';
import { carryOut } from '../../components/carry-out.ts';
import { confirm } from '../../components/confirm.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { SecretOnce } from '../../components/secret-once.tsx';
import { one, useAddress } from '../../filters/use-address.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { accessWords as words } from '../../words/access.ts';
import { CreateToken } from './create-token.tsx';
import { roleLabel, shownTokens } from './prepare.ts';

const STATUS_BADGE = { active: 'success', expired: 'warning', revoked: 'secondary' } as const;

export function Page() {
  const { search, change } = useAddress();
  const page = Number(one(search, 'page') ?? '1') || 1;
  const withEnded = one(search, 'ended') === '1';
  const list = useQuery({
    ...tokensQuery(page),
    placeholderData: keepPreviousData,
  });
  const [isCreating, setCreating] = useState(false);
  const [created, setCreated] = useState('');
  const client = useQueryClient();
  const reload = (): Promise<void> => client.invalidateQueries({ queryKey: ['tokens'] });
  return (
    <>
      <PageHeader title={words.title} text={words.text}>
        <Button variant="primary" icon={<PlusIcon />} onClick={() => setCreating(true)}>
          {words.create}
        </Button>
      </PageHeader>
      {created !== '' && (
        <SecretOnce
          title={words.created}
          text={words.createdText}
          value={created}
          copyLabel={words.copyToken}
        />
      )}
      <Panel
        title={words.tokens}
        actions={
          <Switch
            size="sm"
            label={words.showEnded}
            checked={withEnded}
            onCheckedChange={(checked) => change({ ended: checked ? '1' : undefined }, { replace: true })}
          />
        }
      >
        <Loaded query={list} count={4}>
          {(data) => (
            <>
              <TokenTable
                tokens={shownTokens(data.rows, withEnded)}
                isStale={list.isPlaceholderData}
                onChanged={reload}
              />
              <Pager
                info={data.info}
                onPage={(next) => change({ page: next === 1 ? undefined : String(next) })}
              />
            </>
          )}
        </Loaded>
      </Panel>
      <CreateToken
        isOpen={isCreating}
        onClose={() => setCreating(false)}
        onCreated={(value) => {
          setCreated(value);
          void reload();
        }}
      />
    </>
  );
}

interface TokenTableProps {
  readonly tokens: readonly Token[];
  readonly isStale: boolean;
  readonly onChanged: () => Promise<void>;
}

function TokenTable({ tokens, isStale, onChanged }: TokenTableProps) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const own = session.token.id;
  const revoke = async (token: Token): Promise<void> => {
    const text = token.id === own ? `${words.revokeYours} ${words.revokeText}` : words.revokeText;
    const question = { title: words.revokeTitle(token.name), text, action: words.revoke, isDangerous: true };
    if (!(await confirm(question))) return;
    await carryOut(() => revokeToken(token.id), {
      done: words.revoked(token.name),
      failed: words.revokeFailed,
    });
    await onChanged();
  };
  const columns: readonly Column<Token>[] = [
    {
      id: 'name',
      title: words.columns.name,
      onPhone: 'title',
      cell: (token) => (
        <span className="flex flex-wrap items-baseline gap-x-2 py-1">
          <span className="font-medium break-all">
            <bdi>{visibleText(token.name)}</bdi>
          </span>
          <code className="text-xs text-kumo-subtle">{token.preview}…</code>
          {token.id === own && <span className="text-xs text-tide">{words.yours}</span>}
        </span>
      ),
    },
    { id: 'role', title: words.columns.role, cell: roleLabel },
    {
      id: 'status',
      title: words.columns.status,
      cell: ({ status }) => <Badge variant={STATUS_BADGE[status]}>{words.statuses[status]}</Badge>,
    },
    {
      id: 'lastUsed',
      title: words.columns.lastUsed,
      cell: (token) =>
        token.last_used_at === null ? words.never : <Moment at={token.last_used_at} isRelative />,
    },
    {
      id: 'address',
      title: words.columns.address,
      onPhone: 'hidden',
      cell: (token) => <span className="figures">{token.last_used_address ?? '—'}</span>,
    },
    {
      id: 'expires',
      title: words.columns.expires,
      cell: (token) => (token.expires_at === null ? words.noEnd : <Moment at={token.expires_at} />),
    },
    {
      id: 'created',
      title: words.columns.created,
      onPhone: 'hidden',
      cell: (token) => <Moment at={token.created_at} />,
    },
    {
      id: 'actions',
      title: words.columns.actions,
      onPhone: 'line',
      align: 'right',
      cell: (token) =>
        token.status === 'active' ? (
          <Button
            className="ml-auto"
            size="sm"
            variant="secondary-destructive"
            aria-label={words.revokeLabel(visibleText(token.name))}
            onClick={() => void revoke(token)}
          >
            {words.revoke}
          </Button>
        ) : null,
    },
  ];
  return (
    <DataTable
      label={words.tokens}
      columns={columns}
      rows={tokens}
      keyOf={({ id }) => id}
      isStale={isStale}
      empty={words.empty}
    />
  );
}
