import { spawnSync } from 'node:child_process';

/** `npm test`: the checks, then the tests. The last line is always `N passed, N failed`. */
const steps: readonly (readonly string[])[] = [
  ['npm', 'run', '--silent', 'check'],
  [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=./checks/closing-line-reporter.ts',
    ...process.argv.slice(2),
  ],
];

for (const [command = '', ...args] of steps) {
  const isVitest = command === 'vitest';
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) continue;
  if (error) console.error(error.message);
  if (!isVitest) console.log(`0 passed, 1 failed`);
  process.exit(status ?? 1);
}
