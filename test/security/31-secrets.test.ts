import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedProvider, startScriptedProvider } from '../../src/demo/provider/server.ts';
import { runTidegate, startTidegate, type TidegateProcess } from '../support/tidegate-process.ts';
import { sendRaw } from './raw-http.ts';
import { filesWith, formsOf, storedFiles } from './stored-files.ts';

// Each its own, so that a find tells the way that it took. No scanner's pattern; long enough to be no chance.
const SECRETS = {
  admin: 'canary-admin-token-Zq81hVtYpL',
  clientHeader: 'canary-client-header-Rk27uWmXnB',
  clientApiKey: 'canary-x-api-key-Tg90cJdFsA',
  queryKey: 'canary-query-key-Vb53oHeQiK',
  storedKey: 'canary-stored-key-Nw46yPzGlC',
  rotatedKey: 'canary-rotated-key-Mj72xUaEvD',
  wrongToken: 'canary-wrong-token-Xs38rIkOtF',
  runInPlace: '',
  stepKey: 'canary-step-key-Ph64bLqWgN',
  customHeader: 'canary-custom-header-Yd19mSfRjU',
  cookie: 'canary-cookie-Ec85nVxTzH',
  userInUrl: 'canary-user-in-url-Lf07pGkAwM',
};

let folder: string;
let provider: ScriptedProvider;
let gateway: TidegateProcess;
let baseUrl: string;
let dead: number;
/** Everything that the gateway said to anybody. */
const seen: string[] = [];
const BODY = '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}';

const say = async (url: string, init: RequestInit = {}): Promise<string> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(8000), redirect: 'manual', ...init });
    const text = await response.text();
    seen.push(
      `${url.replace(/[?].*/, '')} ${response.status} ${JSON.stringify([...response.headers])} ${text}`,
    );
    return text;
  } catch (error) {
    // A break is part of some of these cases.
    seen.push(String(error));
    return '';
  }
};

const api = (method: string, path: string, body?: unknown): Promise<string> =>
  say(`${baseUrl}/client/v4/accounts/local/ai-gateway${path}`, {
    method,
    headers: { authorization: `Bearer ${SECRETS.admin}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const start = async (): Promise<void> => {
  gateway = startTidegate(folder, ['start', '--port', '0'], {
    TIDEGATE_ADMIN_TOKEN: SECRETS.admin,
    TIDEGATE_ALLOW_PRIVATE: '127.0.0.0/8',
    TIDEGATE_LOG_LEVEL: 'debug',
    TIDEGATE_CONNECT_TIMEOUT_MS: '1000',
    TIDEGATE_UPSTREAM_IDLE_MS: '1000',
    TIDEGATE_PROVIDER_OPENAI_URL: `${provider.url}/openai`,
    TIDEGATE_PROVIDER_ANTHROPIC_URL: `${provider.url}/anthropic`,
    TIDEGATE_PROVIDER_GOOGLE_AI_STUDIO_URL: `${provider.url}/google-ai-studio`,
    TIDEGATE_PROVIDER_GOOGLE_VERTEX_AI_URL: `${provider.url}/google-vertex-ai`,
    TIDEGATE_PROVIDER_AWS_BEDROCK_URL: `${provider.url}/aws-bedrock`,
    TIDEGATE_PROVIDER_GROQ_URL: `http://127.0.0.1:${dead}`,
    TIDEGATE_PROVIDER_MISTRAL_URL: 'http://10.255.255.1:9',
  });
  const banner = await gateway.printed('Ctrl-C stops');
  baseUrl = /Base URL +(http:\S+)\/v1\//.exec(banner)![1]!;
};

