#!/usr/bin/env node
// Plain JavaScript on purpose: what comes before the compile cache is stripped and compiled at every start. The cache
// halves the start and saves each thread the 11 MB of the type stripper. The variable is how worker threads learn of it.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// Both are read when a process begins, so the gateway begins as itself once more, with the same number: the young
// generation of 8 MiB instead of 32, and one heap of C memory for all threads (docs/decisions/2026-11-23-garbage.md).
const YOUNG = '--max-semi-space-size';
const given = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((option) => option.includes(YOUNG));
if (process.execve && !given && ['start', 'demo'].includes(process.argv[2]))
  process.execve(process.execPath, [process.execPath, ...process.execArgv, `${YOUNG}=8`, ...process.argv.slice(1)], {
    MALLOC_ARENA_MAX: '1',
    ...process.env,
  });

process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/tidegate', import.meta.url));
enableCompileCache(process.env.NODE_COMPILE_CACHE);
// Left alone, V8 collects again when the heap has grown by a tenth, and counts request bodies as growth: with bodies of a
// megabyte it would mark everything every fifteen requests (docs/decisions/2026-11-23-garbage.md).
setFlagsFromString('--heap-growing-percent=100');
await import('../src/cli.ts');
