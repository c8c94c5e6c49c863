import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every file below a folder, by path, as bytes: what a backup, or a thief of the disk, would have. */
export function storedFiles(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1), readFileSync(path));
  }
  return files;
}

/** Forms in which a secret could lie about: as it is, encoded, in wide characters, or backwards for a look at the end. */
export function formsOf(secret: string): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  return [
    bytes,
    Buffer.from(bytes.toString('base64').replace(/=+$/, '').slice(0, -1)),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(secret, 'utf16le'),
    Buffer.from(encodeURIComponent(secret)),
    // Enough of it to be worth something.
    Buffer.from(secret.slice(0, Math.ceil(secret.length * 0.7))),
  ];
}

/** Names of the files in which a secret is found in any form. */
export function filesWith(files: ReadonlyMap<string, Buffer>, secret: string): string[] {
  const forms = formsOf(secret);
  return [...files].filter(([, bytes]) => forms.some((form) => bytes.includes(form))).map(([path]) => path);
}
