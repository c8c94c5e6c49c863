import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from './fault-client.ts';
import { header, outcomeOf, type SemanticGateway, startSemantic, WAIT_MS } from './semantic-calls.ts';

const ASKED = 'What is the capital of France?';
const AGAIN = 'what is the capital of france';

let semantic: SemanticGateway;
beforeAll(async () => {
  semantic = await startSemantic();
}, 120_000);
afterAll(() => semantic.close());
beforeEach(() => semantic.test.provider.reset());

const upstreamCalls = (): number => semantic.test.provider.requests.length;

describe('on', () => {
  it('gives the stored answer to a question that means the same, and says so', async () => {
    const gateway = await semantic.make();
    const first = await semantic.chat(gateway, ASKED);
    expect([outcomeOf(first), header(first, 'cf-aig-cache-status')]).toEqual(['no-neighbour', 'MISS']);
    await semantic.kept(gateway, 1);
    const hit = await semantic.chat(gateway, AGAIN);
    expect(hit.status).toBe(200);
    expect(hit.body.equals(first.body)).toBe(true);
    expect(upstreamCalls()).toBe(1);
    const [entry] = await semantic.entries(gateway);
    expect(entry).toMatchObject({ text: ASKED });
    expect(hit.headers).toMatchObject({
      'cf-aig-cache-status': 'HIT',
      'tidegate-cache-kind': 'semantic',
      'tidegate-cache-entry': entry!.id,
      'content-type': first.headers['content-type'],
      age: expect.stringMatching(/^\d+$/),
    });
    expect(Number(header(hit, 'tidegate-cache-similarity'))).toBeGreaterThan(0.9);
    expect(header(hit, 'tidegate-cache-reason')).toBeUndefined();

    const paid = await semantic.test.record(first.fields, gateway);
    const record = await semantic.test.record(hit.fields, gateway);
    expect(paid.cost).toBeGreaterThan(0);
    expect(paid).toMatchObject({ cache_reason: 'no-neighbour', saved_ms: null });
    expect(record).toMatchObject({
      cached: true,
      cache_kind: 'semantic',
      cache_status: 'HIT',
      cost: 0,
      cache_reason: null,
      saved: paid.cost,
      saved_ms: expect.any(Number),
      model: paid.model,
      tokens_in: 0,
      tokens_out: 0,
      success: true,
    });
    expect(await semantic.decisions(first, gateway)).toEqual([
      'no similar answer: no-neighbour',
      'kept for similar questions: semantic_cache',
    ]);
    expect(await semantic.decisions(hit, gateway)).toEqual(['similar answer: semantic_cache']);
    expect(JSON.stringify(record.decisions)).not.toMatch(/france|capital/i);
    await until(
      async () => (await semantic.entries(gateway))[0]!.hits === 1,
      'the hit was not counted',
      WAIT_MS,
    );
  });

  it('asks the provider when the question means something else, with the reason', async () => {
    const gateway = await semantic.make();
    await semantic.chat(gateway, 'How many legs does a spider with 8 eyes have?');
    await semantic.kept(gateway, 1);
    const other = await semantic.chat(gateway, 'How many legs does a spider with 6 eyes have?');
    expect(outcomeOf(other)).toBe('gate-numbers');
    expect(upstreamCalls()).toBe(2);
    const [line] = (await semantic.test.record(other.fields, gateway)).decisions as { detail: string }[];
    expect(JSON.stringify(line)).not.toMatch(/spider|eyes/);
  });

  it('lets logs be found by the reason, in both forms of a filter', async () => {
    const gateway = await semantic.make();
    await semantic.chat(gateway, 'How many legs does a spider with 8 eyes have?');
    await semantic.kept(gateway, 1);
    const other = await semantic.chat(gateway, 'How many legs does a spider with 6 eyes have?');
    const { id } = await semantic.test.record(other.fields, gateway);
    const array = JSON.stringify([{ key: 'cache_reason', operator: 'eq', value: ['gate-numbers'] }]);
    for (const query of [
      `filters=${encodeURIComponent(array)}`,
      'filters.key=cache_reason&filters.operator=eq&filters.value=gate-numbers',
      'filters.key=cache_reason&filters.operator=contains&filters.value=gate-',
    ]) {
      const rows = (await semantic.test.manage('GET', `/gateways/${gateway}/logs?${query}`)) as {
        id: string;
        cache_reason: string;
      }[];
      expect(rows.map((row) => [row.id, row.cache_reason])).toEqual([[id, 'gate-numbers']]);
    }
  });

  it('counts the time saved less the way to the hit', async () => {
    const gateway = await semantic.make();
    const first = await semantic.chat(gateway, ASKED, {}, { 'x-scripted-fault': 'delayMs=1500' });
    await semantic.kept(gateway, 1);
    const hit = await semantic.chat(gateway, AGAIN);
    const [paid, record] = [
      (await semantic.test.record(first.fields, gateway)) as { duration: number },
      (await semantic.test.record(hit.fields, gateway)) as { duration: number; saved_ms: number },
    ];
    expect(Math.abs(record.saved_ms - (paid.duration - record.duration))).toBeLessThan(250);
    let summed = 0;
    await until(
      async () => {
        const summary = await semantic.test.manage('GET', `/gateways/${gateway}/cache/semantic`);
        summed = (summary as { saved_ms: number }).saved_ms;
        return summed > 0;
      },
      'the evidence does not know of it',
      WAIT_MS,
    );
    // Sending the answer is no part of the way to it.
    expect(summed).toBeGreaterThanOrEqual(record.saved_ms - 2);
    expect(summed).toBeLessThan(paid.duration);
  });

  it('works beside the exact cache, which comes first', async () => {
    const gateway = await semantic.make({}, { cache_ttl: 600 });
    const first = await semantic.chat(gateway, ASKED);
    await semantic.kept(gateway, 1);
    expect(header(await semantic.chat(gateway, ASKED), 'tidegate-cache-kind')).toBe('exact');
    const hit = await semantic.chat(gateway, AGAIN);
    expect(outcomeOf(hit)).toBe('semantic');
    expect(hit.body.equals(first.body)).toBe(true);
    // An answer that nobody paid for is not made an exact one.
    expect(outcomeOf(await semantic.chat(gateway, AGAIN))).toBe('semantic');
    expect(upstreamCalls()).toBe(1);
  });
});

