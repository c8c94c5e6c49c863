import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runTidegate } from '../../test/support/tidegate-process.ts';
import { openData } from '../config/open-data.ts';
import { hashToken } from '../config/tokens.ts';
import { Secret } from '../core/secret.ts';
import { openConfigStore } from '../stores/sqlite/config.ts';
import { openSecretStore } from '../stores/sqlite/secrets.ts';
import type { Terminal } from '../terminal.ts';
import { reportFailure, runCommandLine } from './run.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-cli-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the real command in the folder, with no variables but those given. */
const run = (args: readonly string[], env: Record<string, string> = {}) => runTidegate(folder, args, env);

/** The same in this process: for what neither reads the folder nor starts anything. */
async function runHere(args: readonly string[]) {
  const lines = { out: '', problem: '' };
  const terminal: Terminal = {
    isInteractive: false,
    out: (line) => {
      lines.out += `${line}\n`;
    },
    problem: (line) => {
      lines.problem += `${line}\n`;
    },
    redraw: () => {},
    style: (_style, text) => text,
  };
  const environment = { variables: {}, arguments: args, workingFolder: folder };
  const code = await runCommandLine({ environment, terminal }).catch((error: unknown) =>
    reportFailure(error, terminal, environment),
  );
  return { code, ...lines };
}

describe('help', () => {
  test.each([
    ['--help', 'Usage: tidegate <command>'],
    ['token --help', 'token create'],
    ['start --help', '--max-body-bytes'],
    ['demo --help', '--data'],
    ['doctor --help', '--config'],
    ['token create --help', '--permissions'],
    ['token list --help', '--url'],
    ['token revoke --help', 'ID'],
    ['logs tail --help', '--follow'],
    ['keys rotate --help', '--new-key-file'],
  ])('%s', async (line, expected) => {
    const { code, out, problem } = await runHere(line.split(' '));
    expect({ code, problem }).toEqual({ code: 0, problem: '' });
    expect(out).toContain(expected);
    expect(out).not.toContain('\u001b');
  });

  test('the version is the package’s', async () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
      version: string;
    };
    expect((await run(['--version'])).out).toBe(`${manifest.version}\n`);
  });
});

