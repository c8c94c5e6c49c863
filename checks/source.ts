import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and the insides of strings blanked, same length and lines: what a search for code looks at. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly specifier: string;
  /** Path of the imported file for relative imports, null for packages. */
  readonly target: string | null;
  readonly isTypeOnly: boolean;
}

export function readSources(root: string, folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'))
    .sort()
    .map((path) => sourceFile(relative(root, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')));
}

export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, code: blank(text), imports: importsOf(path, text) };
}

const IMPORT =
  /(?:^|[;\s}])(?:import|export)\s+(type\s+)?(?:[\w*{][^'"();]*?\s+from\s+)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;

function importsOf(path: string, text: string): Import[] {
  const visible = blank(text, true);
  return [...visible.matchAll(IMPORT)].map(([, typeWord, fromStatement, fromCall]) => {
    const specifier = (fromStatement ?? fromCall)!;
    return {
      specifier,
      target: specifier.startsWith('.') ? join(dirname(path), specifier).replaceAll('\\', '/') : null,
      isTypeOnly: typeWord !== undefined,
    };
  });
}

/**
 * Blanks comments, and unless told otherwise what stands inside quotes. Code inside `${}` of a template stays. A regular
 * expression is told from a division by what stands before it.
 */
export function blank(text: string, keepStrings = false): string {
  const out = [...text];
  const wipe = (from: number, to: number): void => {
    for (let i = from; i < to; i++) if (out[i] !== '\n') out[i] = ' ';
  };
  /** Braces opened inside each `${` that is open, innermost last. */
  const templates: number[] = [];
  let position = 0;
  let previous = '';
  const readTemplate = (start: number): void => {
    let at = start;
    while (at < text.length) {
      if (text[at] === '\\') at += 2;
      else if (text[at] === '`') break;
      else if (text[at] === '$' && text[at + 1] === '{') {
        templates.push(0);
        wipe(start, at);
        position = at + 2;
        previous = '{';
        return;
      } else at++;
    }
    if (!keepStrings) wipe(start, at);
    position = at + 1;
    previous = '`';
  };
  while (position < text.length) {
    const character = text[position]!;
    const next = text[position + 1];
    if (character === '/' && next === '/') {
      const end = text.indexOf('\n', position);
      wipe(position, end < 0 ? text.length : end);
      position = end < 0 ? text.length : end;
    } else if (character === '/' && next === '*') {
      const end = text.indexOf('*/', position + 2);
      wipe(position, end < 0 ? text.length : end + 2);
      position = end < 0 ? text.length : end + 2;
    } else if (character === '"' || character === "'") {
      let end = position + 1;
      while (end < text.length && text[end] !== character && text[end] !== '\n') {
        end += text[end] === '\\' ? 2 : 1;
      }
      if (!keepStrings) wipe(position + 1, end);
      position = end + 1;
      previous = character;
    } else if (character === '`') {
      readTemplate(position + 1);
    } else if (character === '/' && /[(,=:[!&|?{};+*%<>~^-]|^$|return$/.test(previous)) {
      let end = position + 1;
      let isInClass = false;
      while (end < text.length && text[end] !== '\n' && (text[end] !== '/' || isInClass)) {
        if (text[end] === '\\') end++;
        else if (text[end] === '[') isInClass = true;
        else if (text[end] === ']') isInClass = false;
        end++;
      }
      wipe(position + 1, end);
      position = end + 1;
      previous = '/';
    } else {
      const depth = templates.length - 1;
      if (depth >= 0 && character === '{') templates[depth] = templates[depth]! + 1;
      if (depth >= 0 && character === '}') {
        if (templates[depth] === 0) {
          templates.pop();
          readTemplate(position + 1);
          continue;
        }
        templates[depth] = templates[depth]! - 1;
      }
      if (/\S/.test(character))
        previous = /\w/.test(character) && /\w$/.test(previous) ? previous + character : character;
      position++;
    }
  }
  return out.join('');
}
