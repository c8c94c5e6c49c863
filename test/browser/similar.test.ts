import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { COLOUR_RULES, findBarriers } from '../../dashboard/screenshots/axe.ts';
import {
  type Browser,
  openBrowser,
  type Page,
  SIZES,
  signedIn,
  THEMES,
} from '../../dashboard/screenshots/browser.ts';
import type { SemanticSummaryObject } from '../../src/api/contract/semantic.ts';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { openGateway } from './gateway-visitor.ts';
import { HOSTILE_TEXT } from './hostile-office.ts';
import { tracesOf } from './hostile-traces.ts';
import { answerFor, similarAnswers, summaryWith } from './similar-answers.ts';
import { changeTheme, PATIENCE_MS, settle, visit, WIDE_LIGHT } from './visit.ts';

vi.setConfig({ testTimeout: 3 * PATIENCE_MS, hookTimeout: 3 * PATIENCE_MS });

const GATEWAY = 'help';
const TABS = ['similar', 'hits', 'pairs', 'kept'] as const;

let test: TestGateway;
let browser: Browser;
beforeAll(async () => {
  [test, browser] = await Promise.all([startTestGateway(), openBrowser()]);
  await openGateway(test, GATEWAY, gatewayBody({ semantic_cache: { mode: 'shadow' } }));
});
afterAll(async () => {
  await browser?.close();
  await test?.close();
});

const addressOf = (tab: string): string => `/g/${GATEWAY}/cache?tab=${tab}`;

it.each(TABS)('the tab %s keeps nobody out, and shows hostile questions as text', async (tab) => {
  const { page, context, expectNoProblem } = await visit(browser, test);
  await answerFor(context, similarAnswers(HOSTILE_TEXT));
  await page.goto(addressOf(tab));
  await settle(page);
  if (tab !== 'similar')
    await expect.poll(() => page.locator('main').innerText(), { timeout: PATIENCE_MS }).toContain('<script>');
  if (tab === 'pairs') await compare(page);
  const found: string[] = [];
  for (const size of ['wide', 'phone'] as const) {
    await page.setViewportSize(SIZES[size]);
    for (const theme of THEMES) {
      await changeTheme(page, theme);
      const barriers = await findBarriers(page, theme === 'light' ? undefined : COLOUR_RULES);
      found.push(
        ...barriers.filter((one) => /^(?:serious|critical) /.test(one)).map((one) => `${size} ${one}`),
      );
    }
    found.push(...(await tracesOf(page)).map((one) => `${size} ${one}`));
  }
  expect(found).toEqual([]);
  expectNoProblem();
});

async function compare(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Asked now' }).fill(HOSTILE_TEXT);
  await page.getByRole('textbox', { name: 'Answered before' }).fill('Something else');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByText('It would go to the provider').waitFor();
  await page.getByText('A telling word differs').waitFor();
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText('1 is kept apart by this list alone').waitFor();
}

