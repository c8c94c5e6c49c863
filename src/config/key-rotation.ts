import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder, writeDurably } from './durable-file.ts';
import {
  deriveKey,
  type KeySource,
  matchesLine,
  newCheckLine,
  newKeyText,
  ownKeyText,
  readCheck,
  writeCheck,
  wrongKey,
} from './master-key.ts';
import { StartError } from './start-error.ts';

/**
 * Changes the master key of a data folder that this process holds. `next` null makes a new key, kept in master.key.
 *
 * A crash at any point is taken up by calling this again with the same keys: until the end the check file knows both,
 * a key of our own making lies in `master.key.next`, and the gateway does not start. `reencrypt` must be all or nothing,
 * and must accept a store that is under the new key already.
 */
export function rotateMasterKey(
  folder: string,
  current: KeySource,
  next: KeySource | null,
  reencrypt: (oldKey: Buffer, newKey: Buffer) => void,
): void {
  const check = readCheck(folder);
  const [oldLine, pendingLine] = check?.keys ?? [];
  if (!oldLine) {
    throw new StartError('master-key', `${folder} has no master key yet: start the gateway once`);
  }
  if (next === null && current.text !== null) {
    throw new StartError(
      'master-key',
      `the master key comes from ${current.origin}: name a file with the new key in --new-key-file, and change that setting afterwards`,
    );
  }
  const ownPath = join(folder, 'master.key');
  const nextPath = `${ownPath}.next`;
  const currentText = current.text?.reveal() ?? ownKeyText(folder, true);
  if (next === null && pendingLine && !existsSync(nextPath) && matchesLine(currentText, pendingLine)) {
    // Everything but the last line of this function was done before the interruption.
    writeCheck(folder, [pendingLine]);
    return;
  }
  if (!matchesLine(currentText, oldLine)) throw wrongKey(folder, current.origin);
  const nextText = next?.text?.reveal() ?? ownNextText(nextPath);
  if (pendingLine && !matchesLine(nextText, pendingLine)) {
    throw new StartError(
      'master-key',
      'a rotation to another key was interrupted: run the command again as it was run then',
    );
  }
  const newLine = pendingLine ?? newCheckLine(nextText);
  writeCheck(folder, [oldLine, newLine]);
  reencrypt(deriveKey(currentText, oldLine.salt), deriveKey(nextText, newLine.salt));
  if (next === null) {
    renameSync(nextPath, ownPath);
    syncFolder(folder);
  }
  writeCheck(folder, [newLine]);
  // From now on the operator keeps the key: the old one lying here would only mislead.
  if (next !== null && current.text === null) rmSync(ownPath, { force: true });
}

function ownNextText(path: string): string {
  if (!existsSync(path)) writeDurably(path, newKeyText());
  return readFileSync(path, 'utf8').trim();
}
