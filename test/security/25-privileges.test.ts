import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_ROUTES } from '../../src/api/routes.ts';
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from '../support/gateway.ts';

const ROLES = ['admin', 'editor', 'viewer', 'metadata-viewer', 'run'] as const;
type Role = (typeof ROLES)[number];

const ALL: readonly Role[] = ROLES;
const SIGNS_IN: readonly Role[] = ['admin', 'editor', 'viewer', 'metadata-viewer'];
const READS: readonly Role[] = ['admin', 'editor', 'viewer'];
const EDITS: readonly Role[] = ['admin', 'editor'];
const ADMINISTERS: readonly Role[] = ['admin'];

/**
 * Who may do what, in words of its own and not in those of the code: the first line that fits a route counts, and a route
 * that fits none fails. G is a gateway's path.
 */
const POLICY: readonly (readonly [route: RegExp, roles: readonly Role[]])[] = [
  [/^(get|delete) \/session$/, ALL],
  [/^post \/session$/, SIGNS_IN],
  [/^post \/graphql$/, SIGNS_IN],
  [/^(get|post|delete) \/tokens(\/{token_id})?$/, ADMINISTERS],
  [/^get \/audit-logs(\/verify)?$/, ADMINISTERS],
  [/^\w+ G\/run\/{provider}\/{rest}$/, ['admin', 'editor', 'run']],
  [/^post G\/logs\/{log_id}\/replay$/, EDITS],
  [/^get (\/gateways|G|G\/url\/{provider}|\/analytics|\/attention|\/providers|\/prices|\/health)$/, SIGNS_IN],
  [
    /^get G\/(logs|logs\/export|logs\/stream|sessions|sessions\/{session_id}|cache\/entries|views)$/,
    SIGNS_IN,
  ],
  [/^get G\/cache\/semantic$/, SIGNS_IN],
  [/^(get|post) G\/cache\/semantic\/(hits(\/{hit_id})?|wrong-pairs|entries|compare)$/, READS],
  [/^get G\/logs\/{log_id}(\/(request|response|conversation))?$/, READS],
  [/^get (G\/provider_configs|\/custom-providers(\/{provider_id})?|\/settings|\/evaluation-types)$/, READS],
  [/^get G\/(datasets|evaluations)(\/.+)?$/, READS],
  [/^(post|put|delete) (\/gateways|G)$/, EDITS],
  [/^delete G\/(logs|cache|cache\/{key})$/, EDITS],
  [/^(post|delete) G\/cache\/semantic\/(wrong-pairs\/(check|{pair_id})|entries(\/{entry_id})?)$/, EDITS],
  [/^post G\/cache\/semantic\/(hits\/{hit_id}\/verdict|resume)$/, EDITS],
  [/^(patch G\/logs\/{log_id}|post G\/logs\/{log_id}\/wrong-answer)$/, EDITS],
  [/^(post|put|delete) G\/provider_configs(\/{config_id}(\/test)?)?$/, EDITS],
  [/^(post|patch|delete) \/custom-providers(\/{provider_id})?$/, EDITS],
  [/^(post|put|delete) G\/(datasets|evaluations|views)(\/{\w+})?$/, EDITS],
];

const GATEWAY = '/accounts/{account_id}/ai-gateway/gateways/{gateway_id}';
const nameOf = (route: { method: string; path: string }): string =>
  `${route.method} ${route.path.replace(GATEWAY, 'G').replace('/accounts/{account_id}/ai-gateway', '')}`;

// Words that stand in a prompt, in what the model was told, and (the scripted provider repeats it) in an answer.
const CANARY = 'marmoset-canary-7731';

interface Person {
  readonly token: string;
  cookie: string;
  csrf: string;
}

let test: TestGateway;
let logId: string;
const people = new Map<Role, Person>();

const base = (): string => `${test.gateway.baseUrl}/client/v4`;

