import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

let tidegate: TestGateway;
beforeAll(async () => {
  tidegate = await startTestGateway();
  await tidegate.manage('POST', '/gateways', gatewayBody({ id: 'other' }));
});
afterAll(() => tidegate.close());

interface Seen {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads a stream of events in the background, until it is closed. */
class Follower {
  readonly events: Seen[] = [];
  isFollowing = false;
  ended = false;
  readonly #abort = new AbortController();
  #text = '';

  static async open(query = '', gateway = 'default', token = ADMIN_TOKEN): Promise<Follower> {
    const follower = new Follower();
    const response = await fetch(url(`/gateways/${gateway}/logs/stream${query}`), {
      headers: { authorization: `Bearer ${token}` },
      signal: follower.#abort.signal,
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    void follower.#read(response.body!);
    await until(() => follower.isFollowing);
    return follower;
  }

  rows(): Record<string, unknown>[] {
    return this.events.filter(({ event }) => event === 'log').map(({ data }) => data);
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) {
        this.#text += decoder.decode(chunk, { stream: true });
        for (let end = this.#text.indexOf('\n\n'); end >= 0; end = this.#text.indexOf('\n\n')) {
          this.#take(this.#text.slice(0, end));
          this.#text = this.#text.slice(end + 2);
        }
      }
    } catch {
      // Closed from here.
    }
    this.ended = true;
  }

  #take(block: string): void {
    if (block.startsWith(': following')) this.isFollowing = true;
    const event = /^event: (.+)$/m.exec(block)?.[1];
    const data = /^data: (.+)$/m.exec(block)?.[1];
    if (event !== undefined && data !== undefined)
      this.events.push({ event, data: JSON.parse(data) as Record<string, unknown> });
  }
}

const url = (path: string): string =>
  `${tidegate.gateway.baseUrl}/client/v4/accounts/local/ai-gateway${path}`;

async function until(holds: () => boolean, withinMs = 15_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function ask(text: string, gateway = 'default', model = 'gpt-4o-mini'): Promise<string> {
  const response = await fetch(`${tidegate.base(gateway)}/openai/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'cf-aig-authorization': `Bearer ${tidegate.gateway.gatewayToken?.reveal() ?? ADMIN_TOKEN}`,
      authorization: 'Bearer sk-test-key',
    },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: text }] }),
  });
  await response.arrayBuffer();
  return response.headers.get('cf-aig-log-id')!;
}

async function tokenWith(permission: string): Promise<{ id: string; value: string }> {
  return (await tidegate.manage('POST', '/tokens', { name: permission, permissions: [permission] })) as {
    id: string;
    value: string;
  };
}

describe('the stream of logs', () => {
  it('shows what comes after it began, as the list does, and nothing of other gateways', async () => {
    await ask('Before anybody looked');
    const follower = await Follower.open();
    await ask('Somewhere else', 'other');
    const ids = [await ask('The first one'), await ask('The second one')];
    await until(() => follower.rows().length >= 2);
    expect(follower.rows().map((row) => row.id)).toEqual(ids);
    const listed = (await tidegate.manage('GET', '/gateways/default/logs?per_page=1')) as unknown[];
    expect(follower.rows()[1]).toEqual(listed[0]);
    expect(follower.rows()[1]!.prompt_preview).toBe('The second one');
    follower.close();
  });

  it('keeps to filters and search, in prompts too', async () => {
    const filters = encodeURIComponent(
      JSON.stringify([{ key: 'model', operator: 'contains', value: ['gpt-4.1'] }]),
    );
    const [byModel, bySearch] = await Promise.all([
      Follower.open(`?filters=${filters}`),
      Follower.open('?search=rhubarbcrumble'),
    ]);
    await ask('Nothing that anybody follows');
    const wanted = await ask('Of another model', 'default', 'gpt-4.1-mini');
    const found = await ask('How is a rhubarbcrumble made?');
    await until(() => byModel.rows().length > 0 && bySearch.rows().length > 0);
    expect(byModel.rows().map((row) => row.id)).toEqual([wanted]);
    expect(bySearch.rows().map((row) => row.id)).toEqual([found]);
    byModel.close();
    bySearch.close();
  });

  it('shows no prompt to those who may not read bodies', async () => {
    const { value } = await tokenWith('metadata-read');
    const follower = await Follower.open('', 'default', value);
    await ask('For readers only');
    await until(() => follower.rows().length > 0);
    expect(follower.rows()[0]!.prompt_preview).toBeNull();
    follower.close();
  });

  it('refuses a parameter that it does not know, and a token that may not look', async () => {
    const status = async (query: string, token: string): Promise<number> => {
      const response = await fetch(url(`/gateways/default/logs/stream${query}`), {
        headers: { authorization: `Bearer ${token}` },
      });
      await response.body?.cancel();
      return response.status;
    };
    expect(await status('?page=2', ADMIN_TOKEN)).toBe(400);
    expect(await status('?filters=nonsense', ADMIN_TOKEN)).toBe(400);
    expect(await status('', (await tokenWith('run')).value)).toBe(403);
    expect(await status('', 'tg_unknown')).toBe(401);
  });

  it('is limited in number, says so, and is free again when readers have left', async () => {
    const followers = await Promise.all(Array.from({ length: 32 }, () => Follower.open()));
    const refused = await fetch(url('/gateways/default/logs/stream'), {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      success: false,
      errors: [{ message: expect.stringContaining('Too many') }],
    });
    for (const follower of followers) follower.close();
    const end = performance.now() + 10_000;
    let status = 429;
    while (status === 429 && performance.now() < end) {
      const again = await fetch(url('/gateways/default/logs/stream'), {
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      });
      status = again.status;
      await again.body?.cancel();
    }
    expect(status).toBe(200);
  });

  it('ends when its token is revoked, at the next heartbeat', async () => {
    const { id, value } = await tokenWith('read');
    const follower = await Follower.open('', 'default', value);
    await tidegate.manage('DELETE', `/tokens/${id}`);
    await until(() => follower.ended, 30_000);
    expect(follower.events.at(-1)).toMatchObject({ event: 'end' });
    expect(JSON.stringify(follower.events)).not.toContain(value);
  }, 40_000);
});

describe('a gateway that is stopped', () => {
  it('ends the streams and does not wait for them', async () => {
    const first = tidegate;
    tidegate = await startTestGateway();
    try {
      await tidegate.manage('POST', '/gateways', gatewayBody({ id: 'main' }));
      const follower = await Follower.open('', 'main');
      const stopping = tidegate.gateway.close();
      await until(() => follower.ended);
      expect(follower.events.at(-1)).toMatchObject({ event: 'end' });
      await stopping;
    } finally {
      await tidegate.close();
      tidegate = first;
    }
  }, 60_000);
});
