import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'checks/**/*.test.ts', 'dashboard/src/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Each gateway under test has threads of its own: where nobody waits for the result, they get the second core.
    maxWorkers: process.env.CI === undefined ? 2 : 1,
  },
});
