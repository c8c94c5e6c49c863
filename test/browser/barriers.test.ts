import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { COLOUR_RULES, findBarriers } from '../../dashboard/screenshots/axe.ts';
import { type Browser, openBrowser, type Page, SIZES, THEMES } from '../../dashboard/screenshots/browser.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { furnish, GATEWAY, type Office } from './busy-office.ts';
import { addressOf, PAGE_PATHS } from './page-addresses.ts';
import { changeTheme, PATIENCE_MS, settle, visit, visitAsStranger } from './visit.ts';

vi.setConfig({ testTimeout: 3 * PATIENCE_MS, hookTimeout: 3 * PATIENCE_MS });

let test: TestGateway;
let browser: Browser;
let office: Office;
beforeAll(async () => {
  [test, browser] = await Promise.all([startTestGateway(), openBrowser()]);
  office = await furnish(test);
});
afterAll(async () => {
  await browser?.close();
  await test?.close();
});

const isSerious = (barrier: string): boolean => /^(?:serious|critical) /.test(barrier);

/** As it stands, in both themes: in the other one only what colours can do is looked for again. */
async function barriersNow(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const theme of THEMES) {
    await changeTheme(page, theme);
    const barriers = await findBarriers(page, theme === 'light' ? undefined : COLOUR_RULES);
    found.push(...barriers.filter(isSerious).map((one) => `${theme}: ${one}`));
  }
  return found;
}

it.each(PAGE_PATHS)('%s keeps nobody out: wide and on a phone, light and dark', async (path) => {
  const { page, expectNoProblem } = await visit(browser, test);
  const found: string[] = [];
  await page.goto(addressOf(path, office));
  for (const size of ['wide', 'phone'] as const) {
    await page.setViewportSize(SIZES[size]);
    await page.locator('main h1, main h2').first().waitFor();
    found.push(...(await barriersNow(page)).map((one) => `${size} ${one}`));
  }
  expect(found).toEqual([]);
  expectNoProblem();
});

it('keeps nobody out before signing in', async () => {
  const { page } = await visitAsStranger(browser, test);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await barriersNow(page)).toEqual([]);
});

it.each([
  [
    'the record over the list',
    async (page: Page) => {
      await page.goto(`/g/${GATEWAY}/logs?record=${office.log}`);
      await page.getByRole('complementary', { name: 'Request' }).waitFor();
    },
  ],
  [
    'the filter that is being typed',
    async (page: Page) => {
      await page.goto(`/g/${GATEWAY}/logs`);
      await page.getByRole('combobox', { name: /^Filter/ }).click();
      await page.getByRole('option', { name: 'Model', exact: true }).waitFor();
    },
  ],
  [
    'the list of keys',
    async (page: Page) => {
      await page.goto('/');
      await settle(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  ],
  [
    'the palette',
    async (page: Page) => {
      await page.goto('/');
      await settle(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
    },
  ],
  [
    'a change that is looked over',
    async (page: Page) => {
      await page.goto(`/g/${GATEWAY}/settings`);
      await page.getByRole('textbox', { name: 'Keep answers for' }).fill('600');
      await page.getByRole('button', { name: 'Review 1 change' }).click();
      await page.getByRole('dialog').waitFor();
    },
  ],
  [
    'the dialog of an evaluation',
    async (page: Page) => {
      await page.goto(`/g/${GATEWAY}/evaluations?new=1`);
      await page.getByRole('dialog').waitFor();
    },
  ],
  ...['Raw', 'Timeline', 'Decisions', 'Metadata'].map(
    (tab) =>
      [
        `${tab} of a record`,
        async (page: Page) => {
          await page.goto(`/g/${GATEWAY}/logs/${office.log}`);
          await page.getByRole('tab', { name: tab }).click();
          await page.getByRole('tabpanel', { name: tab }).waitFor();
        },
      ] as const,
  ),
] as const)('%s keeps nobody out', async (_name, open) => {
  const { page, expectNoProblem } = await visit(browser, test);
  await open(page);
  expect(await barriersNow(page)).toEqual([]);
  expectNoProblem();
});
