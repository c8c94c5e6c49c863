import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Browser, openBrowser } from '../../dashboard/screenshots/browser.ts';
import { measureFirstLoad } from '../../dashboard/screenshots/first-load.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { furnish, GATEWAY } from './busy-office.ts';
import { PATIENCE_MS, visit } from './visit.ts';

vi.setConfig({ testTimeout: 2 * PATIENCE_MS, hookTimeout: 3 * PATIENCE_MS });

const MOST_BYTES = 300_000;
/** Charts draw themselves: their library comes on top. */
const MOST_BYTES_WITH_CHARTS = 500_000;

let test: TestGateway;
let browser: Browser;
beforeAll(async () => {
  [test, browser] = await Promise.all([startTestGateway(), openBrowser()]);
  await furnish(test);
});
afterAll(async () => {
  await browser?.close();
  await test?.close();
});

it.each([
  ['/', MOST_BYTES],
  [`/g/${GATEWAY}/logs`, MOST_BYTES],
  [`/g/${GATEWAY}/overview`, MOST_BYTES_WITH_CHARTS],
])('%s needs few bytes of script in a browser that was never here', async (address, most) => {
  const { page, expectNoProblem } = await visit(browser, test);
  const { scriptBytes } = await measureFirstLoad(page, address);
  expect(scriptBytes).toBeGreaterThan(50_000);
  expect(scriptBytes).toBeLessThanOrEqual(most);
  expectNoProblem();
});