let ended: { out: string; problem: string };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-secrets-'));
  provider = await startScriptedProvider();
  // A port where nobody listens.
  dead = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
  await start();
  for (const id of ['default', 'g', 'open'])
    await api('POST', '/gateways', {
      id,
      cache_invalidate_on_update: false,
      cache_ttl: 60,
      collect_logs: true,
      rate_limiting_interval: 0,
      rate_limiting_limit: 0,
      authentication: id !== 'open',
    });
  const made = JSON.parse(await api('POST', '/tokens', { name: 'run', permissions: ['run'] })) as {
    result: Record<string, string>;
  };
  SECRETS.runInPlace = Object.values(made.result).find(
    (value) => typeof value === 'string' && value.startsWith('tg_'),
  )!;
  // The one reply in which it may stand.
  seen.pop();
  const auth = { 'cf-aig-authorization': `Bearer ${SECRETS.admin}` };
  const json = { 'content-type': 'application/json', cookie: `session=${SECRETS.cookie}` };
  const chat = (
    name: string,
    headers: Record<string, string>,
    body = BODY,
    gatewayId = 'g',
    path = 'chat/completions',
  ) =>
    say(`${baseUrl}/v1/local/${gatewayId}/${name}/${path}`, {
      method: 'POST',
      headers: { ...json, ...headers },
      body,
    });

  // Keys that clients bring, in each place where they may stand, with each way that a call can end.
  const client = { ...auth, authorization: `Bearer ${SECRETS.clientHeader}` };
  await chat('openai', client);
  await chat('openai', { ...client, 'cf-aig-skip-cache': 'true' });
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
    await chat('openai', {
      ...client,
      'x-scripted-fault': fault,
      'cf-aig-max-attempts': '2',
      'cf-aig-retry-delay': '1',
    });
  await chat('openai', { ...client, 'x-scripted-fault': 'hang', 'cf-aig-request-timeout': '100' });
  await chat('openai', { ...client, 'x-scripted-fault': 'hang' });
  await chat('openai', client, BODY.replace('{', '{"stream":true,'));
  await chat('openai', client, '{"model":"a","model":"b"}');
  await chat('openai', client, 'not JSON');
  await chat('groq', client);
  await chat('mistral', client);
  await chat('nobody', client);
  await chat('custom-nobody', client);
  await chat('openai', client, BODY, 'g', '../../etc');
  await chat('openai', client, BODY, 'none');
  await chat('openai', { ...client, 'cf-aig-metadata': 'x', 'cf-aig-cache-ttl': 'x' });
  await chat('openai', { ...client, 'cf-aig-byok-alias': 'none' });
  await chat('openai', { authorization: `Bearer ${SECRETS.clientHeader}` });
  await chat('openai', { authorization: `Bearer ${SECRETS.clientHeader}` }, BODY, 'open');
  await chat('openai', { authorization: `Bearer ${SECRETS.runInPlace}` });
  await chat('openai', {
    'cf-aig-authorization': `Bearer ${SECRETS.wrongToken}`,
    authorization: `Bearer ${SECRETS.clientHeader}`,
  });
  await chat(
    'anthropic',
    { ...auth, 'x-api-key': SECRETS.clientApiKey, 'anthropic-version': '2023-06-01' },
    BODY,
    'g',
    'v1/messages',
  );
  await chat('anthropic', { 'x-api-key': SECRETS.wrongToken }, BODY, 'g', 'v1/messages');
  // Vertex: a service account that cannot be read, and one whose exchange fails.
  const account = Buffer.from(
    JSON.stringify({
      client_email: 'a@b.iam.gserviceaccount.com',
      private_key: SECRETS.clientApiKey,
      region: 'us-central1',
      padding: 'x'.repeat(80),
    }),
  ).toString('base64');
  await chat(
    'google-vertex-ai',
    { ...auth, authorization: `Bearer ${account}` },
    '{}',
    'g',
    'v1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash:generateContent',
  );
  await chat(
    'aws-bedrock',
    {
      ...auth,
      authorization: `AWS4-HMAC-SHA256 Credential=${SECRETS.clientApiKey}/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=abc`,
    },
    '{}',
    'g',
    'us-east-1/model/x/converse',
  );

  // Keys in queries: 34.
  const google = (query: string, gatewayId = 'g') =>
    chat(
      'google-ai-studio',
      auth,
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
    await chat(
      'google-ai-studio',
      { ...auth, 'x-scripted-fault': fault },
      '{"contents":[]}',
      'g',
      `v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse&key=${SECRETS.queryKey}`,
    );
  await chat('groq', auth, BODY, 'g', `x?key=${SECRETS.queryKey}&api_key=${SECRETS.queryKey}`);
  await chat('mistral', auth, BODY, 'g', `x?access_token=${SECRETS.queryKey}`);
  await chat('openai', auth, BODY, 'g', `..?key=${SECRETS.queryKey}`);
  await say(`${baseUrl}/nothing?key=${SECRETS.queryKey}`);
  await say(`${baseUrl}/healthz?key=${SECRETS.queryKey}`);
  await say(`${baseUrl}/client/v4/nothing?token=${SECRETS.queryKey}`, {
    headers: { authorization: `Bearer ${SECRETS.wrongToken}` },
  });

  // Stored keys: stored, refused, used, replaced, and gone wrong.
  const stored = JSON.parse(
    await api('POST', '/gateways/g/provider_configs', {
      provider_slug: 'openai',
      alias: 'default',
      secret: SECRETS.storedKey,
    }),
  ) as { result: { id: string } };
  await api('POST', '/gateways/g/provider_configs', {
    provider_slug: 'openai',
    alias: 'default',
    secret: SECRETS.storedKey,
  });
  await api('POST', '/gateways/g/provider_configs', {
    provider_slug: 'groq',
    alias: 'default',
    secret: SECRETS.storedKey,
  });
  await api('POST', '/gateways/g/provider_configs', {
    provider_slug: 'google-vertex-ai',
    alias: 'default',
    secret: JSON.stringify({ client_email: 'a@b', private_key: SECRETS.storedKey, region: 'us-central1' }),
  });
  await chat('openai', { ...auth, 'cf-aig-skip-cache': 'true' });
  await chat('openai', { ...auth, 'x-scripted-fault': 'status=401', 'cf-aig-skip-cache': 'true' });
  await chat('groq', auth);
  await chat(
    'google-vertex-ai',
    auth,
    '{}',
    'g',
    'v1/publishers/google/models/gemini-2.5-flash:generateContent',
  );
  await api('PUT', `/gateways/g/provider_configs/${stored.result.id}`, { secret: SECRETS.rotatedKey });
  await chat('openai', { ...auth, 'cf-aig-skip-cache': 'true' });
  await api('POST', '/custom-providers', {
    name: 'c',
    slug: 'c',
    base_url: `${provider.url}/openai/v1`,
    enable: true,
  });
  await chat('custom-c', { ...auth, 'x-api-key': SECRETS.customHeader });

  // Universal: keys in the headers of steps.
  await say(`${baseUrl}/v1/local/g`, {
    method: 'POST',
    headers: { ...json, ...auth },
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

  // Broken HTTP with secrets in it.
  const port = Number(new URL(baseUrl).port);
  for (const broken of [
    `GET /?key=${SECRETS.queryKey} HTTP/9\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\nauthorization : Bearer ${SECRETS.clientHeader}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\nauthorization: Bearer ${SECRETS.clientHeader}\x00\r\n\r\n`,
  ])
    seen.push((await sendRaw(port, broken)).text);

  // Whoever looks: everything that can be listed, exported or asked.
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
    await api('GET', path);
  const list = JSON.parse(await api('GET', '/gateways/g/logs?per_page=50')) as { result: { id: string }[] };
  expect(list.result.length).toBeGreaterThan(30);
  for (const { id } of list.result) {
    for (const part of ['', '/request', '/response']) await api('GET', `/gateways/g/logs/${id}${part}`);
  }
  await say(`${baseUrl}/healthz`);
  await say(`${baseUrl}/client/v4/openapi.json`);
  await say(`${baseUrl}/client/v4/docs`);
  const environment = {
    TIDEGATE_ADMIN_TOKEN: SECRETS.admin,
    TIDEGATE_MASTER_KEY: `${SECRETS.customHeader}-as-master-key`,
  };
  for (const args of [['logs', 'tail', '--url', baseUrl], ['token', 'list', '--url', baseUrl], ['doctor']]) {
    const { out, problem } = await runTidegate(
      folder,
      args,
      args[0] === 'doctor' ? environment : { TIDEGATE_ADMIN_TOKEN: SECRETS.admin },
    );
    seen.push(out, problem);
  }
  gateway.child.kill('SIGTERM');
  ended = await gateway.ended;
  // And after a restart, which packs what was written.
  await start();
  await api('GET', '/gateways/g/logs?per_page=50');
  gateway.child.kill('SIGTERM');
  const again = await gateway.ended;
  ended = { out: ended.out + again.out, problem: ended.problem + again.problem };
}, 60_000);

afterAll(async () => {
  gateway.child.kill('SIGKILL');
  await gateway.ended;
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

const foundIn = (text: string): string[] =>
  Object.entries(SECRETS)
    .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form.toString('latin1'))))
    .map(([name]) => name);