describe('a mistake is told in one line, with the nearest right word, and exit code 2', () => {
  test.each([
    ['strat', 'tidegate: unknown command strat: did you mean start?\n'],
    ['token crate', 'tidegate: unknown command token crate: did you mean token create?\n'],
    ['start --prot 1', 'tidegate: unknown flag --prot: did you mean --port?\n'],
    ['start --port', 'tidegate: --port needs a value: --port=…\n'],
    ['start --port=', 'tidegate: --port needs a value: --port=…\n'],
    ['logs tail --follow=yes', 'tidegate: --follow takes no value\n'],
    ['start now', 'tidegate: start takes no now\n'],
    ['token revoke', 'tidegate: token revoke needs ID\n'],
    [
      'token create --permissions fly',
      'tidegate: --permissions: fly is none of run, read, metadata-read, edit, admin\n',
    ],
  ])('%s', async (line, problem) => {
    expect(await runHere(line.split(' '))).toEqual({ code: 2, out: '', problem });
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  test('the process ends with that exit code, and without a stack', async () => {
    expect(await run(['strat'])).toEqual({
      code: 2,
      out: '',
      problem: 'tidegate: unknown command strat: did you mean start?\n',
    });
  });
});

describe('a start that cannot be leaves the disk as it was', () => {
  test('wrong settings: every problem, exit code 3', async () => {
    writeFileSync(join(folder, 'tidegate.yaml'), 'port: 1\nmax_body: 3\n');
    const result = await run(['start', '--log-level', 'loud'], { TIDEGATE_PROT: '1' });
    expect(result.code).toBe(3);
    expect(result.problem.trim().split('\n')).toEqual([
      'tidegate: tidegate.yaml line 2: max_body: unknown setting',
      'tidegate: unknown variable TIDEGATE_PROT: did you mean TIDEGATE_PORT?',
      'tidegate: --log-level: "loud" is not one of debug, info, warn, error, silent',
    ]);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  test('a settings file that is not there: exit code 3', async () => {
    const result = await run(['start', '--config', 'mine.yaml']);
    expect(result).toMatchObject({ code: 3 });
    expect(result.problem).toContain('mine.yaml cannot be read (it does not exist)');
  });

  test('a taken port: exit code 4', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address() as { port: number };
    try {
      const result = await run(['start', '--port', String(address.port)]);
      expect(result.code).toBe(4);
      expect(result.problem).toBe(
        `tidegate: cannot listen on 127.0.0.1 port ${address.port} (it is in use by another program): stop that program, or choose another port with --port or TIDEGATE_PORT\n`,
      );
      expect(existsSync(join(folder, 'data'))).toBe(false);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test.each([
    ['a folder with other files: exit code 5', 5, () => writeFileSync(join(folder, 'data/letter'), '')],
    ['a newer data folder: exit code 6', 6, () => writeFileSync(join(folder, 'data/version'), '99\n')],
  ])('%s', async (_name, code, prepare) => {
    mkdirSync(join(folder, 'data'));
    prepare();
    const result = await run(['start', '--port', '0']);
    expect(result.problem.trim().split('\n')).toHaveLength(1);
    expect(result.code).toBe(code);
    expect(existsSync(join(folder, 'data/lock.db'))).toBe(false);
  });

  test('a data folder in use: exit code 7 and the process', async () => {
    const data = openData({ dataFolder: join(folder, 'data'), masterKey: null, masterKeyFile: null }, 0);
    const result = await run(['start', '--port', '0']);
    data.close();
    expect(result.code).toBe(7);
    expect(result.problem).toContain(`process ${process.pid}`);
  });

  test('a wrong master key: exit code 8', async () => {
    openData({ dataFolder: join(folder, 'data'), masterKey: null, masterKeyFile: null }, 0).close();
    const result = await run(['start', '--port', '0'], {
      TIDEGATE_MASTER_KEY: 'another passphrase altogether',
    });
    expect(result.code).toBe(8);
    expect(result.problem).toContain('is not the one');
    expect(result.problem).not.toContain('altogether');
  });
});

describe('doctor', () => {
  test('explains each setting with its source, hides secrets, and changes nothing', async () => {
    writeFileSync(join(folder, 'tidegate.yaml'), 'account: acme\nport: 0\n');
    const { code, out } = await run(['doctor', '--log-level=warn'], {
      TIDEGATE_ACCOUNT: 'weaker',
      TIDEGATE_ADMIN_TOKEN: 'fake-canary-token',
      TIDEGATE_ALLOW_PRIVATE: '',
    });
    expect(code).toBe(0);
    expect(out).toMatch(/account +acme +tidegate\.yaml line 1 \(stronger than TIDEGATE_ACCOUNT\)/);
    expect(out).toMatch(/log_level +warn +--log-level/);
    expect(out).toMatch(/admin_token +\(set, hidden\) +TIDEGATE_ADMIN_TOKEN/);
    expect(out).toContain('TIDEGATE_ALLOW_PRIVATE is there but empty');
    expect(out).not.toContain('canary');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  test('names everything that is wrong and ends with exit code 1', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data/version'), '99\n');
    const { code, out } = await run(['doctor', '--port=0'], {
      TIDEGATE_PROVIDER_OPENAI_URL: 'http://127.0.0.1:9/v1',
      TIDEGATE_MAX_BODY_BYTES: 'lots',
    });
    expect(code).toBe(1);
    expect(out).toContain('TIDEGATE_ALLOW_PRIVATE=127.0.0.1');
    expect(out).toContain('layout 99');
    expect(out).toContain('"lots" is not a whole number');
    expect(out).toContain('3 things are wrong.');
  });
});

describe('tokens of a stopped gateway', () => {
  const prepare = (): void => {
    const data = openData({ dataFolder: join(folder, 'data'), masterKey: null, masterKeyFile: null }, 0);
    openConfigStore(join(data.path, 'config.db')).close();
    data.close();
  };

  test('are made, listed and revoked, and kept as a hash', async () => {
    prepare();
    const made = await run([
      'token',
      'create',
      '--name',
      'ci',
      '--permissions',
      'run,read',
      '--expires-days',
      '7',
    ]);
    expect(made.code).toBe(0);
    const value = made.out.trim();
    const store = openConfigStore(join(folder, 'data/config.db'));
    const token = store.snapshot().tokens.get(hashToken(value));
    store.close();
    expect(token).toMatchObject({ name: 'ci', permissions: ['run', 'read'], account: 'local' });
    expect(token!.expiresAt! - token!.createdAt).toBe(7 * 86_400_000);
    const listed = await run(['token', 'list']);
    expect(listed.out).toContain('valid until');
    expect(listed.out).not.toContain(value);
    expect((await run(['token', 'revoke', token!.id])).code).toBe(0);
    expect((await run(['token', 'list'])).out).toContain('revoked');
    expect((await run(['token', 'revoke', 'tok_none'])).code).toBe(2);
  });

  test('need a data folder that is there: a mistyped path is not made', async () => {
    const result = await run(['token', 'create', '--data', 'daat']);
    expect(result.code).toBe(5);
    expect(existsSync(join(folder, 'daat'))).toBe(false);
  });
});

test('keys rotate re-encrypts what is stored, and the old key is refused from then on', async () => {
  const settings = { dataFolder: join(folder, 'data'), masterKey: null, masterKeyFile: null };
  const path = join(folder, 'data/config.db');
  const before = openData(settings, 0);
  const secrets = openSecretStore(path, before.masterKey);
  secrets.put('one', new Secret('test-key-openai'));
  secrets.close();
  before.close();
  expect(await run(['keys', 'rotate'])).toMatchObject({ code: 0, problem: '' });
  const after = openData(settings, 0);
  expect(after.masterKey.equals(before.masterKey)).toBe(false);
  const reopened = openSecretStore(path, after.masterKey);
  expect(reopened.read('one')?.reveal()).toBe('test-key-openai');
  reopened.close();
  after.close();
  expect(() => openSecretStore(path, before.masterKey)).toThrow('master key');
});

test('logs tail says what to do when no gateway answers, exit code 9', async () => {
  const result = await run(['logs', 'tail', '--url', 'http://127.0.0.1:9', '--token', 'test-token']);
  expect(result.code).toBe(9);
  expect(result.problem).toContain('does not answer');
  expect((await run(['logs', 'tail'])).problem).toContain('TIDEGATE_ADMIN_TOKEN');
});
