import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Asking,
  Client,
  type HeldCall,
  type LogLine,
  newQuestion,
  type SharingTest,
  STREAM_HEAD,
  startSharingTest,
  streamOf,
  until,
} from './share-in-flight-calls.ts';

let sharing: SharingTest;
beforeAll(async () => {
  sharing = await startSharingTest();
});
afterAll(() => sharing.close());

const ask = (asking: Asking): Client => new Client(sharing.test, asking);
const over = (clients: readonly Client[]): Promise<unknown> =>
  Promise.all(clients.map((client) => client.over));
const row = (lines: readonly LogLine[], client: Client): LogLine =>
  lines.find(({ id }) => id === client.logId)!;
const outcomes = (line: LogLine): string[] =>
  line.decisions.filter(({ stage }) => stage === 'cache').map(({ outcome }) => outcome);
/** What a record says of the cache is what the head of the reply has said. */
function expectAsTold(lines: readonly LogLine[], clients: readonly Client[]): void {
  for (const client of clients) {
    const { cache_status, cache_kind } = row(lines, client);
    const { headers } = client;
    expect([cache_status, cache_kind]).toEqual([
      headers['cf-aig-cache-status'],
      headers['tidegate-cache-kind'] ?? null,
    ]);
  }
}

const WORDS = ['one', ' two', ' three'];
const PIECES = streamOf(WORDS);
const WHOLE = Buffer.concat(PIECES);

/** So many clients of one stream, each of which has its first event. */
async function begin(
  count: number,
  asking: Asking = { body: newQuestion({ stream: true }) },
): Promise<[HeldCall, Client[]]> {
  const from = sharing.calls.length;
  const clients = [ask(asking)];
  const call = await sharing.call(from);
  call.response.writeHead(200, STREAM_HEAD);
  call.response.write(PIECES[0]);
  await clients[0]!.untilGiven(PIECES[0]!.length);
  while (clients.length < count) {
    const client = ask(asking);
    await client.untilGiven(PIECES[0]!.length);
    clients.push(client);
  }
  expect(sharing.calls).toHaveLength(from + 1);
  return [call, clients];
}

async function goOn(call: HeldCall): Promise<void> {
  for (const piece of PIECES.slice(1, -1)) call.response.write(piece);
  call.response.end(PIECES.at(-1));
}

