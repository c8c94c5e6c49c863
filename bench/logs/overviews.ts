import type { AnalyticsQuery, AnalyticsStore } from '../../src/core/stores/analytics.ts';
import { ACCOUNT, GATEWAYS } from './traffic.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface Overview {
  readonly name: string;
  readonly goalMs: number;
  readonly ask: () => Promise<unknown>;
}

/** Everything that the overview page of a gateway asks for at once. */
export function overviews(store: Pick<AnalyticsStore, 'aggregate'>, now: () => number): readonly Overview[] {
  const page = (days: number, interval: AnalyticsQuery['interval']) => async (): Promise<unknown> => {
    // As the API reads `-24h` and `now`.
    const minute = now() - (now() % MINUTE_MS);
    const ask = (change: Partial<AnalyticsQuery>) =>
      store.aggregate({
        account: ACCOUNT,
        gateways: [GATEWAYS[0][0]],
        from: minute - days * DAY_MS,
        to: minute + MINUTE_MS,
        interval,
        groupBy: [],
        filters: [],
        top: null,
        ...change,
      });
    return Promise.all([
      ask({}),
      ask({ groupBy: ['status_class'] }),
      ask({ groupBy: ['model'], top: { by: 'costNanos', limit: 8 } }),
      ask({ groupBy: ['error_type'] }),
      ask({ groupBy: ['cache_kind'] }),
      ask({ groupBy: ['model'], interval: null, top: { by: 'requests', limit: 50 } }),
    ]);
  };
  return [
    { name: 'overview page, 24 hours', goalMs: 150, ask: page(1, 'hour') },
    { name: 'overview page, 30 days', goalMs: 600, ask: page(30, 'day') },
  ];
}
