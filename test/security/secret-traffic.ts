import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { runTidegate } from '../support/tidegate-process.ts';
import { sendRaw } from './raw-http.ts';
import { AUTH, BODY, JSON_AND_COOKIE, SECRETS, type SecretGateway } from './secret-gateway.ts';

/** Gateways `default` and `g`, and `open`, which wants no token; and a token for applications. */
export async function makeGateways(gateway: SecretGateway): Promise<void> {
  for (const id of ['default', 'g', 'open'])
    await gateway.api('POST', '/gateways', {
      id,
      cache_invalidate_on_update: false,
      cache_ttl: 60,
      collect_logs: true,
      rate_limiting_interval: 0,
      rate_limiting_limit: 0,
      authentication: id !== 'open',
    });
  const made = JSON.parse(await gateway.api('POST', '/tokens', { name: 'run', permissions: ['run'] })) as {
    result: Record<string, string>;
  };
  SECRETS.runInPlace = Object.values(made.result).find(
    (value) => typeof value === 'string' && value.startsWith('tg_'),
  )!;
  // The one reply in which it may stand.
  gateway.seen.pop();
}

/** Keys that clients bring, in each place where they may stand, with each way that a call can end. */
export async function bringKeys(gateway: SecretGateway): Promise<void> {
  const client = { ...AUTH, authorization: `Bearer ${SECRETS.clientHeader}` };
  await gateway.chat('openai', client);
  await gateway.chat('openai', { ...client, 'cf-aig-skip-cache': 'true' });
  for (const fault of [
    'status=401',
    'status=429',
    'status=500',
    'okError',
    'cut',
    'cut=0',
    'reset',
    'garbage',
    'headerBytes=200000',
    'errorEvent=0',
    `redirect=http://${SECRETS.userInUrl}:x@127.0.0.1/`,
    'bombBytes=5000000',
  ])
    await gateway.chat('openai', {
      ...client,
      'x-scripted-fault': fault,
      'cf-aig-max-attempts': '2',
      'cf-aig-retry-delay': '1',
    });
  await gateway.chat('openai', { ...client, 'x-scripted-fault': 'hang', 'cf-aig-request-timeout': '100' });
  await gateway.chat('openai', { ...client, 'x-scripted-fault': 'hang' });
  await gateway.chat('openai', client, BODY.replace('{', '{"stream":true,'));
  await gateway.chat('openai', client, '{"model":"a","model":"b"}');
  await gateway.chat('openai', client, 'not JSON');
  await gateway.chat('groq', client);
  await gateway.chat('mistral', client);
  await gateway.chat('nobody', client);
  await gateway.chat('custom-nobody', client);
  await gateway.chat('openai', client, BODY, 'g', '../../etc');
  await gateway.chat('openai', client, BODY, 'none');
  await gateway.chat('openai', { ...client, 'cf-aig-metadata': 'x', 'cf-aig-cache-ttl': 'x' });
  await gateway.chat('openai', { ...client, 'cf-aig-byok-alias': 'none' });
  await gateway.chat('openai', { authorization: `Bearer ${SECRETS.clientHeader}` });
  await gateway.chat('openai', { authorization: `Bearer ${SECRETS.clientHeader}` }, BODY, 'open');
  await gateway.chat('openai', { authorization: `Bearer ${SECRETS.runInPlace}` });
  await gateway.chat('openai', {
    'cf-aig-authorization': `Bearer ${SECRETS.wrongToken}`,
    authorization: `Bearer ${SECRETS.clientHeader}`,
  });
  await gateway.chat(
    'anthropic',
    { ...AUTH, 'x-api-key': SECRETS.clientApiKey, 'anthropic-version': '2023-06-01' },
    BODY,
    'g',
    'v1/messages',
  );
  await gateway.chat('anthropic', { 'x-api-key': SECRETS.wrongToken }, BODY, 'g', 'v1/messages');
  // Vertex: a service account that cannot be read, and one whose exchange fails.
  const account = Buffer.from(
    JSON.stringify({
      client_email: 'a@b.iam.gserviceaccount.com',
      private_key: SECRETS.clientApiKey,
      region: 'us-central1',
      padding: 'x'.repeat(80),
    }),
  ).toString('base64');
  await gateway.chat(
    'google-vertex-ai',
    { ...AUTH, authorization: `Bearer ${account}` },
    '{}',
    'g',
    'v1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash:generateContent',
  );
  await gateway.chat(
    'aws-bedrock',
    {
      ...AUTH,
      authorization: `AWS4-HMAC-SHA256 Credential=${SECRETS.clientApiKey}/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=abc`,
    },
    '{}',
    'g',
    'us-east-1/model/x/converse',
  );
}

/** Keys in queries: 34. */
export async function putKeysInQueries(gateway: SecretGateway): Promise<void> {
  const google = (query: string, gatewayId = 'g') =>
    gateway.chat(
      'google-ai-studio',
      AUTH,
      '{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}',
      gatewayId,
      `v1beta/models/gemini-2.5-flash:generateContent?${query}`,
    );
  await google(`key=${SECRETS.queryKey}`);
  await google(`alt=sse&key=${SECRETS.queryKey}`);
  await google(`key=${SECRETS.queryKey}&x-scripted-fault=1`);
  await google(`key=${SECRETS.queryKey}`, 'none');
  await google(`key=${SECRETS.runInPlace}`);
  for (const fault of ['status=400', 'cut', 'hang=1', 'garbage'])
    await gateway.chat(
      'google-ai-studio',
      { ...AUTH, 'x-scripted-fault': fault },
      '{"contents":[]}',
      'g',
      `v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse&key=${SECRETS.queryKey}`,
    );
  await gateway.chat('groq', AUTH, BODY, 'g', `x?key=${SECRETS.queryKey}&api_key=${SECRETS.queryKey}`);
  await gateway.chat('mistral', AUTH, BODY, 'g', `x?access_token=${SECRETS.queryKey}`);
  await gateway.chat('openai', AUTH, BODY, 'g', `..?key=${SECRETS.queryKey}`);
  await gateway.say(`${gateway.baseUrl}/nothing?key=${SECRETS.queryKey}`);
  await gateway.say(`${gateway.baseUrl}/healthz?key=${SECRETS.queryKey}`);
  await gateway.say(`${gateway.baseUrl}/client/v4/nothing?token=${SECRETS.queryKey}`, {
    headers: { authorization: `Bearer ${SECRETS.wrongToken}` },
  });
}

