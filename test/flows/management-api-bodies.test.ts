import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogRecord, RecordBodies } from '../../src/core/stores/logs.ts';
import { ACCOUNT, type Api, startApi } from './management-api-server.ts';

const LOGS = `/accounts/${ACCOUNT}/ai-gateway/gateways/g/logs`;

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await api.call('POST', `/accounts/${ACCOUNT}/ai-gateway/gateways`, { id: 'g' });
});
afterAll(async () => {
  await api.close();
});

async function served(response: Buffer, bodies: Partial<RecordBodies> = {}, record: Partial<LogRecord> = {}) {
  const { id } = api.record(record, { response: [response], ...bodies });
  const detail = (await api.call('GET', `${LOGS}/${id}`)).json.result;
  const raw = await fetch(`${api.base}${LOGS}/${id}/response`, {
    headers: { authorization: `Bearer ${api.admin}` },
  });
  return { detail, raw, bytes: Buffer.from(await raw.arrayBuffer()) };
}

const SSE = 'data: {"a":1}\n\ndata: [DONE]\n\n';

test.each([
  ['gzip', gzipSync(SSE)],
  ['deflate', deflateSync(SSE)],
  ['br', brotliCompressSync(SSE)],
  ['zstd', zstdCompressSync(SSE)],
  ['', Buffer.from(SSE)],
])('a body stored as %s is shown decoded', async (responseEncoding, stored) => {
  const { detail, raw, bytes } = await served(
    stored,
    { responseEncoding },
    { responseContentType: 'text/event-stream' },
  );
  expect(detail).toMatchObject({ response_head: SSE, response_head_complete: true, request_head: null });
  expect(bytes.toString()).toBe(SSE);
  expect(raw.headers.get('content-type')).toBe('text/event-stream');
  expect(raw.headers.get('content-encoding')).toBeNull();
});

test.each([
  ['gzip', (text: string) => gzipSync(text)],
  ['br', (text: string) => brotliCompressSync(text)],
  ['zstd', (text: string) => zstdCompressSync(text)],
  ['', (text: string) => Buffer.from(text)],
] as const)(
  'the kept part of a truncated %s body is shown, and said to be a part',
  async (responseEncoding, compress) => {
    const text = Array.from({ length: 20_000 }, (_, i) => `line ${i * 7919}\n`).join('');
    const whole = compress(text);
    const part = whole.subarray(0, Math.floor(whole.length * 0.9));
    const { detail, raw, bytes } = await served(
      part,
      { responseEncoding, responseTruncated: true },
      { responseContentType: 'text/plain' },
    );
    expect(detail.response_head_complete).toBe(false);
    expect(detail.response_head.length).toBe(65_536);
    expect(text.startsWith(detail.response_head)).toBe(true);
    expect(raw.headers.get('tidegate-truncated')).toBe('true');
    expect(text.startsWith(bytes.toString())).toBe(true);
    // zstd gives out whole blocks of 128 KiB only.
    expect(bytes.length).toBeGreaterThan(text.length / 3);
  },
);

test('the head ends at 64 KiB and never inside a character', async () => {
  const { detail } = await served(
    Buffer.from(`x${'é'.repeat(60_000)}`),
    {},
    { responseContentType: 'text/plain' },
  );
  expect(detail.response_head).toBe(`x${'é'.repeat(32_767)}`);
  expect(detail.response_head_complete).toBe(false);
});

test('a body that unpacks to a thousand times its size does not fill the memory', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const before = process.memoryUsage().arrayBuffers;
  const { id } = api.record(
    { responseContentType: 'text/plain' },
    { response: [bomb], responseEncoding: 'gzip' },
  );
  const { json } = await api.call('GET', `${LOGS}/${id}`);
  expect(json.result.response_head.length).toBe(65_536);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
});

test('a body that is not what its encoding says shows no error of the inside', async () => {
  const { id } = api.record({}, { response: [Buffer.from('not gzip')], responseEncoding: 'gzip' });
  const { status, json } = await api.call('GET', `${LOGS}/${id}`);
  expect(status).toBe(200);
  expect(json.result).toMatchObject({ response_head: '', response_head_complete: false });
});

test('binary bodies have no head and come out byte for byte', async () => {
  const stored = Buffer.from([0, 255, 1, 254, 10, 13]);
  for (const responseContentType of ['image/png', 'audio/mpeg', 'application/vnd.amazon.eventstream']) {
    const { detail, bytes } = await served(stored, {}, { responseContentType });
    expect(detail.response_head).toBeNull();
    expect(bytes.equals(stored)).toBe(true);
  }
});

test('a browser can neither render a stored body nor take its type for another', async () => {
  const page = Buffer.from('<script>alert(1)</script>');
  for (const responseContentType of [
    'text/html',
    'image/svg+xml',
    'text/html\r\nset-cookie: a=b',
    '"><script>',
    null,
  ]) {
    const { raw, bytes } = await served(page, {}, { responseContentType });
    expect(raw.headers.get('content-security-policy')).toContain('sandbox');
    expect(raw.headers.get('x-content-type-options')).toBe('nosniff');
    expect(raw.headers.get('content-disposition')).toMatch(/^attachment; filename="[0-9a-f-]{36}-response"$/);
    expect(raw.headers.get('set-cookie')).toBeNull();
    expect(raw.headers.get('content-type')).toMatch(
      /^(text\/html|image\/svg\+xml|application\/octet-stream)$/,
    );
    expect(bytes.equals(page)).toBe(true);
  }
});

test('bodies need `read`: with `metadata-read` the list shows the row, and nothing shows a body', async () => {
  const { id } = api.record({}, { request: [Buffer.from('{"private":"canary-prompt"}')] });
  const limited = api.token(['metadata-read']);
  const list = await api.call('GET', LOGS, undefined, limited);
  expect(list.status).toBe(200);
  expect(list.text).not.toContain('canary-prompt');
  for (const path of ['', '/request', '/response']) {
    expect((await api.call('GET', `${LOGS}/${id}${path}`, undefined, limited)).status).toBe(403);
  }
});
