import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files of the index: `<serial>.<generation>.texts`. A file that is made anew has the next generation. */
export interface ShardFile {
  readonly serial: number;
  readonly generation: number;
  readonly path: string;
}

const NAME = /^(\d{8})\.(\d{1,6})\.texts$/;

export function shardPath(folder: string, serial: number, generation: number): string {
  return join(folder, `${String(serial).padStart(8, '0')}.${generation}.texts`);
}

/** The valid file of each shard, oldest first; none when there is no folder. */
export function listShards(folder: string): ShardFile[] {
  const latest = new Map<number, ShardFile>();
  for (const name of namesIn(folder)) {
    const match = NAME.exec(name);
    if (match === null) continue;
    const file = { serial: Number(match[1]), generation: Number(match[2]), path: join(folder, name) };
    if ((latest.get(file.serial)?.generation ?? -1) < file.generation) latest.set(file.serial, file);
  }
  return [...latest.values()].sort((a, b) => a.serial - b.serial);
}

/** Removes what a crash left: drafts, older generations, journals without their file. */
export function cleanShards(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const valid = new Set(listShards(folder).map(({ path }) => path));
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (!valid.has(path.replace(/-(wal|shm)$/, ''))) rmSync(path, { force: true });
  }
}

export function removeShard(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}

/** With its journal. */
export function shardBytes(path: string): number {
  let bytes = 0;
  for (const suffix of ['', '-wal']) bytes += statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
