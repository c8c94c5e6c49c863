import { expect, test } from 'vitest';
import { API_ROUTES } from '../../src/api/routes.ts';
import { ACCOUNT, startApi } from './management-api-server.ts';

const BASE = `/accounts/${ACCOUNT}/ai-gateway`;

test('no answer and no log line of the gateway ever shows a key, a rotated key or a token', async () => {
  const api = await startApi();
  const canaries = ['test-key-CANARY-first', 'test-key-CANARY-second', 'test-key-CANARY-refused'];
  const seen: string[] = [];
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await api.call(method, path, body);
    seen.push(answer.text, JSON.stringify([...answer.headers]));
    return answer.json;
  };
  try {
    await call('POST', `${BASE}/gateways`, { id: 'g' });
    const keys = `${BASE}/gateways/g/provider_configs`;
    const { id } = (await call('POST', keys, { provider_slug: 'openai', secret: canaries[0] })).result;
    await call('POST', keys, { provider_slug: 'openai', secret: canaries[2] });
    await call('POST', keys, { provider_slug: 'nobody', secret: canaries[2] });
    await call('POST', keys, { provider_slug: 'openai', secrett: canaries[2] });
    await call('POST', keys, { provider_slug: 'openai', alias: 'a b', secret: canaries[2], rate_limit: 'x' });
    await call('POST', keys, `{"provider_slug":"openai","secret":"${canaries[2]}`);
    await call('POST', keys, `{"provider_slug":"openai","secret":"${canaries[2]}",}`);
    await call('POST', keys, `["${canaries[2]}"]`);
    await call('PUT', `${keys}/${id}`, { secret: `${canaries[2]}\nx` });
    await call('PUT', `${keys}/${id}`, { secret: [canaries[2]] });
    await call('PUT', `${keys}/${id}`, { secret: canaries[1] });
    await call('GET', keys);
    // The live stream, which has no end, shows the rows of the list.
    const ending = API_ROUTES.filter(({ path }) => !path.endsWith('/stream'));
    for (const route of ending.filter((candidate) => candidate.method === 'get')) {
      const path = route.path
        .replace('{account_id}', ACCOUNT)
        .replace('{gateway_id}', 'g')
        .replace('{provider}', 'openai');
      await call('GET', path.replace(/\{\w+\}/g, id));
    }
    await call('GET', '/client/v4/openapi.json');
    await call('GET', '/client/v4/docs');

    // What happens when the store itself fails must not show it either.
    api.config.database.exec('DROP TABLE secret');
    const broken = await api.call('PUT', `${keys}/${id}`, { secret: canaries[2] });
    expect(broken.status).toBe(500);
    expect(broken.json.errors[0]).toMatchObject({
      code: 7000,
      message: expect.stringMatching(/under [0-9a-f-]{36}$/),
    });
    expect(api.logLines.at(-1)).toContain('no such table');
    seen.push(broken.text, ...api.logLines);

    const everything = seen.join('\n');
    for (const canary of canaries) expect(everything).not.toContain(canary.slice(0, -4));
    expect(everything).not.toContain(api.admin);
    expect(everything).toContain('…cond');
  } finally {
    await api.close();
  }
});
