import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ModelFile } from './manifest.ts';

/** SHA-256 of a file of the folder, in hex. Throws an Error for people when it is missing, or another than is written down. */
export async function checkFile(folder: string, { file, bytes, sha256 }: ModelFile): Promise<string> {
  const path = join(folder, file);
  let size: number;
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error('is no file');
    size = found.size;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(isMissing ? `${file} is missing` : `${file} cannot be read`);
  }
  if (bytes !== null && size !== bytes)
    throw new Error(`${file} has ${size} bytes; the manifest says ${bytes}`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  const found = hash.digest('hex');
  if (sha256 !== null && found !== sha256)
    throw new Error(`${file} is another file than the manifest says: its SHA-256 is ${found}`);
  return found;
}
