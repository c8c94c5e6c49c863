import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Browser, openBrowser, SIZES } from '../../dashboard/screenshots/browser.ts';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { GATEWAY } from './busy-office.ts';
import { ask } from './gateway-visitor.ts';
import { EVIL_HOST, FLAG, furnishHostile, type HostileOffice, MARKUP } from './hostile-office.ts';
import { tracesOf } from './hostile-traces.ts';
import { addressOf, PAGE_PATHS } from './page-addresses.ts';
import { PATIENCE_MS, settle, visit } from './visit.ts';

vi.setConfig({ testTimeout: 3 * PATIENCE_MS, hookTimeout: 3 * PATIENCE_MS });

let test: TestGateway;
let browser: Browser;
let office: HostileOffice;
beforeAll(async () => {
  [test, browser] = await Promise.all([startTestGateway(), openBrowser()]);
  office = await furnishHostile(test);
});
afterAll(async () => {
  await browser?.close();
  await test?.close();
  await office?.upstream.close();
});

/** A name that is on the page as text, so that a page that shows nothing cannot pass; null where nothing hostile is shown. */
const SHOWS: Readonly<Record<string, string | null>> = {
  '/': null,
  '/g/$gateway/overview': '<script>',
  '/g/$gateway/logs': '<script>',
  '/g/$gateway/logs/$log': '<script>',
  '/g/$gateway/sessions': '<script>',
  '/g/$gateway/sessions/$session': '<script>',
  '/g/$gateway/cache': null,
  '/g/$gateway/limits': null,
  '/g/$gateway/playground': null,
  '/g/$gateway/evaluations': '<script>',
  '/g/$gateway/evaluations/$id': '<script>',
  '/g/$gateway/datasets': '<script>',
  '/g/$gateway/settings': null,
  '/providers': '<script>',
  '/access': '<script>',
  '/audit': '<script>',
  '/account': null,
};

it.each(PAGE_PATHS)('%s shows what strangers wrote as text, and keeps its form', async (path) => {
  const { page, expectNoProblem } = await visit(browser, test);
  await page.goto(addressOf(path, office));
  const shows = SHOWS[path];
  if (shows === undefined) throw new Error(`say in SHOWS what ${path} shows of a stranger's words`);
  if (shows !== null)
    await expect.poll(() => page.locator('main').innerText(), { timeout: PATIENCE_MS }).toContain(shows);
  for (const size of ['wide', 'phone'] as const) {
    await page.setViewportSize(SIZES[size]);
    await settle(page);
    expect([size, ...(await tracesOf(page))]).toEqual([size]);
  }
  expectNoProblem();
});

it.each(['Raw', 'Timeline', 'Decisions', 'Metadata'])('so does %s of a record', async (tab) => {
  const { page, expectNoProblem } = await visit(browser, test);
  await page.goto(`/g/${GATEWAY}/logs/${office.log}`);
  await page.getByRole('tab', { name: tab }).click();
  await page.getByRole('tabpanel', { name: tab }).waitFor();
  for (const size of ['wide', 'phone'] as const) {
    await page.setViewportSize(SIZES[size]);
    await settle(page);
    expect([size, ...(await tracesOf(page))]).toEqual([size]);
  }
  expectNoProblem();
});

it('opens the address of a picture only after a question that shows it', async () => {
  const { page, context, expectNoProblem } = await visit(browser, test);
  await page.goto(`/g/${GATEWAY}/logs/${office.log}`);
  await page.getByText(`https://${EVIL_HOST}/image.png`).first().waitFor();
  await page.getByRole('button', { name: 'Open', exact: true }).first().click();
  await page.getByRole('dialog').getByText(`https://${EVIL_HOST}/image.png`).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect(context.pages()).toHaveLength(1);
  expectNoProblem();
});

it('takes what stands in the address as values, never as part of a question to the store', async () => {
  const { page, expectNoProblem } = await visit(browser, test);
  const values = `' OR 1=1 --`;
  await page.goto(
    `/g/${GATEWAY}/logs?${new URLSearchParams([
      ['filter', `model:eq:${values}`],
      ['search', `"; DROP TABLE logs; --`],
      ['sort', `created_at; DROP TABLE logs:desc`],
      ['columns', `time,__proto__,model;--`],
      ['from', `-90d`],
    ])}`,
  );
  await page.getByText('No requests in this range').waitFor();
  await page.goto(`/g/${GATEWAY}/logs`);
  await page.getByRole('table', { name: 'Requests' }).locator('tbody tr[aria-rowindex]').first().waitFor();
  await page.goto(`/sign-in?return=${encodeURIComponent(`javascript:window.${FLAG}=1`)}`);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await page.evaluate(`window.${FLAG}`)).toBeUndefined();
  expectNoProblem();
});

it('exports cells that no spreadsheet carries out', async () => {
  await ask(test, GATEWAY, {
    text: '=HYPERLINK("https://evil.example")',
    model: '=1+1',
    headers: { 'user-agent': '+cmd' },
  });
  const { page, expectNoProblem } = await visit(browser, test);
  await page.goto(`/g/${GATEWAY}/logs`);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV' }).click(),
  ]);
  const csv = await readFile(await download.path(), 'utf8');
  expect(csv).toContain('1+1');
  expect(csv).not.toMatch(/(?:^|,|\r\n)"?[=+@]/);
  expectNoProblem();
});

it('shows a record under the gateway that has it and no other', async () => {
  await test.manage('POST', '/gateways', gatewayBody({ id: 'neighbour' }));
  const { page, expectNoProblem } = await visit(browser, test);
  await page.goto(`/g/neighbour/logs/${office.log}`);
  await page.getByText('This record is not here').waitFor();
  expect(await page.locator('body').innerText()).not.toContain(MARKUP.slice(0, 8));
  expectNoProblem(/status of 404/);
});
