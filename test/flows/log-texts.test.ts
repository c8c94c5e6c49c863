import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

let tidegate: TestGateway;
beforeAll(async () => {
  tidegate = await startTestGateway();
  await tidegate.manage('POST', '/gateways', gatewayBody({ id: 'other' }));
});
afterAll(() => tidegate.close());

async function ask(text: string, gateway = 'default', headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${tidegate.base(gateway)}/openai/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'cf-aig-authorization': `Bearer ${tidegate.gateway.gatewayToken?.reveal() ?? ADMIN_TOKEN}`,
      authorization: 'Bearer sk-test-key',
      ...headers,
    },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: text }] }),
  });
  await response.arrayBuffer();
  return response.headers.get('cf-aig-log-id')!;
}

interface Row {
  id: string;
  prompt_preview: string | null;
}

const list = async (search: string, gateway = 'default'): Promise<Row[]> =>
  (await tidegate.manage('GET', `/gateways/${gateway}/logs?search=${encodeURIComponent(search)}`)) as Row[];

async function eventually<T>(value: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const until = performance.now() + 15_000;
  for (;;) {
    const last = await value();
    if (holds(last)) return last;
    if (performance.now() > until) throw new Error(`it never came: ${JSON.stringify(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const found = (search: string, gateway = 'default'): Promise<Row[]> =>
  eventually(
    () => list(search, gateway),
    (rows) => rows.length > 0,
  );

const folder = (): string => join(tidegate.dataFolder, 'texts');

/** Whether the bytes stand anywhere in the files of the index. Its texts are packed: the index itself is not. */
function isOnDisk(text: string): boolean {
  return readdirSync(folder()).some((name) => readFileSync(join(folder(), name)).includes(text));
}

async function listAs(permission: string, search: string): Promise<Row[]> {
  const made = (await tidegate.manage('POST', '/tokens', {
    name: permission,
    permissions: [permission],
  })) as {
    value: string;
  };
  const response = await fetch(
    `${tidegate.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/default/logs?search=${search}`,
    { headers: { authorization: `Bearer ${made.value}` } },
  );
  return ((await response.json()) as { result: Row[] }).result;
}

describe('the search in prompts and answers', () => {
  it('finds a part of a word in a prompt, whatever its case, and shows the first line of it', async () => {
    const id = await ask('Explain the Quicksilverfish to me\nand be brief');
    const [row] = await found('silverFISH to');
    expect(row).toMatchObject({ id, prompt_preview: 'Explain the Quicksilverfish to me' });
    expect(await list('silverfish too')).toEqual([]);
  });

  it('finds words of languages without spaces, and texts of two letters', async () => {
    const id = await ask('明日の天気予報を教えてください');
    expect((await found('天気予報'))[0]!.id).toBe(id);
    expect((await list('天気'))[0]!.id).toBe(id);
  });

  it('finds what an answer says', async () => {
    const id = await ask('Something to be answered');
    await found('Something to be answered');
    const answer = (await (
      await fetch(
        `${tidegate.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/default/logs/${id}/response`,
        { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } },
      )
    ).json()) as { choices: { message: { content: string } }[] };
    const words = answer.choices[0]!.message.content.slice(0, 40);
    expect((await list(words)).map((row) => row.id)).toContain(id);
  });

  it('takes what looks like syntax for what it is', async () => {
    const id = await ask('select "a" OR b* NEAR(c) -- 100% of _it_ \\ ^x');
    for (const search of ['"a" OR b*', 'NEAR(c)', '100% of', '_it_ \\', '^x', '" OR']) {
      expect((await found(search)).map((row) => row.id)).toEqual([id]);
    }
  });

  it('is kept within a gateway', async () => {
    await ask('Only here: wanderingalbatross');
    await found('wanderingalbatross');
    await ask('Something else', 'other');
    await found('Something else', 'other');
    expect(await list('wanderingalbatross', 'other')).toEqual([]);
  });

  it('is only for tokens that may read bodies, and so are previews', async () => {
    const id = await ask('Confidential: platypusvenom');
    await found('platypusvenom');
    expect(await listAs('metadata-read', 'platypusvenom')).toEqual([]);
    expect((await listAs('read', 'platypusvenom'))[0]!.prompt_preview).toBe('Confidential: platypusvenom');
    const [row] = await listAs('metadata-read', id);
    expect(row).toMatchObject({ id, prompt_preview: null });
  });

  it('knows nothing of requests whose bodies were not collected', async () => {
    const id = await ask('Never keep this: xanthorhysmic', 'default', {
      'cf-aig-collect-log-payload': 'false',
    });
    await ask('A later one: yggdrasilwood');
    await found('yggdrasilwood');
    expect(await list('xanthorhysmic')).toEqual([]);
    expect((await list(id))[0]).toMatchObject({ id, prompt_preview: null });
  });

  it('forgets what is deleted, in its files too', async () => {
    const kept = await ask('Keep this one: kumquatjam');
    const id = await ask('Delete this one: zxqjvwk');
    await found('zxqjvwk');
    expect(isOnDisk('xqj')).toBe(true);
    const filters = encodeURIComponent(JSON.stringify([{ key: 'id', operator: 'eq', value: [id] }]));
    await tidegate.manage('DELETE', `/gateways/default/logs?filters=${filters}`);
    expect(await list('zxqjvwk')).toEqual([]);
    await eventually(
      () => Promise.resolve(isOnDisk('xqj') || isOnDisk('zxqjvwk')),
      (isThere) => !isThere,
    );
    expect((await list('kumquatjam')).map((row) => row.id)).toEqual([kept]);
  });

  it('goes on after a restart where it was', async () => {
    const before = await ask('Before the restart: marmaladefox');
    await found('marmaladefox');
    await tidegate.restart();
    const after = await ask('After the restart: gooseberryfox');
    expect((await found('gooseberryfox')).map((row) => row.id)).toEqual([after]);
    expect((await list('marmaladefox')).map((row) => row.id)).toEqual([before]);
  });
});

describe('without disk space for texts', () => {
  it('nothing of them is kept, and the rest of the search works', async () => {
    const without = await startTestGateway({ env: { TIDEGATE_SEARCH_TEXT_BYTES: '0' } });
    try {
      const response = await fetch(`${without.base()}/openai/chat/completions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'cf-aig-authorization': `Bearer ${without.gateway.gatewayToken?.reveal() ?? ADMIN_TOKEN}`,
          authorization: 'Bearer sk-test-key',
        },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Unseen words' }] }),
      });
      await response.arrayBuffer();
      const { id } = await without.record(response);
      const search = async (text: string): Promise<Row[]> =>
        (await without.manage('GET', `/gateways/default/logs?search=${text}`)) as Row[];
      expect((await search('gpt-4o')).map((row) => row.id)).toEqual([id]);
      expect(await search('Unseen')).toEqual([]);
      expect(existsSync(join(without.dataFolder, 'texts'))).toBe(false);
    } finally {
      await without.close();
    }
  });
});
