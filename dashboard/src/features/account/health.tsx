import { Banner } from '@cloudflare/kumo/components/banner';
import { CheckCircleIcon } from '@phosphor-icons/react';
import { useQuery } from '@tanstack/react-query';
import { type Health, healthQuery } from '../../api/process.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatDuration } from '../../format/durations.ts';
import { formatBytes, formatCount } from '../../format/numbers.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { accountWords as words } from '../../words/account.ts';

const REFRESH_MS = 5000;

export function HealthTab() {
  const health = useQuery({ ...healthQuery, refetchInterval: REFRESH_MS });
  return (
    <Loaded query={health} height="h-24" count={3} className="">
      {(data) => (
        <div className="flex flex-col gap-4">
          <State health={data} />
          <Figures health={data} />
          <Stores stores={data.stores} />
          <Counters counters={data.counters} />
        </div>
      )}
    </Loaded>
  );
}

function State({ health }: { readonly health: Health }) {
  if (health.degraded.length === 0) {
    return (
      <p role="status" className="flex items-center gap-2">
        <CheckCircleIcon size={20} aria-hidden="true" className="text-kumo-success" />
        {words.ok}
      </p>
    );
  }
  return (
    <Banner variant="alert" title={words.degraded}>
      <ul>
        {health.degraded.map(({ component, message, since }) => (
          <li key={component}>
            <code>{component}</code>: {message}, {words.since} <Moment at={since} isRelative />
          </li>
        ))}
      </ul>
    </Banner>
  );
}

function Figures({ health }: { readonly health: Health }) {
  const { figures } = words;
  const rows: readonly (readonly [string, string])[] = [
    [figures.version, health.version],
    [figures.uptime, formatDuration(health.uptime_seconds * 1000)],
    [figures.openRequests, formatCount(health.open_requests)],
    [figures.openUpstream, formatCount(health.open_upstream)],
    [figures.heldBytes, formatBytes(health.held_request_bytes)],
    [figures.memory, formatBytes(health.process.rss_bytes)],
    [figures.cpu, formatDuration(health.process.cpu_seconds * 1000)],
    ...(health.disk === null
      ? []
      : ([
          [
            figures.disk,
            words.ofAll(formatBytes(health.disk.free_bytes), formatBytes(health.disk.total_bytes)),
          ],
        ] as const)),
    [figures.node, health.process.node],
    [figures.pid, String(health.process.pid)],
  ];
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-kumo-hairline bg-kumo-hairline sm:grid-cols-5">
      {rows.map(([name, value]) => (
        <div key={name} className="bg-kumo-base p-3">
          <dt className="text-xs text-kumo-subtle">{name}</dt>
          <dd className="figures mt-1">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Stores({ stores }: { readonly stores: Health['stores'] }) {
  const columns: readonly Column<Health['stores'][number]>[] = [
    { id: 'name', title: words.storeColumns.name, onPhone: 'title', cell: ({ name }) => name },
    {
      id: 'path',
      title: words.storeColumns.path,
      cell: ({ path }) => <code className="figures">{path}</code>,
    },
    { id: 'bytes', title: words.storeColumns.bytes, align: 'right', cell: ({ bytes }) => formatBytes(bytes) },
    { id: 'files', title: words.storeColumns.files, align: 'right', cell: ({ files }) => formatCount(files) },
  ];
  return (
    <Panel title={words.stores}>
      <DataTable label={words.stores} columns={columns} rows={stores} keyOf={({ path }) => path} />
    </Panel>
  );
}

function Counters({ counters }: { readonly counters: Health['counters'] }) {
  const counted = Object.entries(counters).filter(([, count]) => count > 0);
  return (
    <Panel title={words.counters}>
      {counted.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-kumo-subtle">{words.noCounters}</p>
      ) : (
        <dl className="grid gap-x-8 px-4 pb-4 text-sm sm:grid-cols-2">
          {counted.map(([name, count]) => (
            <div key={name} className="flex justify-between gap-4 py-1">
              <dt>
                <code className="figures">{name}</code>
              </dt>
              <dd className="figures">{formatCount(count)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