describe('verify', () => {
  it('serves as on does', async () => {
    const gateway = await semantic.make({ mode: 'verify' });
    await semantic.chat(gateway, ASKED);
    await semantic.kept(gateway, 1);
    expect(outcomeOf(await semantic.chat(gateway, AGAIN))).toBe('semantic');
  });
});

describe('shadow', () => {
  it('never serves, keeps answers, and says in the record what it would have done', async () => {
    const gateway = await semantic.make({ mode: 'shadow' });
    const first = await semantic.chat(gateway, ASKED);
    await semantic.kept(gateway, 1);
    // Long enough for the look-up beside it to end first.
    const second = await semantic.chat(gateway, AGAIN, {}, { 'x-scripted-fault': 'delayMs=3000' });
    expect(second.body.equals(first.body)).toBe(false);
    expect(upstreamCalls()).toBe(2);
    expect(header(second, 'tidegate-cache-kind')).toBeUndefined();
    expect(header(second, 'cf-aig-cache-status')).toBeUndefined();
    expect(await semantic.decisions(second, gateway)).toContain('similar answer not served: shadow');
    expect((await semantic.test.record(second.fields, gateway)).cached).toBe(false);
    await until(
      async () => {
        const summary = await semantic.test.manage('GET', `/gateways/${gateway}/cache/semantic`);
        return (summary as { would_serve: number }).would_serve === 1;
      },
      'the evidence does not know of it',
      WAIT_MS,
    );
  });

  it('delays nothing: the first request has its answer before the models are loaded', async () => {
    const gateway = await semantic.make({ mode: 'shadow' });
    await semantic.test.restart();
    const reply = await semantic.chat(gateway, ASKED);
    expect(reply.status).toBe(200);
  });
});

