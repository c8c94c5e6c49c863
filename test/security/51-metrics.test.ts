import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

let harness: TestGateway;
afterEach(() => harness.close());

async function start(metrics?: string): Promise<void> {
  harness = await startTestGateway(metrics === undefined ? {} : { env: { TIDEGATE_METRICS: metrics } });
}

const scrape = (
  token: string | null = ADMIN_TOKEN,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${harness.gateway.baseUrl}/metrics`, {
    headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...headers },
  });

/** `fetch` sets the host itself. */
function scrapeAs(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { port } = harness.gateway;
    request({ host: '127.0.0.1', port, path: '/metrics', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

test('without a token, with a wrong one and with one that may only run there are no figures', async () => {
  await start();
  const run = (await harness.manage('POST', '/tokens', { name: 'app', permissions: ['run'] })) as {
    value: string;
  };
  const reader = (await harness.manage('POST', '/tokens', {
    name: 'scraper',
    permissions: ['metadata-read'],
  })) as {
    value: string;
  };
  const answers = [
    await scrape(null),
    await scrape('tg_wrong'),
    await scrape(run.value),
    await scrape(reader.value),
  ];
  expect(answers.map((answer) => answer.status)).toEqual([401, 401, 403, 200]);
  for (const answer of answers.slice(0, 3)) expect(await answer.text()).not.toContain('tidegate_');
  expect(answers[0]!.headers.get('www-authenticate')).toBe('Bearer');
  const posted = await fetch(`${harness.gateway.baseUrl}/metrics`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  expect(posted.status).toBe(405);
});

test('guessing tokens is slowed down, and who has a right one goes on', async () => {
  await start();
  expect((await scrape()).status).toBe(200);
  const statuses = new Set<number>();
  for (let n = 0; n < 12; n++) statuses.add((await scrape(`tg_guess_${n}`)).status);
  expect(statuses).toEqual(new Set([401, 429]));
  expect((await scrape()).status).toBe(200);
});

test('on loopback no token is needed, except through a proxy, under a foreign name, or when one is shown', async () => {
  await start('loopback');
  expect((await scrape(null)).status).toBe(200);
  expect((await scrape(null, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(401);
  expect((await scrape(null, { via: '1.1 proxy' })).status).toBe(401);
  expect((await scrape('tg_wrong')).status).toBe(401);
  expect(await scrapeAs('rebound.example')).toBe(403);
  expect(await scrapeAs('localhost')).toBe(200);
});

test('switched off there is nothing, whoever asks', async () => {
  await start('off');
  expect((await scrape()).status).toBe(404);
  expect((await scrape(null)).status).toBe(404);
});

test('keys that were sent in every place are in no label', async () => {
  await start('loopback');
  await harness.manage('POST', '/gateways', gatewayBody({ id: 'g', authentication: false }));
  const canary = 'sk-canary0123456789abcdef';
  const send = async (path: string, headers: Record<string, string> = {}): Promise<void> => {
    const response = await fetch(`${harness.base('g')}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: canary }], user: canary }),
    });
    await response.arrayBuffer();
  };
  await send('openai/chat/completions', { authorization: `Bearer ${canary}` });
  await send('openai/chat/completions', { 'cf-aig-authorization': canary, 'user-agent': canary });
  await send('openai/chat/completions', { 'cf-aig-metadata': JSON.stringify({ key: canary }) });
  await send(`${canary}/chat/completions`);
  await send(`google-ai-studio/v1beta/models/gemini-2.5-flash:generateContent?key=${canary}`);
  const text = await (await scrape(null)).text();
  expect(text).toContain('tidegate_requests_total');
  expect(text).not.toContain('canary');
});

test('there is nothing else to look inside with', async () => {
  await start('loopback');
  for (const path of [
    '/debug',
    '/debug/pprof',
    '/heap',
    '/heapdump',
    '/json/list',
    '/metrics/',
    '/metrics/all',
  ]) {
    const response = await fetch(harness.gateway.baseUrl + path, { headers: { accept: 'text/plain' } });
    expect(await response.text()).not.toMatch(/tidegate_|heap|v8/i);
  }
});
