import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPages } from '../../src/server/pages.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const SCRIPT = `export const words = ${JSON.stringify('tide '.repeat(2000))};`;
const BROWSER = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'accept-encoding': 'gzip, deflate, br',
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends the path as it is: fetch() would tidy it up first. */
function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpRequest({ port, host: '127.0.0.1', path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('pages that are built', () => {
  let folder: string;
  let server: Server;
  let port: number;
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    ask(port, path, headers, method);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tidegate-pages-'));
    const dist = join(folder, 'dist');
    mkdirSync(join(dist, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'secret.txt'), 'outside');
    writeFileSync(join(dist, 'index.html'), '<!doctype html><title>Tidegate</title>');
    writeFileSync(join(dist, '.built-from'), 'stamp');
    writeFileSync(join(dist, 'favicon.svg'), '<svg/>');
    writeFileSync(join(dist, 'assets/index-B1x.js'), SCRIPT);
    writeFileSync(join(dist, 'assets/ready-A1.css'), 'b'.repeat(4000));
    writeFileSync(join(dist, 'assets/ready-A1.css.br'), 'made by the build');
    symlinkSync(join(folder, 'secret.txt'), join(dist, 'assets/link.txt'));
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const pages = openPages({
      enabled: true,
      folder: dist,
      isKnownHost: (host) => host !== 'evil.example',
      logger,
    });
    server = createServer((request, response) => {
      if (!pages(request, response)) response.writeHead(418).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['/', '/g/my-gateway/logs?from=-24h', '/g/x/sessions/a.b.c', '/access', '/v2/x'])(
    'answer %s with the application, to be checked each time',
    async (path) => {
      const page = await get(path, BROWSER);
      expect(page.status).toBe(200);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.headers['cache-control']).toBe('no-cache');
      expect(page.body.toString()).toContain('<title>Tidegate</title>');
      const again = await get(path, { ...BROWSER, 'if-none-match': page.headers.etag! });
      expect(again.status).toBe(304);
      expect(again.body.length).toBe(0);
    },
  );

  it('come with a policy that allows no script and no style in the page, and nothing from elsewhere', async () => {
    for (const path of ['/', '/assets/index-B1x.js']) {
      const { headers } = await get(path, BROWSER);
      const policy = headers['content-security-policy'] as string;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("connect-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['permissions-policy']).toContain('camera=()');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('have files that are kept for ever, in the encoding that the browser takes', async () => {
    const path = '/assets/index-B1x.js';
    const brotli = await get(path, { 'accept-encoding': 'gzip, br' });
    expect(brotli.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'accept-encoding',
    });
    expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT);
    expect(brotli.body.length).toBeLessThan(SCRIPT.length / 10);
    const zipped = await get(path, { 'accept-encoding': 'gzip;q=0.5, br;q=0' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body).toString()).toBe(SCRIPT);
    const plain = await get(path);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString()).toBe(SCRIPT);
    expect(new Set([brotli, zipped, plain].map(({ headers }) => headers.etag)).size).toBe(3);
  });

  it('use what the build has compressed', async () => {
    const { body, headers } = await get('/assets/ready-A1.css', { 'accept-encoding': 'br' });
    expect(headers['content-encoding']).toBe('br');
    expect(body.toString()).toBe('made by the build');
  });

  it('answer HEAD with the same head and no body', async () => {
    const { status, headers, body } = await get('/assets/index-B1x.js', {}, 'HEAD');
    expect([status, headers['content-length'], body.length]).toEqual([200, String(SCRIPT.length), 0]);
  });

  it.each([
    '/assets/../../secret.txt',
    '/../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets\\..\\..\\secret.txt',
    '//etc/passwd',
    '/assets/link.txt',
    '/.built-from',
    '/assets/',
    '/assets/gone-C3.js',
    '/index.html/',
    '/__proto__',
    '/constructor',
  ])('have no file at %s', async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(418);
    expect(body.length).toBe(0);
  });

  it('are not for programs: those get the error of the API', async () => {
    for (const headers of [{ accept: 'application/json' }, { accept: '*/*' }, {}]) {
      expect((await get('/models', headers)).status).toBe(418);
    }
    expect((await get('/', { accept: 'application/json' })).status).toBe(418);
    expect((await get('/', BROWSER, 'POST')).status).toBe(418);
    expect((await get('/assets/index-B1x.js', {}, 'DELETE')).status).toBe(418);
  });

  it('are refused under a host name that is not known', async () => {
    const { status, body } = await get('/', { ...BROWSER, host: 'evil.example' });
    expect(status).toBe(403);
    expect(body.toString()).toContain('TIDEGATE_ALLOWED_HOSTS');
  });

  it('are read anew after they were built anew', async () => {
    const index = join(folder, 'dist/index.html');
    writeFileSync(join(folder, 'dist/assets/later-D4.js'), SCRIPT);
    writeFileSync(index, '<!doctype html><title>Newer</title>');
    utimesSync(index, 2_000_000_000, 2_000_000_000);
    expect((await get('/', BROWSER)).body.toString()).toContain('Newer');
    expect((await get('/assets/later-D4.js')).status).toBe(200);
  });
});

describe('pages that are not built', () => {
  it('say how to build them, and leave the rest alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tidegate-pages-'));
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const pages = openPages({ enabled: true, folder: join(folder, 'dist'), isKnownHost: () => true, logger });
    const server = createServer((request, response) => {
      if (!pages(request, response)) response.writeHead(418).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const page = await ask(port, '/', BROWSER);
      expect(page.status).toBe(503);
      expect(page.body.toString()).toContain('npm ci');
      expect((await ask(port, '/assets/x.js')).status).toBe(418);
      mkdirSync(join(folder, 'dist'));
      writeFileSync(join(folder, 'dist/index.html'), '<title>Tidegate</title>');
      expect((await ask(port, '/', BROWSER)).status).toBe(200);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a gateway', () => {
  let test: TestGateway;
  afterAll(() => test?.close());

  it('serves pages beside the API, and none when the management API is off', async () => {
    test = await startTestGateway();
    const page = await ask(test.gateway.port, '/g/x/overview', BROWSER);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect([200, 503]).toContain(page.status);
    const lost = await ask(test.gateway.port, '/chat/completions', { accept: 'application/json' });
    expect(lost.status).toBe(404);
    expect(JSON.parse(lost.body.toString())).toMatchObject({ success: false });
    for (const path of ['/v1', '/v1/local', '/client', '/client/v5/x']) {
      const { headers } = await ask(test.gateway.port, path, BROWSER);
      expect([path, headers['content-type']]).toEqual([path, 'application/json']);
    }
    expect((await ask(test.gateway.port, '/', { ...BROWSER, host: 'evil.example' })).status).toBe(403);
    await test.close();

    test = await startTestGateway({ env: { TIDEGATE_MANAGEMENT: 'off' } });
    const off = await ask(test.gateway.port, '/', BROWSER);
    expect([off.status, off.headers['content-type']]).toEqual([404, 'application/json']);
  });
});