async function ask(): Promise<Response> {
  const reply = await fetch(`${test.base('g')}/openai/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer test-key',
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      'content-type': 'application/json',
      'x-session-id': 'canary-session',
    },
    body: JSON.stringify({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: `The secret animal is ${CANARY}.` },
        { role: 'user', content: `Say ${CANARY}` },
      ],
    }),
  });
  await reply.arrayBuffer();
  return reply;
}

async function signIn(person: Person): Promise<void> {
  const response = await fetch(`${base()}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: person.token }),
  });
  if (!response.ok) return;
  person.cookie = response.headers.getSetCookie()[0]!.split(';')[0]!;
  person.csrf = ((await response.json()) as { result: { csrf: string } }).result.csrf;
}

beforeAll(async () => {
  test = await startTestGateway({ env: { TIDEGATE_METRICS: 'token' } });
  await test.manage('POST', '/gateways', { id: 'g' });
  for (const role of ROLES) {
    const { value } = (await test.manage('POST', '/tokens', { role })) as { value: string };
    const person = { token: value, cookie: '', csrf: '' };
    people.set(role, person);
    await signIn(person);
  }
  const record = await test.record(await ask(), 'g');
  expect(record.session_id).toBe('canary-session');
  logId = String(record.id);
});
afterAll(() => test.close());

type Shown = 'token' | 'session' | 'nothing';

async function statusOf(route: (typeof API_ROUTES)[number], role: Role, shown: Shown): Promise<number> {
  const person = people.get(role)!;
  const path = route.path.replace('{account_id}', 'local').replace(/\{\w+\}/g, 'missing');
  const body = route.identify ? { token: shown === 'nothing' ? 'none' : person.token } : route.body && {};
  const response = await fetch(base() + path, {
    method: route.method.toUpperCase(),
    headers: {
      ...(shown === 'token' && { authorization: `Bearer ${person.token}` }),
      ...(shown === 'session' && { cookie: person.cookie, 'x-tidegate-csrf': person.csrf }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  await response.body?.cancel();
  // That ended the session, or began another in its place.
  if (shown === 'session' && route.path === '/session') await signIn(person);
  return response.status;
}

describe('25. privileges', () => {
  const rows = API_ROUTES.map((route) => [nameOf(route), route] as const);

  it('every route is in the policy', () => {
    const unknown = rows.filter(([name]) => !POLICY.some(([pattern]) => pattern.test(name)));
    expect(unknown.map(([name]) => name)).toEqual([]);
  });

  it.each(rows)('%s', async (name, route) => {
    const allowed = POLICY.find(([pattern]) => pattern.test(name))?.[1] ?? [];
    for (const role of ROLES) {
      for (const shown of ['token', 'session'] as const) {
        if (shown === 'session' && !SIGNS_IN.includes(role)) continue;
        const status = await statusOf(route, role, shown);
        const verdict = status === 403 || status === 401 ? 'refused' : 'let in';
        expect([role, shown, verdict, status]).toEqual([
          role,
          shown,
          allowed.includes(role) ? 'let in' : 'refused',
          status,
        ]);
      }
    }
    expect(await statusOf(route, 'admin', 'nothing')).toBe(401);
  });

  it('the figures for operators are for those who sign in', async () => {
    const ask = async (token: string | null): Promise<number> => {
      const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
      const response = await fetch(`${test.gateway.baseUrl}/metrics`, { headers });
      const text = await response.text();
      expect(text).not.toContain(CANARY);
      return response.status;
    };
    for (const role of SIGNS_IN) expect([role, await ask(people.get(role)!.token)]).toEqual([role, 200]);
    expect([401, 403]).toContain(await ask(people.get('run')!.token));
    expect(await ask(null)).toBe(401);
  });

  it('health is for anybody, and tells nothing of what was asked', async () => {
    const text = await (await fetch(`${test.gateway.baseUrl}/healthz`)).text();
    expect(JSON.parse(text)).toMatchObject({ status: 'ok' });
    expect(text).not.toMatch(new RegExp(`${CANARY}|"g"|local`));
  });
});

describe('25. whoever may see metadata only', () => {
  const get = async (role: Role, path: string): Promise<{ status: number; text: string }> => {
    const response = await fetch(base() + path, {
      headers: { authorization: `Bearer ${people.get(role)!.token}` },
    });
    return { status: response.status, text: await response.text() };
  };
  const G = '/accounts/local/ai-gateway/gateways/g';

  it('gets no word of a prompt or an answer from any route that answers him', async () => {
    let answered = 0;
    for (const route of API_ROUTES.filter(({ method }) => method === 'get')) {
      if (/\/(stream|run)(\/|$)/.test(route.path)) continue;
      const path = route.path
        .replace('{account_id}', 'local')
        .replace('{gateway_id}', 'g')
        .replace('{log_id}', logId)
        .replace('{session_id}', 'canary-session')
        .replace('{provider}', 'openai');
      const { status, text } = await get('metadata-viewer', path);
      expect([path, text.includes(CANARY)]).toEqual([path, false]);
      if (status === 200) answered++;
    }
    expect(answered).toBeGreaterThan(10);
  });

  it('cannot guess at one by searching either, while a viewer finds it', async () => {
    const found = async (role: Role, query: string): Promise<number> => {
      const { status, text } = await get(role, `${G}/logs?${query}`);
      return status === 200 ? (JSON.parse(text) as { result: unknown[] }).result.length : -status;
    };
    const end = performance.now() + 10_000;
    // Texts are read by a thread of its own, a moment after the record is there.
    while ((await found('viewer', `search=${CANARY}`)) === 0) {
      if (performance.now() > end) throw new Error('the prompt is never found');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await found('metadata-viewer', `search=${CANARY}`)).toBeLessThanOrEqual(0);
    expect(await found('metadata-viewer', 'search=gpt-4o')).toBe(1);
    expect((await get('viewer', `${G}/logs`)).text).toContain(CANARY);
    const exported = await get('metadata-viewer', `${G}/logs/export?format=csv&search=${CANARY}`);
    expect(exported.text.trim().split('\n').length).toBeLessThanOrEqual(1);
  });

  it('sees requests come live, but not what they say', async () => {
    const stop = new AbortController();
    const response = await fetch(`${base()}${G}/logs/stream`, {
      headers: { authorization: `Bearer ${people.get('metadata-viewer')!.token}` },
      signal: stop.signal,
    });
    expect(response.status).toBe(200);
    let text = '';
    let isFound = false;
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body!) {
        text += decoder.decode(chunk, { stream: true });
        isFound = /^event: log$/m.test(text) && text.endsWith('\n\n');
        if (isFound) return;
      }
    })();
    // One that comes before the stream has begun to follow is not in it.
    while (!isFound) {
      await ask();
      await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 500))]);
    }
    stop.abort();
    expect(text).toContain('gpt-4o');
    expect(text).not.toContain(CANARY);
  });
});

