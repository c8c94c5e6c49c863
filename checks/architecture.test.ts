import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  architectureProblems,
  checkArchitecture,
  dashboardProblems,
  parseImportTable,
} from './architecture.ts';
import { blank, sourceFile } from './source.ts';

const root = join(import.meta.dirname, '..');
const table = parseImportTable(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'));

/** Problems of made-up files, without what the real tree's tables promise about files that are not there. */
function problems(files: Record<string, string>, longFiles: Record<string, string> = {}): string[] {
  const sources = Object.entries(files).map(([path, text]) => sourceFile(path, text));
  return architectureProblems(sources, table, longFiles).filter(
    (line) => !line.startsWith('ARCHITECTURE.md'),
  );
}

/** A filled place of a template, as it stands in source text. */
const filled = (code: string): string => ['$', '{', code, '}'].join('');

test('the source keeps the rules of ARCHITECTURE.md', () => {
  expect(checkArchitecture(root)).toEqual([]);
});

describe('the check sees', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'a room that imports what its line does not name',
      { 'src/core/a.ts': "import { x } from '../wire/b.ts';" },
      'src/core/a.ts: core may not import wire (src/wire/b.ts)',
    ],
    [
      'a type-only import as much as any other',
      { 'src/cache/a.ts': "import type { X } from '../stores/sqlite/b.ts';" },
      'src/cache/a.ts: cache may not import stores (src/stores/sqlite/b.ts)',
    ],
    [
      'an import that is made while running',
      { 'src/limits/a.ts': "const x = await import('../api/b.ts');" },
      'src/limits/a.ts: limits may not import api (src/api/b.ts)',
    ],
    [
      'a re-export',
      { 'src/wire/a.ts': "export * from '../core/b.ts';" },
      'src/wire/a.ts: wire may not import core (src/core/b.ts)',
    ],
    [
      'a store that imports another backend',
      { 'src/stores/memory/a.ts': "import { x } from '../sqlite/b.ts';" },
      'src/stores/memory/a.ts: stores may not import its neighbour (src/stores/sqlite/b.ts)',
    ],
    [
      'a stage that imports another stage',
      { 'src/pipeline/stages/a.ts': "import { x } from './b.ts';" },
      'src/pipeline/stages/a.ts: pipeline/stages may not import its neighbour (src/pipeline/stages/b.ts)',
    ],
    [
      'an import from outside src',
      { 'src/main.ts': "import { x } from '../test/support/x.ts';" },
      'src/main.ts: imports test/support/x.ts, which is outside src',
    ],
    [
      'a room nobody has heard of',
      { 'src/misc/a.ts': '' },
      'src/misc/a.ts: stands in no room of the import table',
    ],
    [
      'a file in src itself that the table does not name',
      { 'src/a.ts': '' },
      'src/a.ts: stands in no room of the import table',
    ],
    [
      'a cycle',
      {
        'src/core/a.ts': "import './b.ts';",
        'src/core/b.ts': "import './c.ts';",
        'src/core/c.ts': "import './a.ts';",
      },
      'import cycle: src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts',
    ],
    [
      'the environment read elsewhere',
      { 'src/api/a.ts': 'const x = process.env.HOME;' },
      'src/api/a.ts: process.env, process.argv may stand in environment.ts only',
    ],
    [
      'the clock read elsewhere',
      { 'src/api/a.ts': ['const x = `', filled('Date.now()'), '`;'].join('') },
      'src/api/a.ts: Date.now, new Date() may stand in core/clock.ts only',
    ],
    [
      'a raw network call',
      { 'src/api/a.ts': 'await fetch(url);' },
      'src/api/a.ts: fetch, WebSocket, EventSource may stand in cli/management-client.ts only',
    ],
    [
      'a network module',
      { 'src/routing/a.ts': "import { Agent } from 'undici';" },
      'src/routing/a.ts: undici may stand in upstream/ only',
    ],
    [
      'a long file',
      { 'src/core/a.ts': '\n'.repeat(301) },
      'src/core/a.ts: 301 lines; cut it, or list it with its reason in checks/exceptions.ts',
    ],
  ])('%s', (_what, files, problem) => {
    expect(problems(files)).toEqual([problem]);
  });

  test('an exception that excuses nothing any more', () => {
    expect(problems({ 'src/core/a.ts': '' }, { 'src/core/a.ts': 'was long' })).toHaveLength(1);
  });
});

describe('the check is not misled by', () => {
  test.each<[string, string]>([
    ['a comment', "// import { x } from '../wire/b.ts'; Date.now() /* fetch( */"],
    ['a text', 'const x = "process.env and Date.now()";'],
    ['a template', ['const x = `console.log ', filled('1 + 1'), ' fetch(`;'].join('')],
    ['a regular expression', 'const x = /["\'`]/; const y = 1; // Date.now()'],
    ['a method of that name', 'cache.fetch(1); app.fetch (2);'],
    ['a date of a given time', 'const x = new Date(5);'],
  ])('%s', (_what, text) => {
    expect(problems({ 'src/core/a.ts': text })).toEqual([]);
  });

  test('a template in a template', () => {
    const nested = (first: string, second: string, third: string): string => {
      const inner = ['`', second, filled('d({ e: 1 })'), third, '`'].join('');
      return ['`', first, filled(`b ? ${inner} : g`), third, '`; i'].join('');
    };
    expect(blank(nested('a ', 'c ', ' f'))).toBe(nested('  ', '  ', '  '));
  });
});

describe('of the dashboard, the check sees', () => {
  const rooms = parseImportTable(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'), 'The dashboard');
  const found = (path: string, text: string): string[] =>
    dashboardProblems([sourceFile(`dashboard/src/${path}`, text)], rooms);

  test.each<[string, string, string, string]>([
    [
      'a page that imports another page',
      'features/audit/page.tsx',
      "import { x } from '../home/y.ts';",
      'dashboard/src/features/audit/page.tsx: features may not import its neighbour (dashboard/src/features/home/y.ts)',
    ],
    [
      'a room that imports what its line does not name',
      'words/logs.ts',
      "import { x } from '../api/y.ts';",
      'dashboard/src/words/logs.ts: words may not import api (dashboard/src/api/y.ts)',
    ],
    [
      'something of the gateway that runs',
      'api/x.ts',
      "import { y } from '../../../src/api/contract.ts';",
      'dashboard/src/api/x.ts: may import types of src/api/contract.ts only',
    ],
    [
      'a type of the gateway that is not of its contract',
      'api/x.ts',
      "import type { Y } from '../../../src/core/money.ts';",
      'dashboard/src/api/x.ts: imports src/core/money.ts, which is outside the dashboard',
    ],
    [
      'a file of 301 lines',
      'words/long.ts',
      'x;\n'.repeat(301),
      'dashboard/src/words/long.ts: 301 lines; cut it, or list it with its reason in checks/exceptions.ts',
    ],
  ])('%s', (_, path, text, problem) => {
    expect(found(path, text)).toEqual([problem]);
  });

  test('nothing in types of the contract and in what a line names', () => {
    const text =
      "import type { X } from '../../../../src/api/contract/analytics.ts';\nimport { y } from '../../api/y.ts';";
    expect(found('features/home/x.ts', text)).toEqual([]);
  });
});
