import type { Health } from '../core/health.ts';

export interface HealthFigures {
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly openRequests: number;
  readonly openUpstream: number;
  readonly heldRequestBytes: number;
  readonly spool: unknown;
}

/** Body of /healthz. 200 as long as requests are served, also when something beside them is degraded. */
export function describeHealth(health: Health, figures: HealthFigures): { status: number; body: string } {
  const degraded = health.list().map(({ component, message, since }) => ({
    component,
    message,
    since: new Date(since).toISOString(),
  }));
  const body = {
    status: degraded.length === 0 ? 'ok' : 'degraded',
    degraded,
    counters: Object.fromEntries(health.counters),
    ...figures,
  };
  return { status: 200, body: `${JSON.stringify(body)}\n` };
}
