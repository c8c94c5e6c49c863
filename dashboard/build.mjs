// What npm's `prepare` runs: builds the pages into dist/ when something changed since the last time. Plain JavaScript on
// purpose: it also runs on a Node.js without type stripping.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const here = import.meta.dirname;
const stampFile = join(here, 'dist', '.built-from');

function sources() {
  const files = ['src', 'public'].flatMap((folder) =>
    readdirSync(join(here, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return [
    ...files.sort(),
    ...['index.html', 'vite.config.ts', 'build.mjs', '../package-lock.json'].map((name) => join(here, name)),
  ];
}

function stampOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash.update(file.slice(here.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

async function findVite() {
  try {
    return await import('vite');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return null;
  }
}

/** As small as can be, once, so that the gateway need not do it while somebody waits. */
function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|css|svg|json|html)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    if (bytes.length < 1024) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

const stamp = stampOf(sources());
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  const vite = await findVite();
  if (vite === null) {
    console.log('dashboard: not built, its build tools are not installed');
  } else {
    await vite.build({ configFile: join(here, 'vite.config.ts'), logLevel: 'warn' });
    compress(join(here, 'dist'));
    writeFileSync(stampFile, stamp);
  }
}
