import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A journal beside a database counts as part of it. */
const COMPANIONS = ['', '-wal', '-shm'];

/** Bytes and files of a file with its journals, or of a folder. What is not there, or goes meanwhile, is nothing. */
export async function sizeOf(path: string): Promise<{ bytes: number; files: number }> {
  const size = { bytes: 0, files: 0 };
  for (const suffix of COMPANIONS) await add(path + suffix, size);
  return size;
}

async function add(path: string, size: { bytes: number; files: number }): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) {
    size.bytes += found.size;
    size.files++;
  } else if (found?.isDirectory()) {
    const folder = await opendir(path).catch(() => null);
    if (folder === null) return;
    for await (const entry of folder) await add(join(path, entry.name), size);
  }
}
