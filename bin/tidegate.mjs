#!/usr/bin/env node
// Plain JavaScript on purpose: what comes before the compile cache is stripped and compiled at every start. The cache
// halves the start and saves each thread the 11 MB of the type stripper. The variable is how worker threads learn of it.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/tidegate', import.meta.url));
enableCompileCache(process.env.NODE_COMPILE_CACHE);
// Left alone, V8 collects again when the heap has grown by a tenth, and counts request bodies as growth: with bodies of a
// megabyte it would mark everything every fifteen requests (docs/decisions/2026-11-23-garbage.md).
setFlagsFromString('--heap-growing-percent=100');
await import('../src/cli.ts');