describe('one leaves in the middle of a stream', () => {
  it.each([
    ['one between', 1],
    ['the last to come', 2],
  ])('%s: the others go on, and the one that began it pays', async (_, leaving) => {
    const [call, clients] = await begin(3);
    clients[leaving]!.leave();
    await sharing.untilOpen(2);
    await goOn(call);
    await over(clients);
    expect(call.isAborted).toBe(false);
    const stayed = clients.filter((_client, index) => index !== leaving);
    for (const client of stayed) expect([client.isWhole, client.body.equals(WHOLE)]).toEqual([true, true]);
    const lines = await sharing.records(3);
    const payer = row(lines, clients[0]!);
    expect(payer).toMatchObject({ cached: false, cache_status: 'MISS', cache_kind: null, success: true });
    expect(payer.attempts).toHaveLength(1);
    expect(payer.cost).toBeGreaterThan(0);
    const left = row(lines, clients[leaving]!);
    expect(left).toMatchObject({
      outcome: 'left',
      success: false,
      cached: true,
      cache_kind: 'shared',
      cost: 0,
      saved: null,
      attempts: [],
      error_type: 'client-closed',
      response_size: PIECES[0]!.length,
    });
    for (const client of stayed) {
      if (client.logId === payer.id) continue;
      expect(row(lines, client)).toMatchObject({ cached: true, cost: 0, saved: payer.cost, attempts: [] });
    }
    expectAsTold(lines, clients);
  });

  it('who began it: the others go on, and it still pays, because it was told of a miss and they of hits', async () => {
    const [call, clients] = await begin(3);
    clients[0]!.leave();
    await sharing.untilOpen(2);
    // A fourth, who joins when the payer is gone.
    const late = ask({ body: JSON.parse(call.body) });
    await late.untilGiven(PIECES[0]!.length);
    await goOn(call);
    await over([...clients, late]);
    expect(call.isAborted).toBe(false);
    for (const client of [clients[1]!, clients[2]!, late])
      expect([client.isWhole, client.body.equals(WHOLE)]).toEqual([true, true]);
    const lines = await sharing.records(4);
    expectAsTold(lines, [...clients, late]);
    const payer = row(lines, clients[0]!);
    expect(payer).toMatchObject({
      outcome: 'left',
      success: false,
      cached: false,
      cache_status: 'MISS',
      cache_kind: null,
      saved: null,
      saved_ms: null,
      error_type: 'client-closed',
      tokens_out: 500,
      response_size: PIECES[0]!.length,
    });
    expect(payer.attempts).toHaveLength(1);
    expect(payer.cost).toBeGreaterThan(0);
    expect(outcomes(payer)).toEqual(['miss', 'left to others', 'stored', 'shared']);
    for (const client of [clients[1]!, clients[2]!, late])
      expect(row(lines, client)).toMatchObject({
        cached: true,
        cache_kind: 'shared',
        cost: 0,
        saved: payer.cost,
        attempts: [],
      });
  });

  it('the record of one that left has what it was given, and no more', async () => {
    const [call, clients] = await begin(2);
    clients[0]!.leave();
    await sharing.untilOpen(1);
    await goOn(call);
    await over(clients);
    await sharing.records(2);
    for (const [client, bytes] of [
      [clients[0]!, PIECES[0]!],
      [clients[1]!, WHOLE],
    ] as const) {
      const url = `${sharing.test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/sharing/logs/${client.logId}/response`;
      const stored = await fetch(url, { headers: { authorization: 'Bearer test-admin-token-0123456789' } });
      expect(Buffer.from(await stored.arrayBuffer()).equals(bytes)).toBe(true);
    }
  });

  it('the answer is stored, in the name of the one who pays, also when the first has left', async () => {
    const asking = { body: newQuestion({ stream: true }) };
    const [call, clients] = await begin(2, asking);
    clients[0]!.leave();
    await sharing.untilOpen(1);
    await goOn(call);
    await over(clients);
    const later = ask(asking);
    await later.over;
    expect(later.headers['tidegate-cache-kind']).toBe('exact');
    expect(later.body.equals(WHOLE)).toBe(true);
    const lines = await sharing.records(3);
    const hit = row(lines, later).decisions.find(({ outcome }) => outcome === 'hit');
    expect(hit?.detail).toContain(clients[0]!.logId);
    expect(row(lines, later).saved).toBe(row(lines, clients[0]!).cost);
  });

  it('all of them: the provider is cut off, and the first one pays for what has come', async () => {
    const [call, clients] = await begin(3);
    for (const [index, client] of clients.entries()) {
      expect(call.isAborted).toBe(false);
      client.leave();
      await sharing.untilOpen(2 - index);
    }
    await until(() => call.isAborted, 'the provider is not cut off');
    const lines = await sharing.records(3);
    expect(lines.map(({ outcome }) => outcome)).toEqual(['left', 'left', 'left']);
    const paid = lines.filter(({ attempts }) => attempts.length > 0);
    expect(paid.map(({ id }) => id)).toEqual([clients[0]!.logId]);
    expect(paid[0]).toMatchObject({ cached: false, cache_status: 'MISS', saved: null });
    // What has come is counted, as for one that leaves a stream alone.
    expect(paid[0]!.tokens_out).toBeGreaterThan(0);
    for (const line of lines) if (line !== paid[0]) expect(line).toMatchObject({ cached: true, cost: 0 });
  });
});

describe('a stream that breaks', () => {
  it('breaks for all at the same byte, and is not stored', async () => {
    const asking = { body: newQuestion({ stream: true }) };
    const [call, clients] = await begin(4, asking);
    call.response.write(PIECES[1]);
    await Promise.all(clients.map((client) => client.untilGiven(PIECES[0]!.length + PIECES[1]!.length)));
    call.response.destroy();
    await over(clients);
    const soFar = Buffer.concat(PIECES.slice(0, 2));
    for (const client of clients) expect([client.isWhole, client.body.equals(soFar)]).toEqual([false, true]);
    const lines = await sharing.records(4);
    for (const line of lines) expect(line).toMatchObject({ outcome: 'failed', success: false });
    expect(lines.filter(({ cached }) => cached === false)).toHaveLength(1);
    const [nextCall, [again]] = await begin(1, asking);
    await goOn(nextCall);
    await again!.over;
    expect(again!.headers['cf-aig-cache-status']).toBe('MISS');
    await sharing.records(1);
  });
});

describe('a reader that takes nothing', () => {
  it('does not hold up the others, and gets the same bytes in the end', async () => {
    const [call, clients] = await begin(3);
    clients[1]!.pause();
    // More than sockets take up, and less than is held.
    const piece = streamOf(['x'.repeat(64 * 1024)])[0]!;
    const sent: Buffer[] = [PIECES[0]!];
    for (let i = 0; i < 128; i++) {
      sent.push(piece);
      if (!call.response.write(piece))
        await new Promise<void>((resolve) => call.response.once('drain', resolve));
    }
    sent.push(PIECES.at(-1)!);
    call.response.end(PIECES.at(-1));
    const whole = Buffer.concat(sent);
    await over([clients[0]!, clients[2]!]);
    expect(clients[1]!.isWhole).toBe(false);
    clients[1]!.resume();
    await over(clients);
    for (const client of clients) expect([client.isWhole, client.body.equals(whole)]).toEqual([true, true]);
    await sharing.records(3);
  });
});
