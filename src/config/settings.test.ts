import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../core/secret.ts';
import { flagOf, providerVariable, SETTINGS, type SettingRow, variableOf } from './setting-table.ts';
import { loadSettings, readSettings, type SettingsInput } from './settings.ts';
import { parseSettingsFile } from './settings-file.ts';
import { StartError } from './start-error.ts';

const providers = ['openai', 'google-ai-studio', 'anthropic'];

function input(given: {
  flags?: Record<string, string[]>;
  env?: Record<string, string>;
  yaml?: string;
}): SettingsInput {
  return {
    flags: new Map(Object.entries(given.flags ?? {})),
    env: given.env ?? {},
    file: given.yaml === undefined ? null : { path: 'tidegate.yaml', ...parseSettingsFile(given.yaml) },
    providers,
  };
}

const problemsOf = (given: Parameters<typeof input>[0]): readonly string[] =>
  readSettings(input(given)).problems;

describe('order of strength', () => {
  test('a flag is stronger than the file, the file than a variable, a variable than the default', () => {
    const env = { TIDEGATE_PORT: '1001' };
    const yaml = 'port: 1002';
    const flags = { '--port': ['1003'] };
    expect(loadSettings(input({})).port).toBe(8787);
    expect(loadSettings(input({ env })).port).toBe(1001);
    expect(loadSettings(input({ env, yaml })).port).toBe(1002);
    expect(loadSettings(input({ env, yaml, flags })).port).toBe(1003);
  });

  test('the source of every value is known, and which sources lost', () => {
    const { resolved } = readSettings(
      input({ env: { TIDEGATE_PORT: '1' }, yaml: '# ours\nport: 2', flags: { '--host': ['localhost'] } }),
    );
    const of = (name: string) => resolved.find((setting) => setting.name === name);
    expect(of('port')).toMatchObject({
      value: 2,
      source: 'file',
      where: 'tidegate.yaml line 2',
      overridden: ['TIDEGATE_PORT'],
    });
    expect(of('host')).toMatchObject({ value: 'localhost', source: 'flag', where: '--host' });
    expect(of('account')).toMatchObject({ value: 'local', source: 'default' });
  });

  test('an empty variable and an empty line of the file count as not set', () => {
    const reading = readSettings(
      input({ env: { TIDEGATE_PORT: '', TIDEGATE_ADMIN_TOKEN: '' }, yaml: 'host:' }),
    );
    expect(reading.problems).toEqual([]);
    expect(reading.settings.port).toBe(8787);
    expect(reading.settings.adminToken).toBeNull();
    expect(reading.settings.host).toBe('127.0.0.1');
    expect(reading.emptyVariables).toEqual(['TIDEGATE_PORT', 'TIDEGATE_ADMIN_TOKEN']);
  });

  test('the fixed names of the specification are variables', () => {
    const settings = loadSettings(
      input({
        env: {
          TIDEGATE_HOST: '::1',
          TIDEGATE_PORT: '9000',
          TIDEGATE_DATA: '/srv/tidegate',
          TIDEGATE_ACCOUNT: 'acme',
          TIDEGATE_ADMIN_TOKEN: 'test-admin-token-0000',
          TIDEGATE_MASTER_KEY: 'a passphrase of some length',
          TIDEGATE_ALLOW_PRIVATE: '10.0.0.0/8, fd00::/8',
          TIDEGATE_PROVIDER_GOOGLE_AI_STUDIO_URL: 'https://google.example/base/',
        },
      }),
    );
    expect(settings).toMatchObject({
      host: '::1',
      port: 9000,
      dataFolder: '/srv/tidegate',
      account: 'acme',
      allowPrivate: ['10.0.0.0/8', 'fd00::/8'],
      providerUrls: { 'google-ai-studio': 'https://google.example/base' },
    });
    expect(settings.adminToken?.reveal()).toBe('test-admin-token-0000');
    expect(settings.masterKey?.reveal()).toBe('a passphrase of some length');
  });
});

