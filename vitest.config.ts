import { defineConfig } from 'vitest/config';

/** Tests that wait for threads at rest, count what a whole process does, or drive a browser. */
const ALONE = [
  'test/**/*killed.test.ts',
  'test/**/*damage*.test.ts',
  'test/flows/{bad-day,log-,fault-leaks,share-in-flight-random,start-command}*.test.ts',
  'test/security/{10,16}-*.test.ts',
  'test/contract/semantic-file.test.ts',
  'test/browser/*.test.ts',
];

const common = { testTimeout: 30_000, hookTimeout: 30_000, pool: 'forks' } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'together',
          include: [
            'src/**/*.test.ts',
            'test/**/*.test.ts',
            'checks/**/*.test.ts',
            'dashboard/src/**/*.test.ts',
          ],
          exclude: ALONE,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Each gateway under test has threads of its own: these get the second core.
        test: { ...common, name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
