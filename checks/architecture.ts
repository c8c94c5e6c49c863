import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LONG_FILES } from './exceptions.ts';
import { readSources, type SourceFile } from './source.ts';

const DASHBOARD = 'dashboard/src';

/** Lines after which a file is asking to be two. */
const LONGEST = 300;

/** What ARCHITECTURE.md says about who may import whom. */
export interface ImportTable {
  /** Rooms that a room may import, by room; `*` is everything. */
  readonly rooms: ReadonlyMap<string, ReadonlySet<string>>;
  /** Rooms each of whose folders or files stands for itself: no member imports another. */
  readonly separated: ReadonlySet<string>;
  /** Files or folders to which something is confined, by its name in the second table. */
  readonly confined: ReadonlyMap<string, readonly string[]>;
}

/** What may stand in few places only: how each is recognised in code without comments and strings. */
const CONFINED: Readonly<Record<string, { code?: RegExp; modules?: readonly string[] }>> = {
  'process.env, process.argv': { code: /\bprocess\s*\.\s*(?:env|argv)\b/ },
  'Date.now, new Date()': { code: /\bDate\s*\.\s*now\b|\bnew\s+Date\s*\(\s*\)/ },
  'console, process.stdout, process.stderr': {
    code: /\bconsole\s*\.|\bprocess\s*\.\s*(?:stdout|stderr)\b/,
  },
  'node:http, node:https, node:http2': { modules: ['node:http', 'node:https', 'node:http2'] },
  'node:net, node:tls, node:dgram, node:dns': {
    modules: ['node:net', 'node:tls', 'node:dgram', 'node:dns', 'node:dns/promises'],
  },
  undici: { modules: ['undici'] },
  'fetch, WebSocket, EventSource': { code: /(?<![.\w])(?:fetch\s*\(|new\s+(?:WebSocket|EventSource)\b)/ },
  'node:child_process, node:cluster': { modules: ['node:child_process', 'node:cluster'] },
  'node:sqlite': { modules: ['node:sqlite'] },
};

/** Reads the tables under a heading. */
export function parseImportTable(markdown: string, heading = 'Who may import whom'): ImportTable {
  const section = new RegExp(`^## ${heading}$([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(markdown)?.[1];
  if (section === undefined) throw new Error(`ARCHITECTURE.md has no section "${heading}"`);
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[-| ]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split('|')
        .map((cell) => cell.trim()),
    );
  const rooms = new Map<string, ReadonlySet<string>>();
  const separated = new Set<string>();
  const confined = new Map<string, readonly string[]>();
  let isSecondTable = false;
  for (const [left = '', right = ''] of rows) {
    if (left === 'room') continue;
    if (left === 'what') {
      isSecondTable = true;
      continue;
    }
    const ticked = [...right.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
    if (isSecondTable) {
      confined.set(left.replaceAll('`', ''), ticked);
      continue;
    }
    const allowed = right === 'everything' ? ['*'] : ticked;
    for (const [, name] of left.matchAll(/`([^`]+)`/g)) {
      const room = name!.replace(/\/<[^>]+>$/, '');
      if (room !== name) separated.add(room);
      rooms.set(room, new Set(allowed));
    }
  }
  return { rooms, separated, confined };
}

/** Everything in which the sources break the rules: one line each, empty when they keep them. */
export function architectureProblems(
  files: readonly SourceFile[],
  table: ImportTable,
  longFiles: Readonly<Record<string, string>> = LONG_FILES,
): string[] {
  const isTest = (path: string): boolean => path.endsWith('.test.ts');
  const sources = files.filter((file) => !isTest(file.path));
  return [
    ...sources.flatMap((file) => roomProblems(file, table)),
    ...cycleProblems(sources),
    ...confinementProblems(sources, table),
    ...lengthProblems(files, longFiles),
  ];
}

/** The most specific room of the table that holds a file: `pipeline/stages` before `pipeline`. */
function roomOf(path: string, table: ImportTable): string | null {
  const inside = path.replace(/^src\//, '');
  let found: string | null = null;
  for (const room of table.rooms.keys()) {
    if ((inside === room || inside.startsWith(`${room}/`)) && room.length > (found?.length ?? -1))
      found = room;
  }
  return found;
}

/** In a separated room the folder or file below it counts, so that members do not see each other. */
function memberOf(path: string, room: string, table: ImportTable): string {
  if (!table.separated.has(room)) return room;
  const below = path.replace(/^src\//, '').slice(room.length + 1);
  return `${room}/${below.split('/')[0]!.replace(/\.tsx?$/, '')}`;
}

function roomProblems(file: SourceFile, table: ImportTable): string[] {
  const room = roomOf(file.path, table);
  if (room === null) return [`${file.path}: stands in no room of the import table`];
  const allowed = table.rooms.get(room)!;
  const problems: string[] = [];
  for (const { target } of file.imports) {
    if (target === null || /\.(?:json|css)$/.test(target)) continue;
    if (!target.startsWith('src/')) {
      problems.push(`${file.path}: imports ${target}, which is outside src`);
      continue;
    }
    const other = roomOf(target, table);
    if (other === null || allowed.has('*') || allowed.has(other)) continue;
    if (other === room && memberOf(file.path, room, table) === memberOf(target, room, table)) continue;
    problems.push(
      `${file.path}: ${room} may not import ${other === room ? 'its neighbour' : other} (${target})`,
    );
  }
  return problems;
}

function cycleProblems(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const state = new Map<string, 'open' | 'done'>();
  const problems: string[] = [];
  const trail: string[] = [];
  const visit = (path: string): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      problems.push(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`);
      return;
    }
    state.set(path, 'open');
    trail.push(path);
    for (const { target } of byPath.get(path)?.imports ?? []) if (target !== null) visit(target);
    trail.pop();
    state.set(path, 'done');
  };
  for (const file of files) visit(file.path);
  return problems;
}