describe('what is wrong is named', () => {
  test.each([
    [{ env: { TIDEGATE_PROT: '1' } }, 'unknown variable TIDEGATE_PROT: did you mean TIDEGATE_PORT?'],
    [{ yaml: 'a: 1' }, 'tidegate.yaml line 1: a: unknown setting'],
    [
      { yaml: 'port: 1\nmax_body_byte: 5' },
      'tidegate.yaml line 2: max_body_byte: unknown setting: did you mean max_body_bytes?',
    ],
    [{ flags: { '--hots': ['x'] } }, 'unknown flag --hots: did you mean --host?'],
    [{ env: { TIDEGATE_PORT: 'abc' } }, 'TIDEGATE_PORT: "abc" is not a whole number from 0 to 65535'],
    [{ yaml: '\nport: 70000' }, 'tidegate.yaml line 2: port: 70000 is not a whole number from 0 to 65535'],
    [
      { flags: { '--log-level': ['loud'] } },
      '--log-level: "loud" is not one of debug, info, warn, error, silent',
    ],
    [
      { env: { TIDEGATE_ALLOW_PRIVATE: '10.0.0.0/8,10.0.0.0/33' } },
      'TIDEGATE_ALLOW_PRIVATE: "10.0.0.0/8,10.0.0.0/33" is not networks like 10.0.0.0/8, with commas between them ("10.0.0.0/33" has no prefix length from 0 to 32)',
    ],
    [
      { env: { TIDEGATE_PROVIDER_OPENIA_URL: 'https://x.example' } },
      'unknown variable TIDEGATE_PROVIDER_OPENIA_URL: did you mean TIDEGATE_PROVIDER_OPENAI_URL?',
    ],
    [
      { yaml: 'provider_urls:\n  openia: https://x.example' },
      'tidegate.yaml line 2: provider_urls.openia: unknown setting: did you mean provider_urls.openai?',
    ],
    [
      { flags: { '--provider-url': ['open=https://x.example'] } },
      '--provider-url: unknown provider open: did you mean openai?',
    ],
  ])('%j', (given, problem) => {
    expect(problemsOf(given)).toEqual([problem]);
  });

  test.each(['ftp://x.example', 'nonsense', 'https://x.example/?a=1', 'https://x.example/#a'])(
    'a provider URL that cannot be used is refused: %s',
    (url) => {
      expect(problemsOf({ env: { TIDEGATE_PROVIDER_OPENAI_URL: url } })).toHaveLength(1);
    },
  );

  test('a password in a provider URL is refused and not repeated', () => {
    const [problem] = problemsOf({ yaml: 'provider_urls: {openai: "https://me:hunter2hunter2@x.example"}' });
    expect(problem).toContain('password');
    expect(problem).not.toContain('hunter2');
  });

  test('a file that is no YAML is told with its line', () => {
    expect(problemsOf({ yaml: 'port: 1\nhost: "unfinished' })[0]).toMatch(/^tidegate\.yaml line 2: /);
    expect(problemsOf({ yaml: '- port' })).toEqual([
      'tidegate.yaml line 1: the file must hold lines of the form `name: value`',
    ]);
    expect(problemsOf({ yaml: 'port: 1\nport: 2' })[0]).toMatch(/^tidegate\.yaml line 2: .*unique/);
  });

  test('everything wrong is told at once, and loadSettings throws it with the exit code for settings', () => {
    const given = input({ env: { TIDEGATE_PORT: 'x', TIDEGATE_NO: '1' }, yaml: 'account: "a b"' });
    let thrown: unknown;
    try {
      loadSettings(given);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(StartError);
    expect((thrown as StartError).problems).toHaveLength(3);
    expect((thrown as StartError).exitCode).toBe(3);
  });

  test('a secret of the wrong form is never repeated', () => {
    const [problem] = problemsOf({ env: { TIDEGATE_ADMIN_TOKEN: 'short-x' } });
    expect(problem).toContain('TIDEGATE_ADMIN_TOKEN');
    expect(problem).not.toContain('short-x');
  });
});

test('secrets do not come out of serialised settings', () => {
  const settings = loadSettings(input({ env: { TIDEGATE_MASTER_KEY: 'fake canary passphrase' } }));
  expect(settings.masterKey).toBeInstanceOf(Secret);
  expect(JSON.stringify(settings)).not.toContain('canary');
});

test('every row has a name, a flag and a variable of its own, and a fallback that its own form accepts', () => {
  const rows: readonly SettingRow[] = SETTINGS;
  for (const names of [rows.map((row) => row.property), rows.map(flagOf), rows.map(variableOf)]) {
    expect(new Set(names).size).toBe(rows.length);
  }
  for (const row of rows) {
    if (row.fallback !== null) {
      expect(row.kind.schema.safeParse(row.fallback), row.name).toMatchObject({ success: true });
    }
  }
  expect(providerVariable('google-ai-studio')).toBe('TIDEGATE_PROVIDER_GOOGLE_AI_STUDIO_URL');
});

test('any text in any place gives settings or problems, and never an exception', () => {
  const names = [...SETTINGS.map(variableOf), 'TIDEGATE_PROVIDER_OPENAI_URL', 'TIDEGATE_', 'TIDEGATE_X'];
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names), fc.string()),
      fc.string(),
      fc.dictionary(
        fc.constantFrom('--port', '--provider-url', '--nope'),
        fc.array(fc.string(), { minLength: 1 }),
      ),
      (env, yaml, flags) => {
        const reading = readSettings(input({ env, yaml, flags }));
        for (const problem of reading.problems) expect(problem).not.toBe('');
        expect(Number.isInteger(reading.settings.port)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
