import { writeSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Prints `N passed, N failed` as the very last line. A file that cannot be loaded and an error outside of every test
 * count as failures: a run that is not green never says `0 failed`.
 */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        if (state === 'failed') failed++;
      }
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
    }
    // Other reporters and the runner itself still write after this.
    process.once('exit', (code) => {
      if (code !== 0 && failed === 0) failed = 1;
      writeSync(1, `${passed} passed, ${failed} failed\n`);
    });
  }
}
