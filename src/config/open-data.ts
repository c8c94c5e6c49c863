import type { Secret } from '../core/secret.ts';
import { openDataFolder } from './data-folder.ts';
import { findKeySource, unlockMasterKey } from './master-key.ts';

/** The data folder, locked, with the key that opens its secrets. */
export interface OpenData {
  readonly path: string;
  readonly isNew: boolean;
  readonly masterKey: Buffer;
  close(): void;
}

/**
 * Every check that can fail comes before the first change on disk, so that a start that is refused leaves everything as
 * it was. Throws StartError.
 */
export function openData(
  settings: {
    readonly dataFolder: string;
    readonly masterKey: Secret | null;
    readonly masterKeyFile: string | null;
  },
  nowMs: number,
): OpenData {
  const source = findKeySource(settings);
  const folder = openDataFolder(settings.dataFolder, nowMs);
  try {
    const masterKey = unlockMasterKey(folder.path, source);
    return { path: folder.path, isNew: folder.isNew, masterKey, close: () => folder.close() };
  } catch (error) {
    folder.close();
    throw error;
  }
}
