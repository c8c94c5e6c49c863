import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CLIENT_VARIABLES,
  flagOf,
  PROVIDER_URLS,
  SETTINGS,
  type SettingRow,
  variableOf,
} from '../src/config/setting-table.ts';
import { START_ERRORS } from '../src/config/start-error.ts';
import { ERRORS } from '../src/core/errors.ts';

/** Pages, parts of which are made from tables in the code. The parts stand between two comments that name them. */
export const MADE_PARTS: readonly { file: string; part: string; make: () => string }[] = [
  { file: 'docs/settings.md', part: 'settings', make: settingsTable },
  { file: 'docs/settings.md', part: 'client variables', make: clientVariablesTable },
  { file: 'docs/errors.md', part: 'errors', make: errorsTable },
  { file: 'docs/errors.md', part: 'exit codes', make: exitCodesTable },
];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

function settingsTable(): string {
  const rows: readonly SettingRow[] = SETTINGS;
  return table(
    ['in the file', 'flag', 'variable', 'form', 'default', 'meaning'],
    [
      ...rows.map((row) => [
        row.notInFile ? '' : `\`${row.name}\``,
        `\`${flagOf(row)}\``,
        `\`${variableOf(row)}\``,
        row.kind.form,
        defaultOf(row),
        row.description,
      ]),
      [
        `\`${PROVIDER_URLS.name}\``,
        `\`${PROVIDER_URLS.flag}\``,
        `\`${PROVIDER_URLS.variable}\``,
        PROVIDER_URLS.form,
        'the provider’s own',
        PROVIDER_URLS.description,
      ],
    ],
  );
}

function defaultOf({ fallback }: SettingRow): string {
  if (fallback === null || (Array.isArray(fallback) && fallback.length === 0)) return 'none';
  return typeof fallback === 'boolean' ? (fallback ? '`on`' : '`off`') : `\`${String(fallback)}\``;
}

function clientVariablesTable(): string {
  return table(
    ['variable', 'meaning'],
    Object.entries(CLIENT_VARIABLES).map(([name, meaning]) => [`\`${name}\``, meaning]),
  );
}

function errorsTable(): string {
  return table(
    ['name', 'status', 'code', 'may be tried again', 'what to do'],
    Object.entries(ERRORS).map(([name, kind]) => [
      `\`${name}\``,
      String(kind.status),
      String(kind.code),
      kind.retriable ? 'yes' : 'no',
      kind.advice,
    ]),
  );
}

function exitCodesTable(): string {
  return table(
    ['exit code', 'meaning'],
    [
      ['0', 'Everything went as asked.'],
      ...Object.values(START_ERRORS).map(({ exitCode, meaning }) => [String(exitCode), meaning]),
    ],
  );
}

/** The page with one of its parts made anew. Throws when the page does not hold the part's comments. */
export function withPart(page: string, part: string, content: string): string {
  const [begin, end] = [`<!-- made: ${part} -->`, `<!-- end: ${part} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page lacks ${begin} … ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${content}\n\n${page.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, part, make } of MADE_PARTS) {
    const path = join(import.meta.dirname, '..', file);
    writeFileSync(path, withPart(readFileSync(path, 'utf8'), part, make()));
  }
}
