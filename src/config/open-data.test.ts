import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../core/secret.ts';
import { holderOf } from './data-folder.ts';
import { rotateMasterKey } from './key-rotation.ts';
import { findKeySource, readKeyFile } from './master-key.ts';
import { type OpenData, openData } from './open-data.ts';
import { StartError, type StartErrorKind } from './start-error.ts';

let root: string;
let folder: string;
const opened: OpenData[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tidegate-data-'));
  folder = join(root, 'data');
});

afterEach(() => {
  for (const data of opened.splice(0)) data.close();
  rmSync(root, { recursive: true, force: true });
});

function open(given: { masterKey?: string; masterKeyFile?: string; at?: string } = {}): OpenData {
  const data = openData(
    {
      dataFolder: given.at ?? folder,
      masterKey: given.masterKey === undefined ? null : new Secret(given.masterKey),
      masterKeyFile: given.masterKeyFile ?? null,
    },
    1_700_000_000_000,
  );
  opened.push(data);
  return data;
}

function refusal(work: () => unknown): { kind: StartErrorKind; message: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof StartError) return { kind: error.kind, message: error.message };
    throw error;
  }
  throw new Error('it was not refused');
}

/** Names, sizes and contents of everything below a folder: equal before and after means nothing was changed. */
function picture(path: string): string[] {
  if (!existsSync(path)) return ['absent'];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const full = join(entry.parentPath, entry.name);
      return entry.isFile() ? `${full} ${readFileSync(full, 'base64')}` : full;
    })
    .sort();
}

