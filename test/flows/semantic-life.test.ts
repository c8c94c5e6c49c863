import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from './fault-client.ts';
import { header, outcomeOf, type SemanticGateway, startSemantic, WAIT_MS } from './semantic-calls.ts';
import { startUpstream, type Upstream } from './wire-upstream.ts';

const ASKED = 'How long does a tortoise live?';
const AGAIN = 'how long does a tortoise live';

let semantic: SemanticGateway;
beforeAll(async () => {
  semantic = await startSemantic();
}, 120_000);
afterAll(() => semantic.close());
beforeEach(() => semantic.test.provider.reset());

it('nothing is opened before a gateway that has it gets its first request', async () => {
  const file = join(semantic.test.dataFolder, 'semantic.db');
  expect(outcomeOf(await semantic.chat('default', ASKED))).toBe('nothing');
  expect(existsSync(file)).toBe(false);
  await semantic.make();
  await semantic.chat('similar-1', ASKED);
  await semantic.kept('similar-1', 1);
  expect(existsSync(file)).toBe(true);
});

describe('what is kept', () => {
  it('outlives a restart', async () => {
    const gateway = await semantic.make();
    const first = await semantic.chat(gateway, ASKED);
    await semantic.kept(gateway, 1);
    await semantic.test.restart();
    await until(
      async () =>
        (await semantic.chat(gateway, AGAIN, {}, { 'x-scripted-fault': 'status=500' })).body.equals(
          first.body,
        ),
      'the answer was not found again',
      WAIT_MS,
    );
  });

  it('goes with a purge of the gateway’s cache, at once, and with the gateway', async () => {
    const gateway = await semantic.make();
    await semantic.chat(gateway, ASKED);
    await semantic.kept(gateway, 1);
    await semantic.test.manage('DELETE', `/gateways/${gateway}/cache`);
    expect(outcomeOf(await semantic.chat(gateway, AGAIN, {}, { 'x-scripted-fault': 'status=500' }))).toBe(
      'no-neighbour',
    );
    await until(async () => (await semantic.entries(gateway)).length === 0, 'it was not removed', WAIT_MS);

    await semantic.chat(gateway, ASKED);
    await semantic.kept(gateway, 1);
    await semantic.test.manage('DELETE', `/gateways/${gateway}`);
    await semantic.test.manage('POST', '/gateways', {
      id: gateway,
      cache_ttl: 0,
      semantic_cache: { mode: 'on', error_budget: 0.05 },
    });
    expect(outcomeOf(await semantic.chat(gateway, AGAIN, {}, { 'x-scripted-fault': 'status=500' }))).toBe(
      'no-neighbour',
    );
  });

  it('goes with a purge of what one provider has answered, and stays with another’s', async () => {
    const gateway = await semantic.make();
    await semantic.chat(gateway, ASKED);
    await semantic.kept(gateway, 1);
    const purge = (provider: string): Promise<unknown> =>
      semantic.test.manage('DELETE', `/gateways/${gateway}/cache?provider=${provider}`);
    expect(await purge('groq')).toMatchObject({ deleted: 0 });
    expect(outcomeOf(await semantic.chat(gateway, AGAIN))).toBe('semantic');
    expect(await purge('openai')).toMatchObject({ deleted: 1 });
    expect(await semantic.entries(gateway)).toEqual([]);
  });

  it('can be removed singly', async () => {
    const gateway = await semantic.make();
    await semantic.chat(gateway, ASKED);
    await semantic.kept(gateway, 1);
    const hit = await semantic.chat(gateway, AGAIN);
    await semantic.test.manage(
      'DELETE',
      `/gateways/${gateway}/cache/semantic/entries/${header(hit, 'tidegate-cache-entry')}`,
    );
    expect(outcomeOf(await semantic.chat(gateway, AGAIN))).toBe('no-neighbour');
  });
});

describe('an embedder of a provider', () => {
  let upstream: Upstream;
  let answer: 'vectors' | 'error' | 'silence' = 'vectors';
  beforeAll(async () => {
    upstream = await startUpstream();
    upstream.handle = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.once('end', () => {
        if (answer === 'silence') return;
        response.writeHead(answer === 'error' ? 500 : 200, { 'content-type': 'application/json' });
        const { input } = JSON.parse(Buffer.concat(chunks).toString()) as { input: string | string[] };
        const data = [input]
          .flat()
          .map((_, index) => ({ index, object: 'embedding', embedding: [0.6, 0.8] }));
        response.end(
          JSON.stringify(
            answer === 'error'
              ? { error: { message: 'no' } }
              : { object: 'list', data, model: 'm', usage: { prompt_tokens: 1, total_tokens: 1 } },
          ),
        );
      });
    };
  });
  afterAll(() => upstream.close());

  /** A gateway whose vectors come from a server of one's own, which needs no key. */
  async function make(of: SemanticGateway = semantic): Promise<string> {
    const slug = 'vectors';
    const made = (await of.test.manage('GET', '/custom-providers')) as { slug: string }[];
    if (!made.some((provider) => provider.slug === slug)) {
      await of.test.manage('POST', '/custom-providers', {
        name: slug,
        slug,
        base_url: upstream.url,
        enable: true,
      });
    }
    return of.make({ embedder: `custom-${slug}/two-numbers` });
  }

  it('finds the neighbours, and the local models judge them', async () => {
    answer = 'vectors';
    const gateway = await make();
    const first = await semantic.chat(gateway, ASKED);
    await semantic.kept(gateway, 1);
    // Its vectors are all the same: only what is judged here tells the questions apart.
    const other = await semantic.chat(
      gateway,
      'How long does it take to fly to Tokyo?',
      {},
      { 'x-scripted-fault': 'status=500' },
    );
    expect(outcomeOf(other)).not.toBe('semantic');
    const hit = await semantic.chat(gateway, AGAIN);
    expect([outcomeOf(hit), hit.body.equals(first.body)]).toEqual(['semantic', true]);
  });

  it('that fails is a miss, the answer comes from the provider, and the next question asks it again', async () => {
    const gateway = await make();
    answer = 'error';
    const failed = await semantic.chat(gateway, 'How many bones does a shark have?');
    expect([failed.status, outcomeOf(failed)]).toEqual([200, 'embedder-failed']);
    answer = 'vectors';
    const well = await semantic.chat(gateway, 'How many teeth does a shark have?');
    expect([well.status, outcomeOf(well)]).toEqual([200, 'no-neighbour']);
  });

  it('that is late is a miss too', async () => {
    const impatient = await startSemantic({ env: { TIDEGATE_SEMANTIC_WAIT_MS: '300' } });
    try {
      answer = 'silence';
      const gateway = await make(impatient);
      const late = await impatient.chat(gateway, ASKED);
      expect([late.status, outcomeOf(late)]).toEqual([200, 'late']);
    } finally {
      answer = 'vectors';
      await impatient.close();
    }
  });

  it('that does not exist is unavailable, and breaks nothing', async () => {
    const gateway = 'no-embedder';
    await semantic.test.manage('POST', '/gateways', {
      id: gateway,
      cache_ttl: 0,
      semantic_cache: { mode: 'on', embedder: 'nobody/nothing' },
    });
    const reply = await semantic.chat(gateway, ASKED);
    expect(reply.status).toBe(200);
    expect(['unavailable', 'embedder-failed', 'late']).toContain(outcomeOf(reply));
    await until(
      async () =>
        ((await semantic.test.manage('GET', `/gateways/${gateway}/cache/semantic`)) as { state: string })
          .state === 'unavailable',
      'the API does not say so',
      WAIT_MS,
    );
  });
});
