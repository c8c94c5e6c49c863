import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

export interface PageFile {
  /** As it stands in an address: `/assets/index-B1x.js`. */
  readonly path: string;
  readonly type: string;
  /** Its name changes with its content, so a browser may keep it for ever. */
  readonly immutable: boolean;
  readonly compressible: boolean;
  /** Bytes in that encoding and their entity tag. Made once, then kept. */
  read(encoding: Encoding): Promise<{ readonly bytes: Buffer; readonly etag: string }>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};
const SMALLEST_COMPRESSED = 1024;
// Higher ones cost seconds for a large file and save a percent or two.
const BROTLI_QUALITY = 9;
const SUFFIX: Readonly<Record<Exclude<Encoding, 'identity'>, string>> = { br: '.br', gzip: '.gz' };

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

/**
 * The files of the built pages by address. Only what is listed here can be asked for: an address is looked up and never
 * joined to a path, so none leads out of the folder. Null when nothing is built.
 */
export function findPageFiles(folder: string): ReadonlyMap<string, PageFile> | null {
  const files = new Map<string, PageFile>();
  let names: Set<string>;
  try {
    names = new Set(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
    );
  } catch {
    return null;
  }
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (type === undefined || name.split('/').some((part) => part.startsWith('.'))) continue;
    // While the pages are being built, files come and go.
    const size = statSync(join(folder, name), { throwIfNoEntry: false })?.size;
    if (size !== undefined) files.set(`/${name}`, pageFile(folder, name, type, size, names));
  }
  return files.has('/index.html') ? files : null;
}

/** Changes when the pages were built anew; null when they are not there. */
export function buildOf(folder: string): string | null {
  try {
    const { mtimeMs, size, ino } = statSync(join(folder, 'index.html'));
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return null;
  }
}

function pageFile(
  folder: string,
  name: string,
  type: string,
  size: number,
  names: ReadonlySet<string>,
): PageFile {
  const made = new Map<Encoding, ReturnType<PageFile['read']>>();
  const make = async (encoding: Encoding): ReturnType<PageFile['read']> => {
    const path = join(folder, name);
    let bytes: Buffer;
    if (encoding === 'identity') bytes = await readFile(path);
    else if (names.has(name + SUFFIX[encoding])) bytes = await readFile(path + SUFFIX[encoding]);
    else {
      const plain = await readFile(path);
      if (plain.length < SMALLEST_COMPRESSED) bytes = plain;
      else if (encoding === 'gzip') bytes = await gzipAsync(plain, { level: 9 });
      else {
        bytes = await brotliAsync(plain, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
          },
        });
      }
    }
    return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
  };
  return {
    path: `/${name}`,
    type,
    immutable: name.startsWith('assets/'),
    compressible:
      /^(text\/|image\/svg|application\/(json|manifest|wasm))/.test(type) && size >= SMALLEST_COMPRESSED,
    read(encoding) {
      let reading = made.get(encoding);
      if (reading === undefined) {
        reading = make(encoding);
        made.set(encoding, reading);
        // What could not be read may be there next time.
        reading.catch(() => made.delete(encoding));
      }
      return reading;
    },
  };
}