function confinementProblems(files: readonly SourceFile[], table: ImportTable): string[] {
  const problems: string[] = [];
  for (const [what, rule] of Object.entries(CONFINED)) {
    const places = table.confined.get(what);
    if (!places) {
      problems.push(`ARCHITECTURE.md does not say where ${what} may stand`);
      continue;
    }
    const used = new Set<string>();
    for (const file of files) {
      const isFound =
        rule.code?.test(file.code) ||
        file.imports.some((entry) => !entry.isTypeOnly && rule.modules?.includes(entry.specifier));
      if (!isFound) continue;
      const place = places.find((candidate) => {
        const path = `src/${candidate}`;
        return path.endsWith('/') ? file.path.startsWith(path) : file.path === path;
      });
      if (place === undefined) problems.push(`${file.path}: ${what} may stand in ${places.join(', ')} only`);
      else used.add(place);
    }
    for (const place of places) {
      if (!used.has(place)) problems.push(`ARCHITECTURE.md lets ${place} use ${what}, which it does not`);
    }
  }
  for (const what of table.confined.keys()) {
    if (!(what in CONFINED)) problems.push(`ARCHITECTURE.md confines ${what}, which no check looks for`);
  }
  return problems;
}

function lengthProblems(files: readonly SourceFile[], longFiles: Readonly<Record<string, string>>): string[] {
  const problems: string[] = [];
  const long = new Set<string>();
  for (const { path, text } of files) {
    const lines = text.split('\n').length - 1;
    if (lines <= LONGEST) continue;
    long.add(path);
    if (!(path in longFiles)) {
      problems.push(`${path}: ${lines} lines; cut it, or list it with its reason in checks/exceptions.ts`);
    }
  }
  for (const path of Object.keys(longFiles)) {
    if (!long.has(path)) problems.push(`checks/exceptions.ts: ${path} is not over ${LONGEST} lines any more`);
  }
  return problems;
}

/** Problems of the repository as it stands. */
export function checkArchitecture(root: string): string[] {
  const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  return [
    ...architectureProblems(readSources(root, 'src'), parseImportTable(page)),
    ...dashboardProblems(readSources(root, DASHBOARD), parseImportTable(page, 'The dashboard')),
  ];
}

/**
 * Its rooms by their own table. Of the gateway it may know the types of the management API, nothing that runs: the same
 * pages work with the gateway of another version, and nothing of the server gets into a browser.
 */
export function dashboardProblems(
  files: readonly SourceFile[],
  table: ImportTable,
  longFiles: Readonly<Record<string, string>> = {},
): string[] {
  const sources = files.filter(({ path }) => !/\.test\.tsx?$/.test(path));
  const isContract = (target: string): boolean => /^src\/api\/contract(?:\.ts$|\/)/.test(target);
  const foreign = sources.flatMap(({ path, imports }) =>
    imports.flatMap(({ target, isTypeOnly }) => {
      if (target === null || target.startsWith(`${DASHBOARD}/`) || (isContract(target) && isTypeOnly))
        return [];
      return isContract(target)
        ? [`${path}: may import types of ${target} only`]
        : [`${path}: imports ${target}, which is outside the dashboard`];
    }),
  );
  // The rules are those of src, so its files are looked at as if they stood there.
  const inside = sources.map((file) => ({
    ...file,
    path: file.path.replace(DASHBOARD, 'src'),
    imports: file.imports
      .filter(({ target }) => target === null || target.startsWith(`${DASHBOARD}/`))
      .map((one) => ({ ...one, target: one.target?.replace(DASHBOARD, 'src') ?? null })),
  }));
  const rooms = [...inside.flatMap((file) => roomProblems(file, table)), ...cycleProblems(inside)].map(
    (line) => line.replaceAll('src/', `${DASHBOARD}/`),
  );
  return [...foreign, ...rooms, ...lengthProblems(files, longFiles)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkArchitecture(join(import.meta.dirname, '..'));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log('architecture: every rule is kept');
}
