import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { askOpenai, type Fields } from './controls-calls.ts';
import { nothingOpen } from './sdk-comparison.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'default' }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'silent', collect_logs: false }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'bodiless', collect_payloads: false }));
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
});
beforeEach(() => test.provider.reset());

const ask = (headers: Fields = {}, gateway = 'default', query: object = {}): Promise<Response> =>
  askOpenai(test, headers, gateway, query);

describe('log controls', () => {
  it('cf-aig-collect-log stands over the gateway’s setting, both ways', async () => {
    const dropped = await ask({ 'cf-aig-collect-log': 'false', 'cf-aig-event-id': 'dropped' });
    expect(dropped.headers.get('cf-aig-log-id')).toBeNull();
    expect(dropped.headers.get('cf-aig-request-id')).toBeTruthy();
    const silent = await ask({}, 'silent');
    expect(silent.headers.get('cf-aig-log-id')).toBeNull();
    const kept = await ask({ 'cf-aig-collect-log': 'true' }, 'silent');
    expect(await test.record(kept, 'silent')).toMatchObject({ success: true });
    const after = await ask();
    await test.record(after);
    for (const [gateway, gone] of [
      ['default', dropped],
      ['silent', silent],
    ] as const) {
      const path = `/gateways/${gateway}/logs/${gone.headers.get('cf-aig-request-id')}`;
      await expect(test.manage('GET', path)).rejects.toThrow(/404/);
    }
  });

  it('cf-aig-collect-log-payload keeps or drops the bodies alone', async () => {
    const body = async (response: Response, gateway: string, which: string): Promise<number> => {
      await test.record(response, gateway);
      const path = `${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/${gateway}/logs/${response.headers.get('cf-aig-log-id')}/${which}`;
      const reply = await fetch(path, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
      await reply.arrayBuffer();
      return reply.status;
    };
    for (const [headers, gateway, status] of [
      [{}, 'default', 200],
      [{ 'cf-aig-collect-log-payload': 'false' }, 'default', 404],
      [{}, 'bodiless', 404],
      [{ 'cf-aig-collect-log-payload': 'true' }, 'bodiless', 200],
    ] as const) {
      const response = await ask(headers, gateway);
      expect(await body(response, gateway, 'request')).toBe(status);
      expect(await body(response, gateway, 'response')).toBe(status);
    }
  });

  it('cf-aig-metadata: the first five scalars, none of the platform’s, nothing when one is no scalar', async () => {
    const cases: readonly (readonly [string, unknown])[] = [
      ['{"team":"blue","n":1.5,"ok":true}', { team: 'blue', n: 1.5, ok: true }],
      ['{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}', { a: 1, b: 2, c: 3, d: 4, e: 5 }],
      ['{"cf.user_id":"me","a":1}', { a: 1 }],
      ['{"cf.x":1,"a":1,"b":2,"c":3,"d":4,"e":5}', { a: 1, b: 2, c: 3, d: 4, e: 5 }],
      ['{"a":1,"nested":{"b":2}}', null],
      ['{"a":1,"list":[1]}', null],
      ['{"a":null,"b":1}', null],
      ['{}', null],
      ['{"name":"Zoë 🦑"}', { name: 'Zoë 🦑' }],
      ['{"constructor":"x","__proto__":"y"}', { constructor: 'x', ['__proto__']: 'y' }],
    ];
    for (const [sent, kept] of cases) {
      const response = await ask({ 'cf-aig-metadata': Buffer.from(sent).toString('latin1') });
      expect(response.status).toBe(200);
      const record = await test.record(response);
      expect(JSON.parse(JSON.stringify(record.metadata)), sent).toEqual(
        kept === null ? null : JSON.parse(JSON.stringify(kept)),
      );
    }
  });

  it('cf-aig-custom-cost stands over the catalogue, with cache rates, in total, and for unknown models', async () => {
    const text = 'A long question about the tide. '.repeat(12);
    const query = {
      messages: [
        { role: 'user', content: text },
        { role: 'user', content: 'Why?' },
      ],
    };
    const rates = {
      per_token_in: 0.001,
      per_token_out: 0.002,
      per_cache_read_token: 0.0001,
      per_cache_write_token: 0.003,
    };
    const header = { 'cf-aig-custom-cost': JSON.stringify(rates) };
    await ask(header, 'default', query);
    const response = await ask(header, 'default', query);
    const record = await test.record(response);
    const usage = record.usage_metadata as Record<string, number>;
    expect(usage.input_cached_tokens).toBeGreaterThan(0);
    const fresh = usage.input_tokens! - usage.input_cached_tokens!;
    expect(record.custom_cost).toBe(true);
    expect(record.cost).toBeCloseTo(
      fresh * rates.per_token_in +
        usage.input_cached_tokens! * rates.per_cache_read_token +
        usage.output_tokens! * rates.per_token_out,
      6,
    );
    const total = await ask({ 'cf-aig-custom-cost': '{"total_cost":1.25}' });
    expect(await test.record(total)).toMatchObject({ cost: 1.25, custom_cost: true });
    const unpriced = await ask({}, 'default', { model: 'made-at-home' });
    expect(await test.record(unpriced)).toMatchObject({ cost: null, custom_cost: false });
    const priced = await ask({ 'cf-aig-custom-cost': '{"per_token_in":0.5,"per_token_out":0}' }, 'default', {
      model: 'made-at-home',
    });
    const row = await test.record(priced);
    expect(row.cost).toBe(Number(row.tokens_in) * 0.5);
  });
});
