import { Input } from '@cloudflare/kumo/components/input';
import { Select } from '@cloudflare/kumo/components/select';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Price, pricesQuery } from '../../api/process.ts';
import { providersQuery } from '../../api/providers.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { one, useAddress } from '../../filters/use-address.ts';
import { formatShort } from '../../format/numbers.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { accountWords as words } from '../../words/account.ts';
import { formatRate, priceOfToday, tierFrom } from './prepare.ts';

const PER_PAGE = 50;
const EVERY = 'every';

export function PricesTab() {
  const { search, change } = useAddress();
  const { data: providers = [] } = useQuery(providersQuery);
  const page = Math.max(1, Math.trunc(Number(one(search, 'page') ?? '1')) || 1);
  const prices = useQuery({
    ...pricesQuery({
      page,
      per_page: PER_PAGE,
      provider: one(search, 'provider'),
      search: one(search, 'model'),
    }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <p className="mb-4 max-w-2xl text-sm text-kumo-subtle">{words.pricesText}</p>
      <div className="mb-4 flex flex-wrap gap-2">
        <Input
          aria-label={words.searchModel}
          placeholder={words.searchModel}
          defaultValue={one(search, 'model') ?? ''}
          onChange={(event) =>
            change({ model: event.target.value || undefined, page: undefined }, { replace: true })
          }
        />
        <Select
          aria-label={words.provider}
          items={{
            [EVERY]: words.everyProvider,
            ...Object.fromEntries(providers.map(({ id, name }) => [id, name])),
          }}
          value={one(search, 'provider') ?? EVERY}
          onValueChange={(id) =>
            change({ provider: id === EVERY || id === null ? undefined : id, page: undefined })
          }
        />
      </div>
      <Panel>
        <Loaded query={prices} count={8}>
          {(data) => (
            <>
              <PriceTable prices={data.rows} isStale={prices.isPlaceholderData} />
              <Pager
                info={data.info}
                onPage={(next) => change({ page: next === 1 ? undefined : String(next) })}
              />
            </>
          )}
        </Loaded>
      </Panel>
    </>
  );
}

function PriceTable({ prices, isStale }: { readonly prices: readonly Price[]; readonly isStale: boolean }) {
  const [now] = useState(() => Date.now());
  const rate = (id: string, title: string, name: string): Column<Price> => ({
    id,
    title,
    align: 'right',
    cell: (price) => <span className="figures">{formatRate(priceOfToday(price, now), name)}</span>,
  });
  const { priceColumns } = words;
  const columns: readonly Column<Price>[] = [
    {
      id: 'model',
      title: priceColumns.model,
      onPhone: 'title',
      cell: (price) => {
        const tier = tierFrom(priceOfToday(price, now));
        return (
          <span className="flex flex-wrap items-baseline gap-x-2">
            <code className="figures break-all">{price.model}</code>
            {price.prices.length === 0 && <span className="text-xs text-kumo-warning">{words.noPrice}</span>}
            {tier !== null && (
              <span className="text-xs text-kumo-subtle">{words.tiered(formatShort(tier))}</span>
            )}
          </span>
        );
      },
    },
    { id: 'provider', title: priceColumns.provider, cell: ({ provider }) => provider },
    rate('input', priceColumns.input, 'input'),
    rate('output', priceColumns.output, 'output'),
    rate('cacheRead', priceColumns.cacheRead, 'cache_read'),
    rate('cacheWrite', priceColumns.cacheWrite, 'cache_write'),
    {
      id: 'source',
      title: priceColumns.source,
      onPhone: 'hidden',
      cell: ({ source, date }) => <span title={date}>{words.sources[source]}</span>,
    },
  ];
  return (
    <>
      <p className="px-4 pt-3 text-xs text-kumo-subtle">{words.perMillion}</p>
      <DataTable
        label={words.tabs.prices}
        columns={columns}
        rows={prices}
        keyOf={({ provider, model, listed_under }) => `${provider} ${model} ${listed_under}`}
        empty={words.noPrices}
        isStale={isStale}
      />
    </>
  );
}
