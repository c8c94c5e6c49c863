import { createHmac, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../core/secret.ts';
import { writeDurably } from './durable-file.ts';
import { reasonOf, StartError } from './start-error.ts';

const KEY_BYTES = 32;
/** About 100 ms and 64 MiB: paid once per start, and only for a passphrase. */
const SCRYPT = { N: 65_536, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };

/** Where the key comes from: a setting, a file that a setting names, or `master.key` in the data folder. */
export interface KeySource {
  /** Null: `master.key` of the data folder, made when there is none. */
  readonly text: Secret | null;
  /** For messages: `TIDEGATE_MASTER_KEY`, or the path of the file. */
  readonly origin: string;
}

/**
 * What the data folder keeps to recognise its key, and the salt of a passphrase. Two lines stand in it while a rotation
 * is under way: then only `tidegate keys rotate` may go on.
 */
interface KeyCheck {
  readonly version: 1;
  readonly keys: readonly { readonly salt: string; readonly check: string }[];
}

/** Reads the operator's key, without looking at the data folder: a missing key file is told before anything is made. */
export function findKeySource(settings: {
  readonly masterKey: Secret | null;
  readonly masterKeyFile: string | null;
}): KeySource {
  if (settings.masterKey) return sourceOf(settings.masterKey.reveal(), 'the setting master_key');
  if (settings.masterKeyFile !== null) return readKeyFile(settings.masterKeyFile);
  return { text: null, origin: 'master.key in the data folder' };
}

export function readKeyFile(path: string): KeySource {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartError(
      'master-key',
      `the master key file ${path} cannot be read (${reasonOf(error)}): correct the path or its rights`,
    );
  }
  return sourceOf(content, path);
}

/** The key of this data folder. Makes one at the first start; throws StartError when it is another than it was. */
export function unlockMasterKey(folder: string, source: KeySource): Buffer {
  const check = readCheck(folder);
  if (check && check.keys.length > 1) {
    throw new StartError(
      'master-key',
      `a rotation of the master key was interrupted: run \`tidegate keys rotate\` to finish it`,
    );
  }
  const known = check?.keys[0];
  const text = source.text?.reveal() ?? ownKeyText(folder, known !== undefined);
  if (known) {
    const key = deriveKey(text, known.salt);
    if (!matches(key, known.check)) throw wrongKey(folder, source.origin);
    return key;
  }
  const line = newCheckLine(text);
  writeCheck(folder, [line]);
  return deriveKey(text, line.salt);
}

/** The same verdict for `tidegate doctor`, without changing anything. Null when the key fits or none is needed yet. */
export function masterKeyProblem(folder: string, source: KeySource): string | null {
  try {
    const check = readCheck(folder);
    if (check === null) return null;
    unlockMasterKey(folder, source);
    return null;
  } catch (error) {
    return error instanceof StartError ? error.message : reasonOf(error);
  }
}

function sourceOf(content: string, origin: string): KeySource {
  const text = content.trim();
  if (text.length < 8) {
    throw new StartError(
      'master-key',
      `the master key in ${origin} is too short: give 32 bytes in base64 or hex, or a passphrase of at least 8 characters`,
    );
  }
  return { text: new Secret(text), origin };
}

/** master.key is made only where no key was ever used: a new one would make every stored key unreadable. */
export function ownKeyText(folder: string, isKnown: boolean): string {
  const path = join(folder, 'master.key');
  if (existsSync(path)) return sourceOf(readFileSync(path, 'utf8'), path).text!.reveal();
  if (isKnown) {
    throw new StartError(
      'master-key',
      `the master key of ${folder} is missing: set TIDEGATE_MASTER_KEY or TIDEGATE_MASTER_KEY_FILE as before, or put master.key back`,
    );
  }
  writeDurably(path, newKeyText());
  return readFileSync(path, 'utf8').trim();
}

export const newKeyText = (): string => `${randomBytes(KEY_BYTES).toString('base64')}\n`;

/** 32 bytes in hex or base64 are the key; anything else is a passphrase. */
export function deriveKey(text: string, salt: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  return scryptSync(text.normalize('NFC'), Buffer.from(salt, 'base64'), KEY_BYTES, SCRYPT);
}

const checkOf = (key: Buffer): string =>
  createHmac('sha256', key).update('tidegate master key check').digest('base64');

const matches = (key: Buffer, check: string): boolean => {
  const expected = Buffer.from(check, 'base64');
  const actual = Buffer.from(checkOf(key), 'base64');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
};

export const matchesLine = (text: string, line: KeyCheck['keys'][number] | undefined): boolean =>
  line !== undefined && matches(deriveKey(text, line.salt), line.check);

export function newCheckLine(text: string): KeyCheck['keys'][number] {
  const salt = randomBytes(16).toString('base64');
  return { salt, check: checkOf(deriveKey(text, salt)) };
}

const checkPath = (folder: string): string => join(folder, 'master-key.json');

export function readCheck(folder: string): KeyCheck | null {
  const path = checkPath(folder);
  if (!existsSync(path)) return null;
  try {
    const check = JSON.parse(readFileSync(path, 'utf8')) as KeyCheck;
    if (check.keys.every((line) => typeof line.salt === 'string' && typeof line.check === 'string')) {
      return check;
    }
  } catch {
    // Told below, in the same words as a file of the wrong shape.
  }
  throw new StartError('master-key', `${path} is damaged: put it back from a backup`);
}

export function writeCheck(folder: string, keys: KeyCheck['keys']): void {
  writeDurably(checkPath(folder), `${JSON.stringify({ version: 1, keys } satisfies KeyCheck)}\n`);
}

export const wrongKey = (folder: string, origin: string): StartError =>
  new StartError(
    'master-key',
    `the master key (${origin}) is not the one that ${folder} was encrypted with: give the earlier one, and use \`tidegate keys rotate\` to change it`,
  );