describe('off', () => {
  it('does nothing, by setting and without one', async () => {
    for (const gateway of [await semantic.make({ mode: 'off' }), 'default']) {
      expect(outcomeOf(await semantic.chat(gateway, ASKED))).toBe('nothing');
      const again = await semantic.chat(gateway, AGAIN);
      expect(outcomeOf(again)).toBe('nothing');
      expect(await semantic.decisions(again, gateway)).toEqual([]);
    }
    expect(upstreamCalls()).toBe(4);
  });
});

describe('a caller', () => {
  it('may be stricter than the gateway, never looser', async () => {
    const gateway = await semantic.make();
    await semantic.chat(gateway, ASKED);
    await semantic.kept(gateway, 1);
    const mode = (value: string, id = gateway): Promise<string> =>
      semantic.chat(id, AGAIN, {}, { 'tidegate-semantic-cache': value }).then(outcomeOf);
    expect(await mode('off')).toBe('nothing');
    expect(await mode('shadow')).not.toBe('semantic');
    expect(await mode('on')).toBe('semantic');
    expect(await mode('verify')).toBe('semantic');
    const shadow = await semantic.make({ mode: 'shadow' });
    await semantic.chat(shadow, ASKED);
    await semantic.kept(shadow, 1);
    expect(await mode('on', shadow)).not.toBe('semantic');
    expect(await mode('on', await semantic.make({ mode: 'off' }))).toBe('nothing');
    const bad = await semantic.chat(gateway, AGAIN, {}, { 'tidegate-semantic-cache': 'always' });
    expect(bad.status).toBe(400);
  });

  it('who skips the cache reads nothing of it, and the fresh answer is kept', async () => {
    const gateway = await semantic.make();
    const first = await semantic.chat(gateway, ASKED);
    await semantic.kept(gateway, 1);
    const fresh = await semantic.chat(gateway, ASKED, {}, { 'cf-aig-skip-cache': 'true' });
    expect(outcomeOf(fresh)).toBe('skipped');
    expect(fresh.body.equals(first.body)).toBe(false);
    await until(
      async () => (await semantic.chat(gateway, AGAIN)).body.equals(fresh.body),
      'the fresh answer did not take the place of the old one',
      WAIT_MS,
    );
    expect(await semantic.entries(gateway)).toHaveLength(1);
  });

  it('who forbids keeping keeps nothing', async () => {
    const gateway = await semantic.make();
    const reply = await semantic.chat(gateway, ASKED, {}, { 'cf-aig-cache-ttl': '0' });
    expect([outcomeOf(reply), await semantic.decisions(reply, gateway)]).toEqual(['nothing', []]);
  });
});

describe('requests that are not for it', () => {
  it('say why, and are never kept', async () => {
    const gateway = await semantic.make();
    const tool = { type: 'function', function: { name: 'f', parameters: {} } };
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
    const reasons: [string, Promise<string>][] = [
      ['tools', semantic.chat(gateway, ASKED, { tools: [tool], tool_choice: 'auto' }).then(outcomeOf)],
      ['temperature', semantic.chat(gateway, ASKED, { temperature: 1.5 }).then(outcomeOf)],
      ['time-words', semantic.chat(gateway, 'Who is the president now?').then(outcomeOf)],
      ['language', semantic.chat(gateway, 'Wie hoch ist der Eiffelturm in Paris?').then(outcomeOf)],
      ['too-long', semantic.chat(gateway, 'Why is the sky blue? '.repeat(40)).then(outcomeOf)],
      [
        'format',
        semantic
          .send(gateway, 'openai/embeddings', { model: 'text-embedding-3-small', input: ASKED })
          .then(outcomeOf),
      ],
      [
        'attachments',
        semantic
          .chat(gateway, '', {
            messages: [{ role: 'user', content: [{ type: 'text', text: ASKED }, image] }],
          })
          .then(outcomeOf),
      ],
    ];
    for (const [reason, found] of reasons) expect(await found).toBe(reason);
    expect(await semantic.entries(gateway)).toEqual([]);
  });
});
