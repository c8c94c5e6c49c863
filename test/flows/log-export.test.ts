import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ACCOUNT, startApi } from './management-api-server.ts';

let tidegate: TestGateway;
beforeAll(async () => {
  tidegate = await startTestGateway();
  await tidegate.manage('POST', '/gateways', gatewayBody({ id: 'other' }));
});
afterAll(() => tidegate.close());

async function ask(text: string, metadata: object = {}, gateway = 'default'): Promise<string> {
  const response = await fetch(`${tidegate.base(gateway)}/openai/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'cf-aig-authorization': `Bearer ${tidegate.gateway.gatewayToken?.reveal() ?? ADMIN_TOKEN}`,
      'cf-aig-metadata': JSON.stringify(metadata),
      authorization: 'Bearer sk-test-key',
    },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: text }] }),
  });
  await response.arrayBuffer();
  return response.headers.get('cf-aig-log-id')!;
}

const exported = (query: string, token = ADMIN_TOKEN, gateway = 'default'): Promise<Response> =>
  fetch(
    `${tidegate.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/${gateway}/logs/export${query}`,
    { headers: { authorization: `Bearer ${token}` } },
  );

const linesOf = async (response: Response): Promise<Record<string, unknown>[]> =>
  (await response.text())
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function tokenWith(permission: string): Promise<string> {
  const made = (await tidegate.manage('POST', '/tokens', {
    name: permission,
    permissions: [permission],
  })) as {
    value: string;
  };
  return made.value;
}

describe('an export of logs', () => {
  it('has every log that matches, in the form of the list, and none of another gateway', async () => {
    const ids = [await ask('one'), await ask('two'), await ask('three')];
    await ask('elsewhere', {}, 'other');
    const response = await exported('?format=ndjson&order_by_direction=asc');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="default-logs-[\dTZ-]+\.ndjson"$/,
    );
    const lines = await linesOf(response);
    expect(lines.map((line) => line.id)).toEqual(ids);
    const listed = (await tidegate.manage(
      'GET',
      '/gateways/default/logs?order_by_direction=asc',
    )) as unknown[];
    expect(lines.map((line) => ({ ...line, prompt_preview: null }))).toEqual(
      listed.map((row) => ({ ...(row as object), prompt_preview: null })),
    );
  });

  it('as CSV has a header, and no cell that a spreadsheet would carry out', async () => {
    const id = await ask('=cmd|calc', { note: '=1+1' });
    const filters = encodeURIComponent(JSON.stringify([{ key: 'id', operator: 'eq', value: [id] }]));
    let text = '';
    // The preview comes after the record, from a thread that steps back behind all others.
    for (const end = performance.now() + 45_000; performance.now() < end; ) {
      text = await (await exported(`?filters=${filters}`)).text();
      if (text.includes('cmd|calc')) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const [header, line] = text.split('\r\n');
    expect(header!.split(',').slice(0, 3)).toEqual(['id', 'created_at', 'provider']);
    expect(line!.startsWith(`${id},`)).toBe(true);
    expect(line).toContain(",'=cmd|calc");
    expect(line).toContain('"{""note"":""=1+1""}"');
  }, 60_000);

  it('keeps to filters and search', async () => {
    const wanted = await ask('Only this one', { team: 'pelicans' });
    const filters = encodeURIComponent(
      JSON.stringify([{ key: 'metadata.value', operator: 'eq', value: ['pelicans'] }]),
    );
    const lines = await linesOf(await exported(`?format=ndjson&filters=${filters}`));
    expect(lines.map((line) => line.id)).toEqual([wanted]);
    expect(await linesOf(await exported('?format=ndjson&search=no-such-thing-anywhere'))).toEqual([]);
  });

  it('has the bodies when asked for, for those who may read them', async () => {
    const id = await ask('With its body');
    const filters = encodeURIComponent(JSON.stringify([{ key: 'id', operator: 'eq', value: [id] }]));
    const query = `?format=ndjson&bodies=true&filters=${filters}`;
    const [line] = await linesOf(await exported(query, await tokenWith('read')));
    expect(JSON.parse(String(line!.request_body))).toMatchObject({
      messages: [{ role: 'user', content: 'With its body' }],
    });
    expect(String(line!.response_body)).toContain('chat.completion');
    expect(line!.response_body_complete).toBe(true);
    const metadataOnly = await tokenWith('metadata-read');
    expect((await exported(query, metadataOnly)).status).toBe(403);
    const [row] = await linesOf(await exported(`?format=ndjson&filters=${filters}`, metadataOnly));
    expect(row).toMatchObject({ id, prompt_preview: null });
    expect(row).not.toHaveProperty('request_body');
  });

  it('refuses what it does not understand, in its own envelope', async () => {
    for (const query of ['?format=xlsx', '?bodies=true', '?page=2', '?filters=x', '?limit=1']) {
      const response = await exported(query);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ success: false, errors: [{ code: 7001 }] });
    }
    expect((await exported('', ADMIN_TOKEN, 'missing')).status).toBe(404);
    expect((await exported('', await tokenWith('run'))).status).toBe(403);
  });

  it('goes over many pages without losing or repeating a row', async () => {
    const gateway = 'many';
    await tidegate.manage('POST', '/gateways', gatewayBody({ id: gateway }));
    const ids: string[] = [];
    for (let round = 0; round < 22; round++) {
      ids.push(...(await Promise.all(Array.from({ length: 25 }, () => ask('again', {}, gateway)))));
    }
    const lines = await linesOf(await exported('?format=ndjson', ADMIN_TOKEN, gateway));
    expect(lines).toHaveLength(ids.length);
    expect(new Set(lines.map((line) => line.id))).toEqual(new Set(ids));
  });
});

describe('an export whose store fails in the middle', () => {
  it.each(['csv', 'ndjson'])(
    'says so in the last line of its %s and breaks the connection',
    async (format) => {
      const api = await startApi();
      try {
        await api.call('post', `/accounts/${ACCOUNT}/ai-gateway/gateways`, gatewayBody({ id: 'long' }));
        for (let count = 0; count < 600; count++) api.record({ gateway: 'long' });
        const list = api.logs.list.bind(api.logs);
        api.logs.list = (query) =>
          query.after === null ? list(query) : Promise.reject(new Error('secret detail of the store'));
        const response = await fetch(
          `${api.base}/accounts/${ACCOUNT}/ai-gateway/gateways/long/logs/export?format=${format}`,
          {
            headers: { authorization: `Bearer ${api.admin}` },
          },
        );
        let text = '';
        const read = async (): Promise<void> => {
          for await (const chunk of response.body!) text += Buffer.from(chunk).toString();
        };
        await expect(read()).rejects.toThrow();
        const lines = text.trimEnd().split('\n');
        expect(lines.length).toBeGreaterThan(500);
        expect(lines.at(-1)).toContain('The export ended early');
        expect(text).not.toContain('secret detail');
      } finally {
        await api.close();
      }
    },
  );
});
