import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { deleteSemanticEntry, type SemanticEntry, semanticEntriesQuery } from '../../../api/semantic.ts';
import { carryOut } from '../../../components/carry-out.ts';
import { Loaded } from '../../../components/loaded.tsx';
import { Moment } from '../../../components/moment.tsx';
import { Money } from '../../../components/money.tsx';
import { Pager } from '../../../components/pager.tsx';
import { Panel } from '../../../components/panel.tsx';
import { one, useAddress } from '../../../filters/use-address.ts';
import { formatBytes, formatCount } from '../../../format/numbers.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { type Column, DataTable } from '../../../table/data-table.tsx';
import { cacheWords } from '../../../words/cache.ts';
import { pagerWords } from '../../../words/pager.ts';
import { similarWords } from '../../../words/semantic.ts';
import { semanticEntriesInput } from '../queries.ts';
import { MayNotRead } from './may-not-read.tsx';
import { PurgeSimilar } from './purge.tsx';

const words = similarWords.entries;
const MOST_OF_NAME = 60;
/** The question has the room. */
const NARROW = 'sm:whitespace-nowrap';

interface SimilarEntriesProps {
  readonly gateway: string;
  readonly mayRead: boolean;
  readonly mayEdit: boolean;
}

/** The questions whose answers may be given again. */
export function SimilarEntries({ gateway, mayRead, mayEdit }: SimilarEntriesProps) {
  return (
    <div className="mt-4">
      {mayRead ? <Kept gateway={gateway} mayEdit={mayEdit} /> : <MayNotRead title={words.title} />}
    </div>
  );
}

function Kept({ gateway, mayEdit }: Omit<SimilarEntriesProps, 'mayRead'>) {
  const { search, change } = useAddress();
  const client = useQueryClient();
  const wanted = one(search, 'find');
  const list = useQuery(semanticEntriesQuery(gateway, semanticEntriesInput(search)));
  const remove = async ({ id }: SemanticEntry): Promise<void> => {
    await carryOut(() => deleteSemanticEntry(gateway, id), {
      done: words.removed,
      failed: words.removeFailed,
    });
    await client.invalidateQueries({ queryKey: ['semantic', gateway] });
  };
  return (
    <Panel title={words.title} actions={mayEdit && <PurgeSimilar gateway={gateway} />}>
      <Search
        key={wanted ?? ''}
        text={wanted ?? ''}
        onSearch={(find) => change({ find, similar: undefined })}
      />
      <Loaded query={list} count={4}>
        {(data) => (
          <>
            <DataTable
              label={words.title}
              columns={columnsOf(gateway, mayEdit ? remove : null)}
              rows={data.rows}
              keyOf={({ id }) => id}
              empty={wanted === undefined ? words.empty : words.emptyFound}
              isStale={list.isPlaceholderData}
            />
            <Pager
              label={pagerWords.labelOf(words.title)}
              info={data.info}
              onPage={(page) => change({ similar: page === 1 ? undefined : String(page) })}
            />
          </>
        )}
      </Loaded>
    </Panel>
  );
}

interface SearchProps {
  readonly text: string;
  readonly onSearch: (text: string | undefined) => void;
}

function Search({ text, onSearch }: SearchProps) {
  const [typed, setTyped] = useState(text);
  return (
    <search>
      <form
        className="flex gap-2 px-4 pt-1 pb-3"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          onSearch(typed.trim() || undefined);
        }}
      >
        <Input
          size="sm"
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          value={typed}
          className="w-64 max-w-full"
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button size="sm" type="submit">
          {words.searchRun}
        </Button>
      </form>
    </search>
  );
}

function columnsOf(
  gateway: string,
  remove: ((entry: SemanticEntry) => Promise<void>) | null,
): readonly Column<SemanticEntry>[] {
  const { columns } = words;
  const shown: Column<SemanticEntry>[] = [
    {
      id: 'question',
      title: columns.question,
      onPhone: 'title',
      cell: ({ text, log_id: log }) => (
        <Link
          to="/g/$gateway/logs/$log"
          params={{ gateway, log } as never}
          title={words.open}
          className="line-clamp-2 max-w-2xl wrap-anywhere text-kumo-link hover:underline"
        >
          <bdi>{visibleText(text)}</bdi>
        </Link>
      ),
    },
    {
      id: 'model',
      title: columns.model,
      className: NARROW,
      cell: ({ model }) => (
        <bdi className="figures wrap-anywhere">
          {model === null ? cacheWords.unknown : visibleText(model)}
        </bdi>
      ),
    },
    {
      id: 'hits',
      title: columns.hits,
      align: 'right',
      cell: ({ id, hits }) =>
        hits === 0 ? (
          '0'
        ) : (
          <Link
            to="/g/$gateway/cache"
            params={{ gateway } as never}
            search={{ tab: 'hits', entry: id } as never}
            title={words.seeHits(formatCount(hits))}
            className="text-kumo-link hover:underline"
          >
            {formatCount(hits)}
          </Link>
        ),
    },
    { id: 'cost', title: columns.cost, align: 'right', cell: ({ cost }) => <Money usd={cost} /> },
    {
      id: 'size',
      title: columns.size,
      className: NARROW,
      align: 'right',
      onPhone: 'hidden',
      cell: ({ bytes }) => formatBytes(bytes),
    },
    {
      id: 'created',
      title: columns.created,
      className: NARROW,
      onPhone: 'hidden',
      cell: ({ created_at }) => <Moment at={created_at} isRelative />,
    },
    {
      id: 'expires',
      title: columns.expires,
      className: NARROW,
      cell: ({ expires_at }) => <Moment at={expires_at} />,
    },
  ];
  if (remove === null) return shown;
  return [
    ...shown,
    {
      id: 'actions',
      title: columns.actions,
      align: 'right',
      onPhone: 'line',
      cell: (entry) => (
        <Button
          className="ml-auto"
          size="sm"
          aria-label={words.removeLabel(visibleText(entry.text.slice(0, MOST_OF_NAME)))}
          onClick={() => void remove(entry)}
        >
          {words.remove}
        </Button>
      ),
    },
  ];
}
