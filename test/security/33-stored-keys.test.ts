import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedProvider, startScriptedProvider } from '../../src/demo/provider/server.ts';
import { gatewayBody } from '../support/gateway.ts';
import { runTidegate, startTidegate, type TidegateProcess } from '../support/tidegate-process.ts';
import { filesWith, storedFiles } from './stored-files.ts';

const ADMIN = 'test-admin-token-of-stored-keys';
const STORED = 'test-stored-key-Jq58vKxZbT-of-the-provider';
const REPLACED = 'test-stored-key-Wd29mCyHnE-that-was-replaced';
const MASTER = 'a passphrase for the master key';
const NEXT_MASTER = 'another passphrase for the master key';

let folder: string;
let provider: ScriptedProvider;
const running: TidegateProcess[] = [];

const start = async (env: Record<string, string>, at = folder): Promise<string> => {
  const process = startTidegate(at, ['start', '--port', '0'], {
    TIDEGATE_ADMIN_TOKEN: ADMIN,
    TIDEGATE_ALLOW_PRIVATE: '127.0.0.0/8',
    TIDEGATE_PROVIDER_OPENAI_URL: `${provider.url}/openai`,
    ...env,
  });
  running.push(process);
  return /Base URL +(http:\S+)\/v1\//.exec(await process.printed('Ctrl-C stops'))![1]!;
};
const stop = async (): Promise<void> => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
};

