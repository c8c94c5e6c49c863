import { Readable, type Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import type { StoredBody } from '../core/stores/logs.ts';

const HEAD_BYTES = 64 * 1024;
/** A small stored body can unpack to a huge one: this much of it is served. */
const MOST_BYTES = 256 * 1024 * 1024;

interface BodyHead {
  readonly text: string | null;
  readonly complete: boolean;
}

/** The beginning of a body as text; null when nothing was kept or it is not text. */
export async function readHead(body: StoredBody | null, mostBytes = HEAD_BYTES): Promise<BodyHead> {
  if (body === null || !isText(body.contentType) || !canDecode(body.encoding)) {
    return { text: null, complete: false };
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of decoded(body)) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > mostBytes) break;
    }
  } catch {
    // Not what its encoding says: what came out so far is shown.
    return { text: toText(Buffer.concat(chunks)), complete: false };
  }
  const bytes = Buffer.concat(chunks);
  const cut = bytes.length > mostBytes;
  return { text: toText(cut ? bytes.subarray(0, mostBytes) : bytes), complete: !cut && !body.truncated };
}

/**
 * A whole body, decoded, without envelope. It was written by strangers: a browser must neither render it nor guess
 * at it, so it comes as a download, without any right, under the type that it had on the wire.
 */
export function bodyResponse(body: StoredBody, fileName: string): Response {
  const headers = new Headers({
    'content-type': safeType(body.contentType),
    'content-disposition': `attachment; filename="${fileName}"`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  if (body.truncated) headers.set('tidegate-truncated', 'true');
  if (isPlain(body.encoding)) {
    headers.set('content-length', String(body.bytes.length));
    return new Response(new Uint8Array(body.bytes), { headers });
  }
  if (!canDecode(body.encoding)) {
    headers.set('content-encoding', body.encoding.replace(/[^\w, -]/g, ''));
    return new Response(new Uint8Array(body.bytes), { headers });
  }
  return new Response(Readable.toWeb(Readable.from(bounded(decoded(body)))) as ReadableStream, { headers });
}

async function* bounded(chunks: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of chunks) {
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) throw new Error('the decoded body is too large to be served');
    yield chunk as Buffer;
  }
}

// A stored part of a body ends in the middle: with a flush in place of a finish, what is there still comes out.
const ZLIB = { finishFlush: constants.Z_SYNC_FLUSH };
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(ZLIB),
  'x-gzip': () => createGunzip(ZLIB),
  deflate: () => createInflate(ZLIB),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: () => createZstdDecompress({ finishFlush: constants.ZSTD_e_flush }),
};

const isPlain = (encoding: string): boolean => encoding === '' || encoding === 'identity';
const canDecode = (encoding: string): boolean => isPlain(encoding) || Object.hasOwn(DECODERS, encoding);

function decoded(body: StoredBody): AsyncIterable<unknown> {
  const source = Readable.from([body.bytes]);
  if (isPlain(body.encoding)) return source;
  const decoder = DECODERS[body.encoding]!();
  source.on('error', (error) => decoder.destroy(error));
  return source.pipe(decoder);
}

function isText(contentType: string | null): boolean {
  if (contentType === null || contentType === '') return true;
  const type = contentType.toLowerCase();
  if (type.includes('vnd.amazon.eventstream')) return false;
  return /^(text|multipart)\/|json|xml|event-stream|urlencoded|javascript|yaml|graphql/.test(type);
}

/** Bytes of a character that was cut at the end are left out. */
function toText(bytes: Buffer): string {
  return new TextDecoder('utf-8').decode(bytes, { stream: true });
}

function safeType(contentType: string | null): string {
  const isType =
    contentType !== null && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;[\x20-\x7e]*)?$/.test(contentType);
  return isType ? contentType : 'application/octet-stream';
}
