import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../core/logger.ts';
import { buildOf, type Encoding, findPageFiles, type PageFile } from './page-files.ts';

export interface PagesOptions {
  readonly enabled: boolean;
  /** Where the built pages lie. */
  readonly folder: string;
  readonly isKnownHost: (header: string | undefined) => boolean;
  readonly logger: Logger;
}

/** Answers when the request is for a page or one of its files; false when it is for neither. */
export type Pages = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Nothing from elsewhere, no script and no style in the page itself, nothing sent elsewhere. Pictures and sounds of a
 * conversation are shown from memory (`data:`, `blob:`) and never fetched.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  'media-src data: blob:',
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), serial=(), usb=(), hid=()',
};

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tidegate</title><h1>The dashboard is not built</h1>
<p>The gateway and its management API work. To build the pages, run <code>npm ci</code> in the folder of Tidegate, then
load this page again. The API is described at <a href="/client/v4/docs">/client/v4/docs</a>.</p></html>`;

/** The dashboard. Its folder is read at the first request for a page, and again after it was built anew. */
export function openPages({ enabled, folder, isKnownHost, logger }: PagesOptions): Pages {
  if (!enabled) return () => false;
  let files: ReadonlyMap<string, PageFile> | null = null;
  let build: string | null = null;

  const refresh = (): void => {
    const found = buildOf(folder);
    if (files !== null && found === build) return;
    build = found;
    files = found === null ? null : findPageFiles(folder);
    if (files !== null) void compressAll(files);
  };

  return (request, response) => {
    const { method, url = '/' } = request;
    if (method !== 'GET' && method !== 'HEAD') return false;
    const path = url.split(/[?#]/, 1)[0]!;
    const isPage = asksForPage(path, request.headers.accept);
    if (isPage || files === null) refresh();
    const file = files?.get(isPage ? '/index.html' : path);
    if (!isPage && file === undefined) return false;
    if (!isKnownHost(request.headers.host)) {
      const message = 'This host name is not known to the dashboard; list it in TIDEGATE_ALLOWED_HOSTS';
      send(response, 403, 'text/plain; charset=utf-8', message);
    } else if (file === undefined) {
      send(response, 503, 'text/html; charset=utf-8', NOT_BUILT);
    } else {
      sendFile(file, request, response).catch((error: unknown) => {
        logger.error({ error, path: file.path }, 'a file of the dashboard could not be read');
        if (response.headersSent) response.destroy();
        else send(response, 500, 'text/plain; charset=utf-8', 'This file of the dashboard could not be read');
      });
    }
    return true;
  };
}

/** A browser that goes to an address asks for HTML; a program that lost its way does not, and gets its error as JSON. */
function asksForPage(path: string, accept: string | undefined): boolean {
  if (path.startsWith('/assets/')) return false;
  if (accept?.includes('text/html')) return true;
  return path === '/' && (accept === undefined || accept.includes('*/*'));
}

async function sendFile(file: PageFile, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const encoding = file.compressible ? chooseEncoding(request.headers['accept-encoding']) : 'identity';
  const { bytes, etag } = await file.read(encoding);
  const headers: Record<string, string | number> = {
    ...HEADERS,
    etag,
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(file.compressible && { vary: 'accept-encoding' }),
  };
  if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  headers['content-type'] = file.type;
  headers['content-length'] = bytes.length;
  if (encoding !== 'identity') headers['content-encoding'] = encoding;
  response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : bytes);
}

function chooseEncoding(accepted: string | undefined): Encoding {
  const refused = /;\s*q=0(\.0*)?\s*$/;
  const names = (accepted ?? '')
    .split(',')
    .filter((part) => !refused.test(part))
    .map((part) => part.split(';', 1)[0]!.trim().toLowerCase());
  if (names.includes('br')) return 'br';
  return names.includes('gzip') ? 'gzip' : 'identity';
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response
    .writeHead(status, {
      ...HEADERS,
      'content-type': type,
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
    })
    .end(text);
}

/** One after the other, beside the work: the files of later pages are ready when they are asked for. */
async function compressAll(files: ReadonlyMap<string, PageFile>): Promise<void> {
  for (const file of files.values()) {
    if (file.compressible) await file.read('br').catch(() => undefined);
  }
}
