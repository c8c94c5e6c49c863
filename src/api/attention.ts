import type { AnalyticsRow } from '../core/stores/analytics.ts';
import { findTrouble, type TroubleFigures } from './attention-rules.ts';
import { type AttentionObject, attentionObjectSchema } from './contract/analytics.ts';
import { ACCOUNT, type Endpoint, endpoint } from './endpoint.ts';
import { resultResponse } from './envelope.ts';
import type { ApiServices } from './services.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MOST_MODELS = 20;

export const attentionEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/attention`,
    permission: 'metadata-read',
    tag: 'Analytics',
    summary: 'What needs attention now; empty on a good day',
    result: { kind: 'list', schema: attentionObjectSchema },
    handle: async ({ account, services }) => {
      const figures = await readFigures(account, services);
      const found: readonly AttentionObject[] = findTrouble(figures);
      return resultResponse(found);
    },
  }),
];

async function readFigures(account: string, services: ApiServices): Promise<TroubleFigures> {
  const nowMs = services.clock.now();
  const recentFrom = nowMs - 15 * MINUTE_MS;
  const ask = async (
    from: number,
    to: number,
    change: Partial<Parameters<typeof services.analytics.aggregate>[0]>,
  ): Promise<readonly AnalyticsRow[]> => {
    const { rows } = await services.analytics.aggregate({
      account,
      gateways: null,
      from,
      to,
      interval: null,
      groupBy: ['gateway'],
      filters: [],
      top: null,
      quantiles: false,
      ...change,
    });
    return rows;
  };
  // A request of this very millisecond is one of now.
  const to = nowMs + 1;
  const [recent, usual, limited, unpriced, byStatus, health] = await Promise.all([
    ask(recentFrom, to, {}),
    ask(recentFrom - DAY_MS, recentFrom, {}),
    ask(nowMs - HOUR_MS, to, {
      interval: 'minute',
      filters: [{ key: 'rate_limited', operator: 'eq', value: [true] }],
    }),
    ask(nowMs - DAY_MS, to, {
      groupBy: ['gateway', 'provider', 'model'],
      top: { by: 'unpricedRequests', limit: MOST_MODELS },
    }),
    ask(nowMs - 5 * MINUTE_MS, to, {
      groupBy: ['gateway', 'provider', 'status_code'],
      filters: [
        { key: 'cached', operator: 'eq', value: [false] },
        { key: 'rate_limited', operator: 'eq', value: [false] },
      ],
    }),
    services.health(),
  ]);
  const paused = pausedGateways(account, services);
  return { nowMs, recentFrom, recent, usual, limited, unpriced, byStatus, paused, health };
}

function pausedGateways(account: string, { config, semantic }: ApiServices): TroubleFigures['paused'] {
  return [...config.snapshot().gateways.values()].flatMap((gateway) => {
    const mode = gateway.semanticCache?.mode ?? 'off';
    if (gateway.account !== account || mode === 'off' || mode === 'shadow') return [];
    const pause = semantic.pauseOf(gateway);
    return pause === null ? [] : [{ gateway: gateway.id, pause }];
  });
}
