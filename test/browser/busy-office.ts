import { startDemoTraffic } from '../../src/demo/traffic.ts';
import { ADMIN_TOKEN, gatewayBody, type TestGateway } from '../support/gateway.ts';
import { openGateway } from './gateway-visitor.ts';

export const GATEWAY = 'demo';

/** What stands in the addresses of pages. */
export interface Office {
  readonly log: string;
  readonly session: string;
  readonly evaluation: string;
}

interface Row {
  readonly id: string;
  readonly session_id: string | null;
  readonly success: boolean;
}

/** A gateway that has seen one of each thing: answers, errors, cache hits, limits, an agent's session, an evaluation. */
export async function furnish(test: TestGateway, requests = 60): Promise<Office> {
  await openGateway(test, GATEWAY, gatewayBody({ cache_ttl: 300 }));
  const limit = { rate_limiting_limit: 20, rate_limiting_interval: 60 };
  await openGateway(test, 'demo-limited', gatewayBody(limit));
  await test.manage('POST', '/tokens', { name: 'Reporting', role: 'metadata-viewer' });
  await test.manage('POST', '/custom-providers', {
    name: 'Own model',
    slug: 'own-model',
    base_url: test.provider.url,
    enable: true,
  });
  await test.manage('POST', `/gateways/${GATEWAY}/views`, {
    name: 'Failures',
    page: 'logs',
    query: '?filter=x',
  });
  await playTraffic(test, requests);

  const turn = await newestTurn(test);
  const { id: dataset } = (await test.manage('POST', `/gateways/${GATEWAY}/datasets`, {
    name: 'What went well',
    enable: true,
    filters: [{ key: 'success', operator: 'eq', value: [true] }],
  })) as { id: string };
  const { id: evaluation } = (await test.manage('POST', `/gateways/${GATEWAY}/evaluations`, {
    name: 'First look',
    dataset_ids: [dataset],
    evaluation_type_ids: ['cost', 'speed', 'regex_match'],
    parameters: { regex_match: { pattern: 'weather|should' } },
  })) as { id: string };
  return { log: turn.id, session: turn.session_id!, evaluation };
}

/** Of an agent: among the newest of many requests there may be none. */
async function newestTurn(test: TestGateway): Promise<Row> {
  for (let page = 1; ; page++) {
    const rows = (await test.manage('GET', `/gateways/${GATEWAY}/logs?per_page=50&page=${page}`)) as Row[];
    const turn = rows.find(({ session_id, success }) => session_id !== null && success);
    if (turn) return turn;
    if (rows.length === 0) throw new Error('no agent came by');
  }
}

/** Until so many requests have been answered and stand in the logs. */
async function playTraffic(test: TestGateway, requests: number): Promise<void> {
  const stop = new AbortController();
  const traffic = startDemoTraffic({
    baseUrl: test.base(GATEWAY),
    limitedBaseUrl: test.base('demo-limited'),
    token: ADMIN_TOKEN,
    signal: stop.signal,
    log: () => {},
    ratePerSecond: 20,
    burstEverySeconds: 4,
  });
  const stored = async (id: string): Promise<number> =>
    ((await test.manage('GET', `/gateways/${id}/logs?per_page=50&page=2`)) as unknown[]).length;
  const end = performance.now() + 60_000;
  while (traffic.counts.sent < requests || (await stored(GATEWAY)) === 0) {
    if (performance.now() > end) throw new Error('the traffic does not come through');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // Those that are under way may take until the provider gives up.
  stop.abort();
  await traffic.done;
}
