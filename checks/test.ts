import { spawnSync } from 'node:child_process';
import { haveChromium } from './chromium.ts';

/** `npm test`: the checks, then the tests. The last line is always `N passed, N failed`. */
const steps: readonly (readonly string[])[] = [
  ['npm', 'run', '--silent', 'check'],
  // The tests in a browser look at the pages as they are now.
  ['node', 'dashboard/build.mjs'],
  [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=./checks/closing-line-reporter.ts',
    ...process.argv.slice(2),
  ],
];

function end(status: number): never {
  console.log('0 passed, 1 failed');
  process.exit(status);
}

if (!haveChromium()) end(1);
for (const [command = '', ...args] of steps) {
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) continue;
  if (error) console.error(error.message);
  if (command === 'vitest') process.exit(status ?? 1);
  end(status ?? 1);
}