describe('the data folder', () => {
  test('is made for its owner only, with a version and a key', () => {
    const data = open();
    expect(data.isNew).toBe(true);
    expect(data.masterKey).toHaveLength(32);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'version'), 'utf8')).toBe('1\n');
  });

  test('opens again with the same key', () => {
    const first = open();
    first.close();
    const second = open();
    expect(second.isNew).toBe(false);
    expect(second.masterKey.equals(first.masterKey)).toBe(true);
  });

  test('of a newer version is refused, and nothing in it is changed', () => {
    open().close();
    writeFileSync(join(folder, 'version'), '2\n');
    const before = picture(folder);
    expect(refusal(() => open())).toMatchObject({ kind: 'data-newer' });
    expect(picture(folder)).toEqual(before);
  });

  test('that holds somebody else’s files is refused, and nothing in it is changed', () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'letter.txt'), 'dear');
    const before = picture(folder);
    expect(refusal(() => open()).message).toContain('holds other files');
    expect(picture(folder)).toEqual(before);
  });

  test('that is a file is refused', () => {
    writeFileSync(folder, '');
    expect(refusal(() => open())).toMatchObject({ kind: 'data-folder' });
  });

  test('that cannot be made is refused, and nothing is made', () => {
    const file = join(root, 'file');
    writeFileSync(file, 'not a folder');
    const before = picture(root);
    expect(refusal(() => open({ at: join(file, 'data') })).kind).toBe('data-folder');
    expect(picture(root)).toEqual(before);
  });

  test('is refused to a second opening, which is told the process', () => {
    open();
    const before = picture(folder);
    expect(refusal(() => open())).toEqual({
      kind: 'data-in-use',
      message: `the data folder ${folder} is in use by process ${process.pid}: stop it, or name another folder with --data`,
    });
    expect(picture(folder)).toEqual(before);
    expect(holderOf(folder)).toEqual({ pid: process.pid });
  });

  test('is free again as soon as its holder is killed, whatever it left lying', async () => {
    open().close();
    const module = new URL('./data-folder.ts', import.meta.url).href;
    const child: ChildProcess = spawn(
      process.execPath,
      [
        '--expose-gc',
        '--input-type=module',
        '-e',
        `const { openDataFolder } = await import(${JSON.stringify(module)});
         openDataFolder(${JSON.stringify(folder)}, 0);
         globalThis.gc();
         process.stdout.write('held');
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      await new Promise((resolve) => child.stdout!.once('data', resolve));
      expect(refusal(() => open()).message).toContain(`process ${child.pid}`);
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
    expect(existsSync(join(folder, 'lock.json'))).toBe(true);
    expect(holderOf(folder)).toBeNull();
    expect(open().isNew).toBe(false);
  });
});

describe('the master key', () => {
  const other = randomBytes(32);

  test('is the same bytes in hex, base64 and a file', () => {
    const path = join(root, 'key');
    writeFileSync(path, `${other.toString('base64')}\n`);
    const data = open({ masterKey: other.toString('hex') });
    expect(data.masterKey.equals(other)).toBe(true);
    data.close();
    expect(open({ masterKeyFile: path }).masterKey.equals(other)).toBe(true);
    expect(existsSync(join(folder, 'master.key'))).toBe(false);
  });

  test('may be a passphrase, stretched with a salt of the folder', () => {
    const passphrase = 'correct horse battery staple';
    const data = open({ masterKey: passphrase });
    data.close();
    expect(open({ masterKey: passphrase }).masterKey.equals(data.masterKey)).toBe(true);
    const elsewhere = open({ masterKey: passphrase, at: join(root, 'elsewhere') });
    expect(elsewhere.masterKey.equals(data.masterKey)).toBe(false);
  });

  test('that is another one is refused, and nothing is changed', () => {
    open({ masterKey: other.toString('hex') }).close();
    const before = picture(folder);
    expect(refusal(() => open({ masterKey: randomBytes(32).toString('hex') })).kind).toBe('master-key');
    expect(refusal(() => open()).message).toContain('missing');
    expect(picture(folder)).toEqual(before);
  });

  test('that is lost is not replaced by a new one', () => {
    open().close();
    rmSync(join(folder, 'master.key'));
    expect(refusal(() => open()).kind).toBe('master-key');
    expect(existsSync(join(folder, 'master.key'))).toBe(false);
  });

  test('file that is missing stops the start before the folder is made', () => {
    expect(refusal(() => open({ masterKeyFile: join(root, 'none') })).message).toContain('does not exist');
    expect(existsSync(folder)).toBe(false);
  });

  test('rotation makes a new key, after which the old one is refused', () => {
    const first = open();
    const oldText = readFileSync(join(folder, 'master.key'), 'utf8').trim();
    const seen: Buffer[] = [];
    const source = findKeySource({ masterKey: null, masterKeyFile: null });
    rotateMasterKey(folder, source, null, (oldKey, newKey) => seen.push(oldKey, newKey));
    first.close();
    expect(seen[0]!.equals(first.masterKey)).toBe(true);
    expect(refusal(() => open({ masterKey: oldText })).kind).toBe('master-key');
    expect(open().masterKey.equals(seen[1]!)).toBe(true);
  });

  test('rotation that is interrupted stops the start until it is finished, and then the new key counts', () => {
    const first = open();
    const source = findKeySource({ masterKey: null, masterKeyFile: null });
    expect(() =>
      rotateMasterKey(folder, source, null, () => {
        throw new Error('power cut');
      }),
    ).toThrow('power cut');
    first.close();
    expect(refusal(() => open()).message).toContain('keys rotate');
    let newKey: Buffer = Buffer.alloc(0);
    rotateMasterKey(folder, source, null, (_old, next) => {
      newKey = next;
    });
    expect(open().masterKey.equals(newKey)).toBe(true);
    expect(existsSync(join(folder, 'master.key.next'))).toBe(false);
  });

  test('rotation to the operator’s own key takes the old one away', () => {
    const first = open();
    const path = join(root, 'key');
    writeFileSync(path, other.toString('hex'));
    const source = findKeySource({ masterKey: null, masterKeyFile: null });
    rotateMasterKey(folder, source, readKeyFile(path), () => {});
    first.close();
    expect(existsSync(join(folder, 'master.key'))).toBe(false);
    expect(open({ masterKeyFile: path }).masterKey.equals(other)).toBe(true);
  });

  test('rotation of the operator’s own key wants the new one named', () => {
    open({ masterKey: other.toString('hex') });
    const source = findKeySource({ masterKey: new Secret(other.toString('hex')), masterKeyFile: null });
    expect(refusal(() => rotateMasterKey(folder, source, null, () => {})).message).toContain(
      '--new-key-file',
    );
  });
});
