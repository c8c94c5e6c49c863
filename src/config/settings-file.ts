import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

/** One `name: value` of the file, with the line it stands on. Names of inner maps are joined by dots. */
export interface FileEntry {
  readonly name: string;
  readonly value: unknown;
  readonly line: number;
}

export interface SettingsFile {
  readonly entries: readonly FileEntry[];
  /** `line 3: …`, without the file's name. */
  readonly problems: readonly string[];
}

/** Reads YAML into flat entries. What the names and values mean is judged by settings.ts, with flags and variables. */
export function parseSettingsFile(content: string): SettingsFile {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map(
    (error) => `line ${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`,
  );
  if (problems.length > 0 || document.contents === null) return { entries: [], problems };
  const root = document.contents;
  if (!isMap(root)) {
    return isScalar(root) && root.value === null
      ? { entries: [], problems }
      : { entries: [], problems: ['line 1: the file must hold lines of the form `name: value`'] };
  }
  const lineOf = (node: unknown): number => lines.linePos((node as Node | null)?.range?.[0] ?? 0).line;
  const entries: FileEntry[] = [];
  for (const pair of root.items) {
    const name = String(isScalar(pair.key) ? pair.key.value : pair.key);
    if (isMap(pair.value)) {
      for (const inner of pair.value.items) {
        const innerName = String(isScalar(inner.key) ? inner.key.value : inner.key);
        entries.push({
          name: `${name}.${innerName}`,
          value: plain(inner.value, document),
          line: lineOf(inner.key),
        });
      }
    } else {
      entries.push({ name, value: plain(pair.value, document), line: lineOf(pair.key) });
    }
  }
  return { entries, problems };
}

function plain(node: unknown, document: ReturnType<typeof parseDocument>): unknown {
  return node === null ? null : (node as Node).toJS(document);
}
