import { existsSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import {
  type Browser,
  type Look,
  type OpenPage,
  openPage,
  type Page,
  signedIn,
} from '../../dashboard/screenshots/browser.ts';
import { ADMIN_TOKEN, type TestGateway } from '../support/gateway.ts';

/** Long enough for a machine that is busy with something else; nothing waits so long on an idle one. */
export const PATIENCE_MS = 60_000;

export const WIDE_LIGHT: Look = { size: 'wide', theme: 'light' };

if (!existsSync(new URL('../../dashboard/dist/index.html', import.meta.url)))
  throw new Error('the dashboard is not built: run `node dashboard/build.mjs`');

interface Visit extends OpenPage {
  /** Fails when the browser complained about anything but what these patterns allow. */
  expectNoProblem(...allowed: readonly RegExp[]): void;
}

/** A page of the dashboard as the administrator sees it, gone when the test has ended. */
export async function visit(browser: Browser, test: TestGateway, look: Look = WIDE_LIGHT): Promise<Visit> {
  return watched(await signedIn(browser, test.gateway.baseUrl, ADMIN_TOKEN, look));
}

/** The same before signing in. */
export async function visitAsStranger(
  browser: Browser,
  test: TestGateway,
  look: Look = WIDE_LIGHT,
): Promise<Visit> {
  return watched(await openPage(browser, test.gateway.baseUrl, look));
}

function watched(opened: OpenPage): Visit {
  opened.page.setDefaultTimeout(PATIENCE_MS);
  onTestFinished(() => opened.context.close());
  return {
    ...opened,
    expectNoProblem: (...allowed) =>
      expect(opened.problems.filter((problem) => !allowed.some((one) => one.test(problem)))).toEqual([]),
  };
}

/** Until what the page asked for is there: nothing is loading, and the picture stands. */
export async function settle(page: Page): Promise<void> {
  await page.locator('main h1, main h2').first().waitFor();
  await expect.poll(() => page.locator('main [aria-busy="true"]').count(), { timeout: PATIENCE_MS }).toBe(0);
  await page.evaluate(STILL);
}

export async function changeTheme(page: Page, theme: Look['theme']): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.locator(`html[data-mode="${theme}"]`).waitFor();
  await settle(page);
}

/** What came last has been drawn, and every colour is what it changes to. */
const STILL = `(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  do {
    await frame();
    await frame();
  } while (document.getAnimations().some(({ playState, timeline }) => playState === 'running' && timeline === document.timeline));
})()`;
