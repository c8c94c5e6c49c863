import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drain, HEAD, type HostileTest, startHostileTest } from './hostile-upstream.ts';

let hostile: HostileTest;
beforeAll(async () => {
  hostile = await startHostileTest();
});
afterAll(() => hostile.close());
beforeEach(() => hostile.test.provider.reset());

describe('15. upstreams that answer wrongly', () => {
  it('an event without end is passed on, ends with the connection, and is not called a success', async () => {
    hostile.misbehave = (socket) =>
      socket.end(`${HEAD}content-length: 60\r\n\r\ndata: {"choices":[{"delta":{"content":"abc`);
    const response = await hostile.ask('h', { stream: true });
    expect((await drain(response)).broken).toBe(true);
    expect(await hostile.test.record(response, 'h')).toMatchObject({ success: false });
    await hostile.nothingOpen();
  });

  it.each([
    ['a header of 1 MB', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(1_000_000)}\r\n\r\n{}`],
    ['headers without end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(100_000)}`],
    ['not HTTP', 'SSH-2.0-OpenSSH\r\n'],
    ['HTTP/0.9', '<html></html>'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n{}'],
    ['a status of none', 'HTTP/1.1 OK\r\n\r\n{}'],
    [
      'a switch of protocols',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n',
    ],
    ['a bare LF head', 'HTTP/1.1 200 OK\nx: y\n\n{}'],
    ['a NUL in a header', 'HTTP/1.1 200 OK\r\nx: a\x00b\r\n\r\n{}'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} '],
    [
      'length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ],
    ['nothing', ''],
  ])('%s is answered as a failure of the provider, without its bytes', async (_name, bytes) => {
    hostile.misbehave = (socket) => socket.end(Buffer.from(bytes, 'latin1'));
    const response = await hostile.ask('h');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ internalCode: 2005, name: 'AiGatewayError' });
    expect(await hostile.test.record(response, 'h')).toMatchObject({ success: false, tokens_in: null });
    await hostile.nothingOpen();
  });

  it('a page in place of an answer is passed on as it is, neither read as one nor cached, whatever its type says', async () => {
    for (const type of ['text/html', 'application/json', 'text/event-stream', 'image/png', 'x']) {
      const page = '<html>{"usage":{"prompt_tokens":5}}</html>';
      hostile.misbehave = (socket) =>
        socket.end(
          `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${page.length}\r\n\r\n${page}`,
        );
      for (let i = 0; i < 2; i++) {
        const response = await hostile.ask('h', { messages: [{ role: 'user', content: type }] });
        expect(response.headers.get('content-type')).toBe(type);
        expect(response.headers.get('cf-aig-cache-status'), type).toBe('MISS');
        expect(await response.text()).toBe(page);
        expect(await hostile.test.record(response, 'h'), type).toMatchObject({
          status_code: 200,
          tokens_in: null,
        });
      }
    }
  });

  it('an end before its time breaks the answer at the client too: no length, no end mark is made up', async () => {
    for (const [fault, stream] of [
      [{ cut: 2 }, true],
      [{ reset: 2 }, true],
      [{ cut: 2 }, false],
      [{ lengthError: 50 }, false],
    ] as const) {
      hostile.test.provider.script([fault]);
      const response = await hostile.ask('g', { stream });
      expect((await drain(response)).broken, JSON.stringify(fault)).toBe(true);
      expect(await hostile.test.record(response, 'g'), JSON.stringify(fault)).toMatchObject({
        success: false,
      });
    }
    await hostile.nothingOpen();
  });

  it('a 200 that is an error is passed on, called a failure, charged as unknown and not cached', async () => {
    for (let i = 0; i < 2; i++) {
      hostile.test.provider.script([{ okError: true }]);
      const response = await hostile.ask('g', { messages: [{ role: 'user', content: 'fails' }] });
      expect(response.status).toBe(200);
      expect(response.headers.get('cf-aig-cache-status')).toBe('MISS');
      expect(await response.json()).toHaveProperty('error');
      const row = await hostile.test.record(response, 'g');
      expect(row).toMatchObject({ success: false, tokens_in: null });
      expect(row.cost ?? 0).toBe(0);
    }
  });
});
