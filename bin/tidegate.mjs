#!/usr/bin/env node
// Plain JavaScript on purpose: what comes before the compile cache is stripped and compiled at every start. The cache
// halves the start and saves each thread the 11 MB of the type stripper. The variable is how worker threads learn of it.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/tidegate', import.meta.url));
enableCompileCache(process.env.NODE_COMPILE_CACHE);
await import('../src/cli.ts');
