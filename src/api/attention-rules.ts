import type { AnalyticsRow } from '../core/stores/analytics.ts';
import type { Pause } from '../core/stores/semantic-evidence.ts';
import type { AttentionObject } from './contract/analytics.ts';
import type { HealthObject } from './contract/process.ts';

/** What the rules look at: rows of analytics, each with the gateway first in its group. */
export interface TroubleFigures {
  readonly nowMs: number;
  readonly recentFrom: number;
  /** By gateway: since `recentFrom`, and the day before that. */
  readonly recent: readonly AnalyticsRow[];
  readonly usual: readonly AnalyticsRow[];
  /** Requests of the last hour that the rate limit turned away, by minute and gateway. */
  readonly limited: readonly AnalyticsRow[];
  /** The last day by gateway, provider and model. */
  readonly unpriced: readonly AnalyticsRow[];
  /** The last minutes by gateway, provider and status, without what the gateway answered itself. */
  readonly byStatus: readonly AnalyticsRow[];
  /** Gateways whose semantic cache stopped serving by itself. */
  readonly paused: readonly { readonly gateway: string; readonly pause: Pause }[];
  readonly health: Pick<HealthObject, 'degraded' | 'spool'>;
}

const LEAST_REQUESTS = 10;
const LEAST_ERRORS = 5;
/** An error share is a spike when it is at least this, and this many times what is usual. */
const SPIKE_SHARE = 0.1;
const SPIKE_TIMES = 3;
/** Failures of the provider, or of how it is paid and asked; other statuses of 4xx are about one request. */
const PROVIDER_FAILURES = new Set(['401', '402', '403', '408', '429']);
const LEAST_DOWN = 5;
const BACKLOG_RECORDS = 5000;
const BACKLOG_BYTES = 64 * 1024 * 1024;

export function findTrouble(figures: TroubleFigures): AttentionObject[] {
  return [
    ...providersDown(figures),
    ...errorSpikes(figures),
    ...limitsReached(figures),
    ...pausedCaches(figures),
    ...unknownPrices(figures),
    ...spoolBacklog(figures),
    ...degradations(figures),
  ];
}

/** Requests that the rate limit turned away are no failures: they have a line of their own. */
function failuresOf(row: AnalyticsRow | undefined): { requests: number; errors: number; share: number } {
  const requests = (row?.requests ?? 0) - (row?.rateLimited ?? 0);
  const errors = Math.max(0, (row?.errors ?? 0) - (row?.rateLimited ?? 0));
  return { requests, errors, share: requests === 0 ? 0 : errors / requests };
}

function errorSpikes({ recent, usual, recentFrom }: TroubleFigures): AttentionObject[] {
  const before = new Map(usual.map((row) => [row.group?.[0], row]));
  return recent.flatMap((row) => {
    const now = failuresOf(row);
    const day = failuresOf(before.get(row.group?.[0]));
    const isSpike =
      now.requests >= LEAST_REQUESTS &&
      now.errors >= LEAST_ERRORS &&
      now.share >= Math.max(SPIKE_SHARE, SPIKE_TIMES * day.share);
    if (!isSpike) return [];
    const usually = day.requests === 0 ? '' : `; in the day before it was ${percent(day.share)}`;
    return {
      kind: 'error-spike',
      gateway: row.group?.[0] ?? null,
      subject: null,
      message: `${percent(now.share)} of the requests of the last 15 minutes failed (${now.errors} of ${now.requests})${usually}`,
      since: new Date(recentFrom).toISOString(),
      filters: [{ key: 'success', operator: 'eq', value: [false] }],
    };
  });
}

function limitsReached({ limited }: TroubleFigures): AttentionObject[] {
  const byGateway = Map.groupBy(limited, (row) => row.group?.[0] ?? '');
  return [...byGateway].map(([gateway, rows]) => {
    const count = rows.reduce((sum, row) => sum + row.requests, 0);
    return {
      kind: 'limit-reached',
      gateway,
      subject: null,
      message: `The rate limit turned away ${plural(count, 'request')} in the last hour`,
      since: rows[0]!.bucket === null ? null : new Date(rows[0]!.bucket).toISOString(),
      filters: [{ key: 'rate_limited', operator: 'eq', value: [true] }],
    };
  });
}