describe('20. a right that is taken away', () => {
  it('is gone with the next request, of the API, of a session and of a provider', async () => {
    const { id, value } = (await test.manage('POST', '/tokens', { role: 'editor' })) as Record<
      string,
      string
    >;
    const person = { token: value!, cookie: '', csrf: '' };
    await signIn(person);
    const all = async (): Promise<number[]> => {
      const answers = await Promise.all([
        fetch(`${base()}/session`, { headers: { authorization: `Bearer ${person.token}` } }),
        fetch(`${base()}/session`, { headers: { cookie: person.cookie } }),
        fetch(`${test.base('g')}/openai/models`, {
          headers: { authorization: 'Bearer test-key', 'cf-aig-authorization': `Bearer ${person.token}` },
        }),
      ]);
      return answers.map(({ status }) => status);
    };
    expect(await all()).toEqual([200, 200, 200]);
    await test.manage('DELETE', `/tokens/${id}`);
    expect(await all()).toEqual([401, 401, 401]);
  });

  it('is gone for answers from the cache too', async () => {
    await test.manage('POST', '/gateways', { id: 'cached', cache_ttl: 600 });
    const { id, value } = (await test.manage('POST', '/tokens', { role: 'run' })) as Record<string, string>;
    const call = () =>
      fetch(`${test.base('cached')}/openai/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: 'Bearer test-key',
          'cf-aig-authorization': `Bearer ${value}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'again' }] }),
      });
    await (await call()).arrayBuffer();
    expect((await call()).headers.get('cf-aig-cache-status')).toBe('HIT');
    await test.manage('DELETE', `/tokens/${id}`);
    expect((await call()).status).toBe(401);
  });
});
