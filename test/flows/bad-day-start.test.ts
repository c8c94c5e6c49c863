import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { runTidegate, startTidegate } from '../support/tidegate-process.ts';
import { ask, chat } from './fault-client.ts';

let root: string;
/** A data folder that has seen requests, with a stored provider key, closed properly. */
let used: string;
let folder: string;
let count = 0;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tidegate-bad-day-'));
  used = join(root, 'used');
  const test = await startTestGateway();
  try {
    await test.manage('POST', '/gateways', { id: 'caching', cache_ttl: 600 });
    for (const id of ['default', 'caching']) {
      await test.record(await askOne(test.base(id)), id);
    }
  } finally {
    await test.gateway.close();
    cpSync(test.dataFolder, used, { recursive: true });
    await test.close().catch(() => {});
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  folder = join(root, `case-${++count}`);
  mkdirSync(folder);
  cpSync(used, join(folder, 'data'), { recursive: true });
});

async function askOne(base: string): Promise<{ headers: Headers }> {
  return (await ask(`${base}/openai/chat/completions`, { body: chat() })).fields;
}

/** Every file below a folder with what is in it. */
function snapshot(path: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    files[full.slice(path.length)] = entry.isFile()
      ? createHash('sha256').update(readFileSync(full)).digest('hex')
      : 'folder';
  }
  return files;
}

const data = (...names: string[]): string => join(folder, 'data', ...names);

function overwrite(path: string, from: number): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0x5a, from));
}

interface Refusal {
  readonly name: string;
  readonly code: number;
  readonly line: RegExp;
  spoil(): void;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

const settingsFile = (text: string) => (): void => writeFileSync(join(folder, 'tidegate.yaml'), text);

const REFUSALS: readonly Refusal[] = [
  {
    name: 'a settings file with a field that is unknown',
    code: 3,
    line: /tidegate\.yaml line 3: cache_memory_byte: unknown setting: did you mean cache_memory_bytes\?/,
    spoil: settingsFile('host: 127.0.0.1\nport: 0\ncache_memory_byte: 5\n'),
  },
  {
    name: 'a settings file with a value that does not fit',
    code: 3,
    line: /tidegate\.yaml line 2: upstream_idle_ms: .*soon/,
    spoil: settingsFile('port: 0\nupstream_idle_ms: soon\n'),
  },
  {
    name: 'a settings file that is no YAML',
    code: 3,
    line: /tidegate\.yaml line [23]: /,
    spoil: settingsFile('port: 0\nhost: [127.0.0.1\n'),
  },
  {
    name: 'an unknown variable',
    code: 3,
    line: /unknown variable TIDEGATE_MAXBODY_BYTES: did you mean TIDEGATE_MAX_BODY_BYTES\?/,
    spoil: () => {},
    env: { TIDEGATE_MAXBODY_BYTES: '1' },
  },
  {
    name: 'an unknown flag',
    code: 2,
    line: /unknown flag --log-levle: did you mean --log-level\?/,
    spoil: () => {},
    args: ['--log-levle', 'warn'],
  },
  {
    name: 'another master key',
    code: 8,
    line: /is not the one that .* was encrypted with/,
    spoil: () => writeFileSync(data('master.key'), `${Buffer.alloc(32, 7).toString('base64')}\n`),
  },
  {
    name: 'a master key of no known form',
    code: 8,
    line: /master key in .*master\.key is too short/,
    spoil: () => writeFileSync(data('master.key'), 'short'),
  },
  {
    name: 'a lost master key',
    code: 8,
    line: /master key/,
    spoil: () => rmSync(data('master.key')),
  },
  {
    name: 'a data folder of a newer version',
    code: 6,
    line: /has layout 2, and this version of Tidegate knows up to 1/,
    spoil: () => writeFileSync(data('version'), '2\n'),
  },
  {
    name: 'a configuration database of a newer version',
    code: 6,
    line: /config\.db has version 1000/,
    spoil: () => {
      const database = new DatabaseSync(data('config.db'));
      database.exec('PRAGMA user_version = 1000');
      database.close();
    },
  },
  {
    name: 'a configuration database that is none',
    code: 5,
    line: /config\.db is damaged: put a copy in its place, or move it away/,
    spoil: () => overwrite(data('config.db'), 0),
  },
  {
    name: 'a configuration database that is half gone',
    code: 5,
    line: /config\.db is damaged/,
    spoil: () => truncateSync(data('config.db'), 8192),
  },
  {
    name: 'a configuration database with spoilt pages',
    code: 5,
    line: /config\.db is damaged/,
    spoil: () => overwrite(data('config.db'), 4096),
  },
  {
    name: 'a data folder below something that is no folder',
    code: 5,
    line: /data folder .*version\/data cannot be used/,
    spoil: () => {},
    args: ['--data', 'data/version/data'],
  },
  {
    name: 'an address of another machine',
    code: 4,
    line: /cannot listen on 192\.0\.2\.1 port \d+ \(this machine does not have that address\)/,
    spoil: () => {},
    args: ['--host', '192.0.2.1'],
  },
];

describe('a start that is refused says why and what to do in one line, and changes nothing on disk', () => {
  it.concurrent.each(REFUSALS.map((refusal) => [refusal.name, refusal] as const))(
    '%s',
    async (_, refusal) => {
      folder = join(root, `refusal-${REFUSALS.indexOf(refusal)}`);
      const own = folder;
      mkdirSync(own);
      cpSync(used, join(own, 'data'), { recursive: true });
      refusal.spoil();
      const before = snapshot(own);
      const args = refusal.args ?? [];
      const { code, out, problem } = await runTidegate(own, ['start', '--port', '0', ...args], refusal.env);
      expect(out).toBe('');
      expect(problem).toMatch(refusal.line);
      expect(problem.trimEnd().split('\n')).toHaveLength(1);
      expect(problem).toMatch(/^tidegate: /);
      expect(problem).not.toMatch(/\n\s+at /);
      expect(code).toBe(refusal.code);
      expect(snapshot(own)).toEqual(before);
    },
  );

  it('a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const before = snapshot(folder);
    const { code, problem } = await runTidegate(folder, ['start', '--port', String(port)]);
    await new Promise((resolve) => server.close(resolve));
    expect(problem).toContain(`cannot listen on 127.0.0.1 port ${port} (it is in use by another program)`);
    expect(problem.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(4);
    expect(snapshot(folder)).toEqual(before);
  });

  it('data that another process works on, which goes on undisturbed', async () => {
    // The first process goes on working: on records, and on their bodies.
    const settled = (): object =>
      Object.fromEntries(
        Object.entries(snapshot(folder)).filter(
          ([name]) => !/^\/data\/(spool|logs|bodies|texts)|-(wal|shm)$/.test(name),
        ),
      );
    const first = startTidegate(folder, ['start', '--port', '0']);
    try {
      const banner = await first.printed('Ctrl-C stops');
      const before = settled();
      const second = await runTidegate(folder, ['start', '--port', '0']);
      expect(second.code).toBe(7);
      expect(second.problem.trimEnd().split('\n')).toHaveLength(1);
      expect(second.problem).toContain(`process ${first.child.pid}`);
      expect(settled()).toEqual(before);
      const baseUrl = /Base URL +(http:\/\/[^/\s]+)/.exec(banner)![1]!;
      expect(await (await fetch(`${baseUrl}/healthz`)).json()).toMatchObject({ status: 'ok' });
    } finally {
      first.child.kill('SIGKILL');
      await first.ended;
    }
  });
});
