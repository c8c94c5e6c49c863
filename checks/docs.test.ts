import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MADE_PARTS, withPart } from './docs.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('pages say what the code says (`npm run docs` makes them anew)', () => {
  test.each(MADE_PARTS)('$file: $part', ({ file, part, make }) => {
    const page = read(file);
    expect(page).toBe(withPart(page, part, make()));
  });
});

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true })
    .map((name) => `docs/${String(name).replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.md')),
];

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map((match) => match[1]!);
  expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
});

test('every npm script that a page names is there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/`npm (?:run ([\w:-]+)|(start|test))\b/g)].map((match) => match[1] ?? match[2]!),
  );
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});