/** Keys that are stored, refused, used, replaced, and gone wrong; and those in the steps of a universal call. */
export async function useStoredKeys(gateway: SecretGateway): Promise<void> {
  const stored = JSON.parse(
    await gateway.api('POST', '/gateways/g/provider_configs', {
      provider_slug: 'openai',
      alias: 'default',
      secret: SECRETS.storedKey,
    }),
  ) as { result: { id: string } };
  await gateway.api('POST', '/gateways/g/provider_configs', {
    provider_slug: 'openai',
    alias: 'default',
    secret: SECRETS.storedKey,
  });
  await gateway.api('POST', '/gateways/g/provider_configs', {
    provider_slug: 'groq',
    alias: 'default',
    secret: SECRETS.storedKey,
  });
  await gateway.api('POST', '/gateways/g/provider_configs', {
    provider_slug: 'google-vertex-ai',
    alias: 'default',
    secret: JSON.stringify({ client_email: 'a@b', private_key: SECRETS.storedKey, region: 'us-central1' }),
  });
  await gateway.chat('openai', { ...AUTH, 'cf-aig-skip-cache': 'true' });
  await gateway.chat('openai', { ...AUTH, 'x-scripted-fault': 'status=401', 'cf-aig-skip-cache': 'true' });
  await gateway.chat('groq', AUTH);
  await gateway.chat(
    'google-vertex-ai',
    AUTH,
    '{}',
    'g',
    'v1/publishers/google/models/gemini-2.5-flash:generateContent',
  );
  await gateway.api('PUT', `/gateways/g/provider_configs/${stored.result.id}`, {
    secret: SECRETS.rotatedKey,
  });
  await gateway.chat('openai', { ...AUTH, 'cf-aig-skip-cache': 'true' });
  await gateway.api('POST', '/custom-providers', {
    name: 'c',
    slug: 'c',
    base_url: `${gateway.provider.url}/openai/v1`,
    enable: true,
  });
  await gateway.chat('custom-c', { ...AUTH, 'x-api-key': SECRETS.customHeader });

  // Universal: keys in the headers of steps.
  await gateway.say(`${gateway.baseUrl}/v1/local/g`, {
    method: 'POST',
    headers: { ...JSON_AND_COOKIE, ...AUTH },
    body: JSON.stringify([
      {
        provider: 'groq',
        endpoint: 'chat/completions',
        headers: { authorization: 'x' },
        query: JSON.parse(BODY),
      },
      { provider: 'openai', endpoint: 'chat/completions', query: JSON.parse(BODY) },
    ]),
  });
}

/** Broken HTTP with secrets in it. */
export async function breakHttp(gateway: SecretGateway): Promise<void> {
  const port = Number(new URL(gateway.baseUrl).port);
  for (const broken of [
    `GET /?key=${SECRETS.queryKey} HTTP/9\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\nauthorization : Bearer ${SECRETS.clientHeader}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\nauthorization: Bearer ${SECRETS.clientHeader}\x00\r\n\r\n`,
  ])
    gateway.seen.push((await sendRaw(port, broken)).text);
}

/** Whoever looks: everything that can be listed, exported or asked. */
export async function lookAround(gateway: SecretGateway): Promise<void> {
  await sleep(600);
  for (const path of [
    '/gateways',
    '/gateways/g',
    '/gateways/g/provider_configs',
    '/custom-providers',
    '/tokens',
    '/gateways/g/logs?per_page=50',
    '/gateways/open/logs',
    '/gateways/g/logs?search=canary',
    '/gateways/g/url/openai',
    '/nothing',
  ])
    await gateway.api('GET', path);
  const list = JSON.parse(await gateway.api('GET', '/gateways/g/logs?per_page=50')) as {
    result: { id: string }[];
  };
  expect(list.result.length).toBeGreaterThan(30);
  for (const { id } of list.result) {
    for (const part of ['', '/request', '/response'])
      await gateway.api('GET', `/gateways/g/logs/${id}${part}`);
  }
  await gateway.say(`${gateway.baseUrl}/healthz`);
  await gateway.say(`${gateway.baseUrl}/client/v4/openapi.json`);
  await gateway.say(`${gateway.baseUrl}/client/v4/docs`);
  const environment = {
    TIDEGATE_ADMIN_TOKEN: SECRETS.admin,
    TIDEGATE_MASTER_KEY: `${SECRETS.customHeader}-as-master-key`,
  };
  for (const args of [
    ['logs', 'tail', '--url', gateway.baseUrl],
    ['token', 'list', '--url', gateway.baseUrl],
    ['doctor'],
  ]) {
    const { out, problem } = await runTidegate(
      gateway.folder,
      args,
      args[0] === 'doctor' ? environment : { TIDEGATE_ADMIN_TOKEN: SECRETS.admin },
    );
    gateway.seen.push(out, problem);
  }
}