function pausedCaches({ paused }: TroubleFigures): AttentionObject[] {
  return paused.map(({ gateway, pause }) => ({
    kind: 'semantic-cache-paused',
    gateway,
    subject: null,
    message: `The semantic cache serves nothing: ${pause.reason}`,
    since: new Date(pause.since).toISOString(),
    filters: [{ key: 'cache_kind', operator: 'eq', value: ['semantic'] }],
  }));
}

function unknownPrices({ unpriced }: TroubleFigures): AttentionObject[] {
  return (
    unpriced
      // A model that has cost something has a price: what is unknown then is how much was used, of broken streams mostly.
      .filter((row) => row.group !== null && row.unpricedRequests > 0 && row.costNanos === 0)
      .map((row) => {
        const [gateway, provider, model] = row.group as [string, string, string];
        return {
          kind: 'unknown-price',
          gateway,
          subject: model === '' ? provider : model,
          message: `No price is known for ${model === '' ? 'requests' : model} at ${provider}: the cost of ${plural(row.unpricedRequests, 'request')} of the last day is unknown`,
          since: null,
          filters: [
            { key: 'provider', operator: 'eq', value: [provider] },
            { key: 'model', operator: 'eq', value: [model === '' ? null : model] },
            { key: 'cost', operator: 'eq', value: [null] },
          ],
        };
      })
  );
}

function providersDown({ byStatus, nowMs }: TroubleFigures): AttentionObject[] {
  const byProvider = Map.groupBy(byStatus, (row) => JSON.stringify(row.group?.slice(0, 2) ?? null));
  return [...byProvider.values()].flatMap((rows) => {
    const [gateway, provider] = rows[0]!.group ?? [];
    if (gateway === undefined || provider === undefined) return [];
    const good = rows.reduce((sum, row) => sum + row.requests - row.errors, 0);
    const failures = rows.filter(({ group }) => isProviderFailure(group?.[2] ?? ''));
    const count = failures.reduce((sum, row) => sum + row.errors, 0);
    if (good > 0 || count < LEAST_DOWN) return [];
    const most = failures.reduce((a, b) => (b.errors > a.errors ? b : a));
    return {
      kind: 'provider-down',
      gateway,
      subject: provider,
      message: `All requests to ${provider} in the last 5 minutes failed (${count}, most with status ${most.group?.[2]})`,
      since: new Date(nowMs - 5 * 60_000).toISOString(),
      filters: [
        { key: 'provider', operator: 'eq', value: [provider] },
        { key: 'success', operator: 'eq', value: [false] },
      ],
    };
  });
}

function isProviderFailure(status: string): boolean {
  return Number(status) >= 500 || PROVIDER_FAILURES.has(status);
}

function spoolBacklog({ health }: TroubleFigures): AttentionObject[] {
  const { backlogRecords = 0, backlogBytes = 0 } = (health.spool ?? {}) as Record<string, number>;
  if (backlogRecords < BACKLOG_RECORDS && backlogBytes < BACKLOG_BYTES) return [];
  const message =
    backlogRecords < BACKLOG_RECORDS
      ? `${Math.round(backlogBytes / 1024 / 1024)} MiB of records wait to be taken into the logs`
      : `${plural(backlogRecords, 'record')} wait to be taken into the logs`;
  return [{ kind: 'spool-backlog', gateway: null, subject: 'spool', message, since: null, filters: [] }];
}

function degradations({ health }: TroubleFigures): AttentionObject[] {
  return health.degraded.map(({ component, message, since }) => ({
    kind: 'degraded',
    gateway: null,
    subject: component,
    message,
    since,
    filters: [],
  }));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