const api = async (
  baseUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ id: string }> => {
  const response = await fetch(`${baseUrl}/client/v4/accounts/local/ai-gateway${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { success: boolean; result: { id: string } };
  expect(answer.success, JSON.stringify(answer)).toBe(true);
  return answer.result;
};

/** The key that the provider gets when the gateway sends the stored one. */
const keyInUse = async (baseUrl: string): Promise<string | null> => {
  provider.reset();
  const response = await fetch(`${baseUrl}/v1/local/g/openai/chat/completions`, {
    method: 'POST',
    headers: { 'cf-aig-authorization': `Bearer ${ADMIN}`, 'content-type': 'application/json' },
    body: '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}',
  });
  await response.arrayBuffer();
  return provider.requests[0]?.header('authorization') ?? null;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-keys-'));
  provider = await startScriptedProvider();
  const baseUrl = await start({ TIDEGATE_MASTER_KEY: MASTER });
  await api(baseUrl, 'POST', '/gateways', gatewayBody({ id: 'g' }));
  const { id } = await api(baseUrl, 'POST', '/gateways/g/provider_configs', {
    provider_slug: 'openai',
    alias: 'default',
    secret: REPLACED,
  });
  expect(await keyInUse(baseUrl)).toBe(`Bearer ${REPLACED}`);
  await api(baseUrl, 'PUT', `/gateways/g/provider_configs/${id}`, { secret: STORED });
  expect(await keyInUse(baseUrl)).toBe(`Bearer ${STORED}`);
});
afterEach(stop);
afterAll(async () => {
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('33. stored provider keys', () => {
  it('are in no file in clear, neither now nor the one before, also while the gateway runs', async () => {
    const check = (): void => {
      const files = storedFiles(join(folder, 'data'));
      expect([...files.keys()]).toContain('config.db');
      for (const secret of [STORED, REPLACED, MASTER]) expect(filesWith(files, secret), secret).toEqual([]);
    };
    check();
    await stop();
    const baseUrl = await start({ TIDEGATE_MASTER_KEY: MASTER });
    expect(await keyInUse(baseUrl)).toBe(`Bearer ${STORED}`);
    check();
  });

  it('are each sealed under a key of their own, which the master key wraps', async () => {
    const baseUrl = await start({ TIDEGATE_MASTER_KEY: MASTER });
    await api(baseUrl, 'POST', '/gateways/g/provider_configs', {
      provider_slug: 'openai',
      alias: 'same',
      default_config: false,
      secret: STORED,
    });
    await stop();
    const database = new DatabaseSync(join(folder, 'data', 'config.db'), { readOnly: true });
    const rows = database.prepare('SELECT wrapped_key, sealed_value FROM secret').all();
    database.close();
    expect(rows).toHaveLength(2);
    const hex = rows.flatMap((row) =>
      Object.values(row).map((value) => Buffer.from(value as Uint8Array).toString('hex')),
    );
    // The same secret twice: nothing about the rows says so.
    expect(new Set(hex).size).toBe(4);
    for (const row of rows) expect((row.wrapped_key as Uint8Array).length).toBe(12 + 16 + 32);
  });

  it('keep the gateway from starting with another master key, which changes nothing', async () => {
    const before = readFileSync(join(folder, 'data', 'config.db'));
    for (const wrong of ['a passphrase for the master keY', 'b'.repeat(64), NEXT_MASTER]) {
      const { code, problem, out } = await runTidegate(folder, ['start', '--port', '0'], {
        TIDEGATE_ADMIN_TOKEN: ADMIN,
        TIDEGATE_MASTER_KEY: wrong,
      });
      expect(code, problem).not.toBe(0);
      expect(problem).toMatch(/master key/);
      expect(out + problem).not.toContain(wrong);
    }
    // Nor without any, when a key is what is missing: none may be made in its place.
    const none = await runTidegate(folder, ['start', '--port', '0'], { TIDEGATE_ADMIN_TOKEN: ADMIN });
    expect(none.code).not.toBe(0);
    expect(readFileSync(join(folder, 'data', 'config.db')).equals(before)).toBe(true);
    expect(await keyInUse(await start({ TIDEGATE_MASTER_KEY: MASTER }))).toBe(`Bearer ${STORED}`);
  });

  it('change their wrapping with the rotation command: the new key opens them, the old one no more, not even old pages', async () => {
    const backup = mkdtempSync(join(tmpdir(), 'tidegate-backup-'));
    try {
      cpSync(folder, backup, { recursive: true });
      const wrapped = (): Buffer[] => {
        const database = new DatabaseSync(join(folder, 'data', 'config.db'), { readOnly: true });
        const rows = database.prepare('SELECT wrapped_key FROM secret').all();
        database.close();
        return rows.map((row) => Buffer.from(row.wrapped_key as Uint8Array));
      };
      const old = wrapped();
      writeFileSync(join(folder, 'next.key'), NEXT_MASTER, { mode: 0o600 });
      const rotated = await runTidegate(folder, ['keys', 'rotate', '--new-key-file', 'next.key'], {
        TIDEGATE_MASTER_KEY: MASTER,
      });
      expect(rotated, rotated.problem).toMatchObject({ code: 0 });
      expect(rotated.out + rotated.problem).not.toMatch(/passphrase for the master/);
      const files = storedFiles(join(folder, 'data'));
      for (const row of old) {
        for (const [path, bytes] of files) expect(bytes.includes(row), path).toBe(false);
      }
      for (const secret of [STORED, REPLACED, MASTER, NEXT_MASTER])
        expect(filesWith(files, secret)).toEqual([]);
      const refused = await runTidegate(folder, ['start', '--port', '0'], { TIDEGATE_MASTER_KEY: MASTER });
      expect(refused.code).not.toBe(0);
      expect(await keyInUse(await start({ TIDEGATE_MASTER_KEY: NEXT_MASTER }))).toBe(`Bearer ${STORED}`);
      await stop();
      // A backup of before holds no clear text either, and is opened by its own key only.
      for (const secret of [STORED, REPLACED])
        expect(filesWith(storedFiles(join(backup, 'data')), secret)).toEqual([]);
      const foreign = await runTidegate(backup, ['start', '--port', '0'], {
        TIDEGATE_MASTER_KEY: NEXT_MASTER,
      });
      expect(foreign.code).not.toBe(0);
    } finally {
      rmSync(backup, { recursive: true, force: true });
    }
  });
});