const STATES: readonly (readonly [string, Partial<SemanticSummaryObject>, RegExp])[] = [
  ['shadow', { mode: 'shadow', served: 0, would_serve: 912 }, /It would have answered 912 of 5,123 requests/],
  ['served', {}, /Of 312 that were checked, 4 were wrong \(0\.5 % to 3\.3 % of all/],
  ['nothing yet', { look_ups: 0, served: 0, reasons: [], curve: [] }, /No request was looked up/],
  [
    'no models',
    { state: 'unavailable', problem: 'The local models could not be loaded.' },
    /The local models could not be loaded\./,
  ],
  ['off', { mode: 'off', state: 'off' }, /It starts in shadow/],
];

it.each(STATES)('says in words how it does: %s', async (_name, fields, said) => {
  const { page, context, expectNoProblem } = await visit(browser, test);
  await answerFor(context, similarAnswers(undefined, summaryWith(fields)));
  await page.goto(addressOf('similar'));
  await page.getByText(said).waitFor();
  expectNoProblem();
});

it('goes on after a pause when a person says so', async () => {
  const { page, context, expectNoProblem } = await visit(browser, test);
  const paused = summaryWith({
    state: 'paused',
    problem: 'More answers were wrong than the error budget allows.',
    paused_since: new Date().toISOString(),
  });
  const changes = await answerFor(context, similarAnswers(undefined, paused));
  await page.goto(addressOf('similar'));
  await page.getByText('More answers were wrong than the error budget allows.').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText('Similar answers are given again').first().waitFor();
  expect(changes).toEqual(['POST /resume']);
  expectNoProblem();
});

it('shows the curve as a picture, point by point by keyboard, and as a table', async () => {
  const { page, context, expectNoProblem } = await visit(browser, test);
  await answerFor(context, similarAnswers());
  await page.goto(addressOf('similar'));
  await page.getByText('P-CHR AUC').waitFor();
  const plot = page.getByRole('button', { name: /^Precision against hit rate, 5 points/ });
  await plot.focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText('Probability at least').waitFor();
  await page.keyboard.press('t');
  const table = page.getByRole('table', { name: 'Figures of Precision against hit rate' });
  await table.getByRole('row', { name: /^95 %, where it works now/ }).waitFor();
  expect(await table.getByRole('row').count()).toBe(6);
  expectNoProblem();
});

it('opens the requests behind a reason, and completes reasons by name', async () => {
  const { page, context, expectNoProblem } = await visit(browser, test);
  const summary = summaryWith();
  await answerFor(context, similarAnswers(undefined, summary));
  await page.goto(addressOf('similar'));
  await page.getByRole('link', { name: 'Requests without a similar answer: Numbers differ' }).click();
  const chip = (name: string) => page.getByRole('button', { name, exact: true });
  await chip('Why no similar answer is Numbers differ').waitFor();
  const { searchParams } = new URL(page.url());
  expect(searchParams.get('filter')).toBe('cache_reason:eq:gate-numbers');
  // The days that were counted, and not the range of the page.
  expect([searchParams.get('from'), searchParams.get('to')]).toEqual([summary.from, summary.to]);
  await page.getByRole('combobox').fill('why no');
  await page.getByRole('option', { name: 'Why no similar answer' }).click();
  await page.getByRole('option', { name: 'is', exact: true }).click();
  await page.getByRole('combobox').fill('names');
  await page.getByRole('option', { name: 'Names differ' }).click();
  await chip('Why no similar answer is Numbers differ or Names differ').waitFor();
  expectNoProblem();
});

it('asks once before an answer is called wrong, and keeps its conditions in the address', async () => {
  const { page, context, expectNoProblem } = await visit(browser, test);
  const changes = await answerFor(context, similarAnswers());
  await page.goto(addressOf('hits'));
  const first = page.getByRole('list', { name: 'Hits' }).getByRole('listitem').first();
  await first.getByRole('button', { name: 'This answer was right' }).click();
  await page.getByText('Marked as right').first().waitFor();
  await first.getByRole('button', { name: 'Wrong answer' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/The stored answer is removed/).waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(changes).toHaveLength(1);
  await first.getByRole('button', { name: 'Wrong answer' }).click();
  await dialog.getByRole('button', { name: 'Mark as wrong' }).click();
  await expect
    .poll(() => changes, { timeout: PATIENCE_MS })
    .toEqual([
      'POST /hits/0199-hit-1/verdict {"verdict":"right"}',
      'POST /hits/0199-hit-1/verdict {"verdict":"wrong"}',
    ]);

  await page.getByRole('combobox', { name: 'Verdict' }).click();
  await page.getByRole('option', { name: 'Unsure' }).click();
  await expect.poll(() => page.url(), { timeout: PATIENCE_MS }).toContain('verdict=unsure');
  await page.goBack();
  await expect.poll(() => page.url(), { timeout: PATIENCE_MS }).not.toContain('verdict');
  expectNoProblem();
});

it('shows figures and no question to those who may read metadata only', async () => {
  const { value } = (await test.manage('POST', '/tokens', {
    name: 'Reporting',
    role: 'metadata-viewer',
  })) as { value: string };
  const { page, context, problems } = await signedIn(browser, test.gateway.baseUrl, value, WIDE_LIGHT);
  onTestFinished(() => context.close());
  page.setDefaultTimeout(PATIENCE_MS);
  await answerFor(context, similarAnswers());
  await page.goto(addressOf('similar'));
  await page.getByText(/^It answered 912 of 5,123 requests/).waitFor();
  expect(await page.getByRole('link', { name: 'Change in settings' }).count()).toBe(0);
  for (const tab of ['Hits', 'Wrong pairs', 'What is kept']) {
    await page.getByRole('tab', { name: tab }).click();
    await page.getByText(/^Questions are shown to tokens with the permission read/).waitFor();
    expect(await page.locator('main').innerText()).not.toContain('opening hours');
  }
  expect(problems).toEqual([]);
});
