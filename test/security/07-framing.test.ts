import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { sendRaw } from './raw-http.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway({ env: { TIDEGATE_MAX_BODY_BYTES: '1000000' } });
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g' }));
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

const LINE = 'POST /v1/local/g/openai/chat/completions HTTP/1.1\r\n';
const KEYS = `Host: x\r\ncf-aig-authorization: Bearer ${ADMIN_TOKEN}\r\nauthorization: Bearer test-key\r\ncontent-type: application/json\r\n`;
const BODY = '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}';
const LENGTH = String(BODY.length);
const CHUNKED = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
/** What an attacker hopes will be read as a request of its own. */
const SMUGGLED = `GET /v1/local/g/openai/smuggled HTTP/1.1\r\nHost: x\r\n\r\n`;

const malformed: readonly (readonly [name: string, bytes: string])[] = [
  ['CL and TE', `${LINE}${KEYS}Content-Length: ${LENGTH}\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKED}`],
  ['TE and CL', `${LINE}${KEYS}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${CHUNKED}${SMUGGLED}`],
  ['CL 0 and TE', `${LINE}${KEYS}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKED}`],
  ['two CL, unequal', `${LINE}${KEYS}Content-Length: 5\r\nContent-Length: ${LENGTH}\r\n\r\n${BODY}`],
  ['two CL, equal', `${LINE}${KEYS}Content-Length: ${LENGTH}\r\nContent-Length: ${LENGTH}\r\n\r\n${BODY}`],
  [
    'two CL, other case',
    `${LINE}${KEYS}content-length: ${LENGTH}\r\nCONTENT-LENGTH: ${LENGTH}\r\n\r\n${BODY}`,
  ],
  ['CL list', `${LINE}${KEYS}Content-Length: ${LENGTH}, ${LENGTH}\r\n\r\n${BODY}`],
  ['CL with sign', `${LINE}${KEYS}Content-Length: +${LENGTH}\r\n\r\n${BODY}`],
  ['CL negative', `${LINE}${KEYS}Content-Length: -1\r\n\r\n${BODY}`],
  ['CL hex', `${LINE}${KEYS}Content-Length: 0x20\r\n\r\n${BODY}`],
  ['CL with space inside', `${LINE}${KEYS}Content-Length: 1 2\r\n\r\n${BODY}`],
  ['CL empty', `${LINE}${KEYS}Content-Length: \r\n\r\n${BODY}`],
  ['CL beyond 64 bits', `${LINE}${KEYS}Content-Length: 99999999999999999999999\r\n\r\n${BODY}`],
  ['space before CL colon', `${LINE}${KEYS}Content-Length : ${LENGTH}\r\n\r\n${BODY}`],
  ['space before TE colon', `${LINE}${KEYS}Transfer-Encoding : chunked\r\n\r\n${CHUNKED}`],
  ['tab before colon', `${LINE}${KEYS}Content-Length\t: ${LENGTH}\r\n\r\n${BODY}`],
  ['space before name', `${LINE}${KEYS} Content-Length: ${LENGTH}\r\n\r\n${BODY}`],
  ['TE unknown', `${LINE}${KEYS}Transfer-Encoding: xchunked\r\n\r\n${CHUNKED}`],
  ['TE chunked not last', `${LINE}${KEYS}Transfer-Encoding: chunked, identity\r\n\r\n${CHUNKED}`],
  ['TE twice in one', `${LINE}${KEYS}Transfer-Encoding: chunked, chunked\r\n\r\n${CHUNKED}`],
  ['TE two fields', `${LINE}${KEYS}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n${CHUNKED}`],
  ['TE identity and CL', `${LINE}${KEYS}Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\n${BODY}`],
  ['TE with vertical tab', `${LINE}${KEYS}Transfer-Encoding: \x0bchunked\r\n\r\n${CHUNKED}`],
  ['TE quoted', `${LINE}${KEYS}Transfer-Encoding: "chunked"\r\n\r\n${CHUNKED}`],
  ['TE with NUL', `${LINE}${KEYS}Transfer-Encoding: chunked\x00\r\n\r\n${CHUNKED}`],
  ['TE gzip, chunked on HTTP/1.0', `${LINE.replace('1.1', '1.0')}${KEYS}Transfer-Encoding: gzip\r\n\r\nx`],
  ['bare LF everywhere', `${LINE}${KEYS}Content-Length: ${LENGTH}\r\n\r\n${BODY}`.replaceAll('\r\n', '\n')],
  ['bare LF after one field', `${LINE}${KEYS}X-A: b\nContent-Length: ${LENGTH}\r\n\r\n${BODY}`],
  ['bare LF at the end of the head', `${LINE}${KEYS}Content-Length: ${LENGTH}\r\n\n${BODY}`],
  ['bare CR in a value', `${LINE}${KEYS}X-A: b\rTransfer-Encoding: chunked\r\n\r\n${CHUNKED}`],
  ['NUL in a value', `${LINE}${KEYS}X-A: b\x00c\r\nContent-Length: ${LENGTH}\r\n\r\n${BODY}`],
  ['NUL in a name', `${LINE}${KEYS}X\x00A: b\r\nContent-Length: ${LENGTH}\r\n\r\n${BODY}`],
  ['name without colon', `${LINE}${KEYS}X-A\r\nContent-Length: ${LENGTH}\r\n\r\n${BODY}`],
  ['empty name', `${LINE}${KEYS}: x\r\nContent-Length: ${LENGTH}\r\n\r\n${BODY}`],
  ['obs-fold', `${LINE}${KEYS}X-A: b\r\n c\r\nContent-Length: ${LENGTH}\r\n\r\n${BODY}`],
  ['obs-fold of TE', `${LINE}${KEYS}Transfer-Encoding:\r\n chunked\r\n\r\n${CHUNKED}`],
  ['obs-fold of CL', `${LINE}${KEYS}Content-Length: ${LENGTH}\r\n 0\r\n\r\n${BODY}`],
  ['no Host', `${LINE}${KEYS.replace('Host: x\r\n', '')}Content-Length: ${LENGTH}\r\n\r\n${BODY}`],
  ['unknown version', `${LINE.replace('1.1', '1.2')}${KEYS}Content-Length: ${LENGTH}\r\n\r\n${BODY}`],
  ['HTTP/0.9', 'POST /v1/local/g/openai/chat/completions\r\n\r\n'],
  ['HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['lower-case method', `${LINE.replace('POST', 'post')}${KEYS}Content-Length: ${LENGTH}\r\n\r\n${BODY}`],
  ['unknown method', `${LINE.replace('POST', 'FROB')}${KEYS}Content-Length: ${LENGTH}\r\n\r\n${BODY}`],
  ['TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
];

/** Broken within the body: the head was fine, so the call may not be made before the body is whole. */
const brokenBodies: readonly (readonly [name: string, body: string])[] = [
  ['size is not hex', `zz\r\n${BODY}\r\n0\r\n\r\n`],
  ['size with 0x', `0x${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`],
  ['size negative', `-1\r\n${BODY}\r\n0\r\n\r\n`],
  ['size with space', `${BODY.length.toString(16)} \r\n${BODY}\r\n0\r\n\r\n`],
  ['size beyond 64 bits', `fffffffffffffffff\r\n${BODY}\r\n0\r\n\r\n`],
  ['size of 17 digits', `1${'0'.repeat(16)}\r\n${BODY}\r\n0\r\n\r\n`],
  ['bare LF after the size', `${BODY.length.toString(16)}\n${BODY}\r\n0\r\n\r\n`],
  ['bare LF after the data', `${BODY.length.toString(16)}\r\n${BODY}\n0\r\n\r\n`],
  ['data longer than its size', `2\r\n${BODY}\r\n0\r\n\r\n`],
  ['no line end after the data', `${BODY.length.toString(16)}\r\n${BODY}0\r\n\r\n`],
  ['bare LF in the last chunk', `${BODY.length.toString(16)}\r\n${BODY}\r\n0\n\n`],
  ['bare CR in an extension', `${BODY.length.toString(16)};a\rb\r\n${BODY}\r\n0\r\n\r\n`],
  ['bare LF in an extension', `${BODY.length.toString(16)};a\nb\r\n${BODY}\r\n0\r\n\r\n`],
  ['flood of extension', `${BODY.length.toString(16)};${'a'.repeat(20_000)}\r\n${BODY}\r\n0\r\n\r\n`],
  ['flood of extensions', `${BODY.length.toString(16)}${';a=b'.repeat(20_000)}\r\n${BODY}\r\n0\r\n\r\n`],
  ['length in a trailer', `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\ncontent-length: 3\r\n\r\n`],
  ['trailer with space before colon', `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\nX-A : b\r\n\r\n`],
];

describe('7. framing of requests', () => {
  it.each(malformed)('answers 400 and closes: %s', async (_name, bytes) => {
    const answer = await sendRaw(test.gateway.port, bytes + SMUGGLED, 1500);
    expect(answer.status).toBe(400);
    expect(answer.closed).toBe(true);
    // What follows on the connection is never taken for a request.
    expect(answer.answers).toBe(1);
    expect(test.provider.requests).toHaveLength(0);
  });

  it.each(brokenBodies)('answers 400 and closes: a chunked body, %s', async (_name, body) => {
    const answer = await sendRaw(
      test.gateway.port,
      `${LINE}${KEYS}Transfer-Encoding: chunked\r\n\r\n${body}${SMUGGLED}`,
      1500,
    );
    expect(answer.status).toBe(400);
    expect(answer.closed).toBe(true);
    expect(answer.answers).toBe(1);
    expect(test.provider.requests).toHaveLength(0);
  });

  it('refuses a chunk of a size that no body may have, before it comes', async () => {
    const answer = await sendRaw(
      test.gateway.port,
      `${LINE}${KEYS}Transfer-Encoding: chunked\r\n\r\n7fffffffffffff\r\n${'x'.repeat(1_100_000)}`,
      1500,
    );
    expect([400, 413]).toContain(answer.status);
    expect(answer.closed).toBe(true);
    expect(test.provider.requests).toHaveLength(0);
  });

  it('keeps trailers from the provider and out of the head', async () => {
    const answer = await sendRaw(
      test.gateway.port,
      `${LINE}${KEYS}Connection: close\r\nTransfer-Encoding: chunked\r\nTrailer: x-late\r\n\r\n${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\nx-late: test-late\r\nauthorization: Bearer other\r\ncf-aig-cache-key: late\r\n\r\n`,
      3000,
    );
    expect(answer.status).toBe(200);
    const [request] = test.provider.requests;
    expect(request!.body.toString()).toBe(BODY);
    expect(request!.header('authorization')).toBe('Bearer test-key');
    expect(request!.header('content-length')).toBe(LENGTH);
    expect(request!.rawHeaders.join('\n')).not.toMatch(/late|trailer/i);
  });

  it('forwards the body with a length of its own making, whatever way it came', async () => {
    const pieces = [...BODY].map((letter) => `1\r\n${letter}\r\n`).join('');
    await sendRaw(
      test.gateway.port,
      `${LINE}${KEYS}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${pieces}0\r\n\r\n`,
      3000,
    );
    const [request] = test.provider.requests;
    expect(request!.body.toString()).toBe(BODY);
    expect(request!.header('transfer-encoding')).toBeNull();
    expect(request!.header('content-length')).toBe(LENGTH);
  });

  it('does not open a tunnel or another protocol', async () => {
    const tunnel = await sendRaw(
      test.gateway.port,
      `CONNECT 127.0.0.1:${test.provider.port} HTTP/1.1\r\nHost: x\r\n\r\nGET /models HTTP/1.1\r\n\r\n`,
      1500,
    );
    expect(tunnel.text).not.toMatch(/^HTTP\/1\.1 2/);
    const upgrade = await sendRaw(
      test.gateway.port,
      `${LINE}${KEYS}Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: ${LENGTH}\r\n\r\n${BODY}`,
      3000,
    );
    expect(upgrade.text).not.toContain('HTTP/1.1 101');
    for (const request of test.provider.requests) {
      expect(request.header('upgrade')).toBeNull();
      expect(request.header('http2-settings')).toBeNull();
    }
  });

  it('reads pipelined requests one by one and keeps their answers in order', async () => {
    const health = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    const none = 'GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n';
    const answer = await sendRaw(test.gateway.port, health + none + health, 700);
    expect([...answer.text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)).toEqual([
      '200',
      '404',
      '200',
    ]);
  });

  it('does not let a body that was not read become the next request', async () => {
    const inner = `POST /v1/local/g/openai/chat/completions HTTP/1.1\r\n${KEYS}Content-Length: ${LENGTH}\r\n\r\n${BODY}`;
    const refused = `POST /v1/local/none/openai/x HTTP/1.1\r\nHost: x\r\nContent-Length: ${inner.length + 50}\r\n\r\n${inner}`;
    const answer = await sendRaw(test.gateway.port, refused, 1500);
    expect(answer.answers).toBe(1);
    expect(answer.status).toBe(400);
    expect(test.provider.requests).toHaveLength(0);
  });
});