describe('31. and 34. secrets that went through the gateway in every place and ended in every way', () => {
  it('reached those that they were meant for, or nothing here would show anything', () => {
    const sent = JSON.stringify(provider.requests.map(({ url, rawHeaders }) => [url, rawHeaders]));
    for (const name of [
      'clientHeader',
      'clientApiKey',
      'queryKey',
      'storedKey',
      'rotatedKey',
      'customHeader',
    ] as const)
      expect(sent, name).toContain(SECRETS[name]);
    for (const name of ['admin', 'runInPlace', 'wrongToken', 'cookie'] as const)
      expect(sent, name).not.toContain(SECRETS[name]);
  });

  it('stand in no answer: of calls, errors, records, lists, health, documents, commands', () => {
    expect(seen.length).toBeGreaterThan(150);
    // The provider's own redirect says where it points; that is the provider's to say.
    const said = seen.filter((text) => !text.includes('"location"')).join('\n');
    expect(foundIn(said)).toEqual([]);
  });

  it('stand in no line of the process’s output, at the loudest level', () => {
    expect(ended.problem).toContain('stopped');
    expect(foundIn(ended.out)).toEqual([]);
    expect(foundIn(ended.problem)).toEqual([]);
  });

  it('stand in no file of the data folder', () => {
    const files = storedFiles(join(folder, 'data'));
    expect(files.size).toBeGreaterThan(5);
    for (const [name, secret] of Object.entries(SECRETS)) {
      // It stood in a reply of a provider, and its bodies are kept.
      if (name === 'userInUrl') continue;
      expect(filesWith(files, secret), name).toEqual([]);
    }
  });
});
