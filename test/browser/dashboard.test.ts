import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Browser, openBrowser, type Page } from '../../dashboard/screenshots/browser.ts';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, openGateway } from './gateway-visitor.ts';
import { PATIENCE_MS, visit, visitAsStranger } from './visit.ts';

vi.setConfig({ testTimeout: 3 * PATIENCE_MS, hookTimeout: 2 * PATIENCE_MS });

let test: TestGateway;
let browser: Browser;
beforeAll(async () => {
  [test, browser] = await Promise.all([startTestGateway(), openBrowser()]);
  for (const id of ['shop', 'office']) await openGateway(test, id, gatewayBody());
});
afterAll(async () => {
  await browser?.close();
  await test?.close();
});

/** What the browser itself says about an answer that was meant to be a refusal. */
const NOT_SIGNED_IN = /status of 401/;

const searchBox = (page: Page) => page.getByRole('combobox', { name: /^Filter/ });
const rows = (page: Page) => page.getByRole('table', { name: 'Requests' }).locator('tbody tr[aria-rowindex]');
const toast = (page: Page, text: string) => page.getByText(text, { exact: true }).first().waitFor();

it('refuses a wrong token with a word on why, lets the administrator in, and out again', async () => {
  const { page, context, expectNoProblem } = await visitAsStranger(browser, test);
  await page.goto('/access');
  const token = page.getByLabel('Token', { exact: true });
  await token.fill('not-a-token-of-this-gateway');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This token is not known, or it was revoked or expired.').first().waitFor();
  expect(await context.cookies()).toEqual([]);

  await token.fill(ADMIN_TOKEN);
  await page.getByRole('button', { name: 'Sign in' }).click();
  // Where one wanted to go in the first place.
  await page.getByRole('heading', { name: 'Access' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/access');
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  expect(
    await page.evaluate('JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])'),
  ).not.toContain(ADMIN_TOKEN);

  await page.getByRole('button', { name: /^Signed in as/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect((await context.request.get('/client/v4/session')).status()).toBe(401);
  await page.goto('/access');
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expectNoProblem(NOT_SIGNED_IN);
});

it('shows requests as they come, and finds them by conditions and words that stand in the address', async () => {
  const { page, expectNoProblem } = await visit(browser, test);
  await page.goto('/g/shop/logs');
  await page.getByText('No request has come through this gateway yet').waitFor();
  await page.getByRole('switch', { name: 'Live' }).click();
  await page.getByText('Live: new requests appear by themselves').waitFor();
  await ask(test, 'shop', { text: 'First light over the harbour' });
  await expect.poll(() => rows(page).count(), { timeout: PATIENCE_MS }).toBe(1);
  await ask(test, 'shop', { text: 'Tides of the week', model: 'gpt-4o' });
  await expect.poll(() => rows(page).count(), { timeout: PATIENCE_MS }).toBe(2);
  expect(await rows(page).first().textContent()).toContain('gpt-4o');
  await ask(test, 'shop', { text: 'Ferries of the week' });
  await expect.poll(() => rows(page).count(), { timeout: PATIENCE_MS }).toBe(3);
  await page.getByRole('switch', { name: 'Live' }).click();
  await rows(page).filter({ hasText: 'Ferries of the week' }).waitFor();
  expect(await rows(page).count()).toBe(3);

  // Field, condition and value are completed, values with how often they are there.
  await searchBox(page).fill('mod');
  await page.getByRole('option', { name: 'Model', exact: true }).click();
  await page.getByRole('option', { name: 'is', exact: true }).click();
  await page.getByRole('option', { name: /^gpt-4o-mini\s*2$/ }).click();
  await expect.poll(() => page.url(), { timeout: PATIENCE_MS }).toContain('filter=model:eq:gpt-4o-mini');
  await expect.poll(() => rows(page).count(), { timeout: PATIENCE_MS }).toBe(2);
  await searchBox(page).fill('harbour');
  await page.getByRole('option', { name: /^Search prompts and answers/ }).click();
  await expect.poll(() => rows(page).count(), { timeout: PATIENCE_MS }).toBe(1);
  expect(new URL(page.url()).searchParams.get('search')).toBe('harbour');

  await page.reload();
  await rows(page).filter({ hasText: 'First light over the harbour' }).waitFor();
  expect(await rows(page).count()).toBe(1);
  await page.getByRole('button', { name: 'Remove filter Model is gpt-4o-mini' }).waitFor();
  await page.goBack();
  await expect.poll(() => rows(page).count(), { timeout: PATIENCE_MS }).toBe(2);
  expect(new URL(page.url()).searchParams.has('search')).toBe(false);
  await page.getByRole('button', { name: 'Remove filter Model is gpt-4o-mini' }).click();
  await expect.poll(() => rows(page).count(), { timeout: PATIENCE_MS }).toBe(3);
  expectNoProblem();
});

it('opens a record, takes an opinion on it and sends it again', async () => {
  const asked = await ask(test, 'office', { text: 'How high is the water at noon?' });
  const said = ((await asked.json()) as { choices: { message: { content: string } }[] }).choices[0]!.message
    .content;
  const { id } = await test.record(asked, 'office');
  const { page, expectNoProblem } = await visit(browser, test);
  await page.goto('/g/office/logs');
  await rows(page).filter({ hasText: 'How high is the water at noon?' }).click();
  const record = page.getByRole('complementary', { name: 'Request' });
  await record.getByText('How high is the water at noon?').first().waitFor();
  await record.getByText(said.split('\n')[0]!.slice(0, 40)).first().waitFor();
  expect(new URL(page.url()).searchParams.get('record')).toBe(id);

  await record.getByRole('button', { name: 'Good answer' }).first().click();
  const feedback = async () =>
    ((await test.manage('GET', `/gateways/office/logs/${id}`)) as { feedback: number | null }).feedback;
  await expect.poll(feedback, { timeout: PATIENCE_MS }).toBe(1);
  await expect
    .poll(() => record.getByRole('button', { name: 'Good answer' }).first().getAttribute('aria-pressed'))
    .toBe('true');

  await record.getByRole('button', { name: 'Replay' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay' });
  await dialog.getByRole('button', { name: 'Send again' }).click();
  await dialog.getByRole('link', { name: 'Open its record' }).click();
  await expect
    .poll(() => new URL(page.url()).pathname, { timeout: PATIENCE_MS })
    .toMatch(/^\/g\/office\/logs\/.+/);
  const again = new URL(page.url()).pathname.split('/').at(-1);
  expect(again).not.toBe(id);
  expect(await test.manage('GET', `/gateways/office/logs/${again}`)).toMatchObject({
    request_type: 'replay',
  });
  expect(await test.manage('GET', '/gateways/office/logs')).toHaveLength(2);
  expect(test.provider.requests.at(-1)!.header('authorization')).toBe('Bearer stored-key-of-openai');
  await page.getByText('How high is the water at noon?').first().waitFor();
  expectNoProblem();
});

it('keeps answers for as long as the settings say, and goes back when the change is undone', async () => {
  await openGateway(test, 'quay', gatewayBody());
  const cacheStatus = async () =>
    (await ask(test, 'quay', { text: 'Which berth is free?' })).headers.get('cf-aig-cache-status');
  expect(await cacheStatus()).toBeNull();

  const { page, expectNoProblem } = await visit(browser, test);
  await page.goto('/g/quay/settings');
  await page.getByRole('textbox', { name: 'Keep answers for' }).fill('3600');
  await page.getByRole('button', { name: 'Review 1 change' }).click();
  const dialog = page.getByRole('dialog', { name: 'Review changes' });
  await dialog.getByRole('row', { name: /^Keep answers for/ }).waitFor();
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await toast(page, 'Settings saved');
  expect(await test.manage('GET', '/gateways/quay')).toMatchObject({ cache_ttl: 3600 });
  expect(await cacheStatus()).toBe('MISS');
  expect(await cacheStatus()).toBe('HIT');

  await page.goto('/audit');
  const changed = page
    .getByRole('listitem')
    .filter({ hasText: 'Changed gateway' })
    .filter({ hasText: 'quay' });
  await changed.getByRole('button').first().click();
  await changed.getByRole('row', { name: /^cache_ttl 0 3600/ }).waitFor();
  await changed.getByRole('button', { name: 'Undo this change' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo this change' }).click();
  await toast(page, 'The change was undone');
  expect(await test.manage('GET', '/gateways/quay')).toMatchObject({ cache_ttl: 0 });
  expect(await cacheStatus()).toBeNull();
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText(/^The chain is intact/).waitFor();
  expectNoProblem();
});

it('shows a new token once, and takes it away again', async () => {
  const { page, expectNoProblem } = await visit(browser, test);
  await page.goto('/access');
  await page.getByRole('button', { name: 'Create token' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create token' });
  await dialog.getByLabel('Name').fill('Harbour office');
  await dialog.getByRole('button', { name: 'Create token' }).click();
  const value = (await page.getByRole('region', { name: 'Token created' }).locator('code').textContent())!;
  expect(value).toMatch(/^\S{20,}$/);
  expect((await ask(test, 'shop', { text: 'Hello', token: value })).status).toBe(200);
  expect((await ask(test, 'shop', { text: 'Hello', token: `${value}x` })).status).toBe(401);

  await page.reload();
  const row = page.getByRole('row').filter({ hasText: 'Harbour office' });
  await row.waitFor();
  expect(await page.content()).not.toContain(value);
  await row.getByRole('button', { name: 'Revoke Harbour office' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await toast(page, 'Harbour office was revoked');
  expect((await ask(test, 'shop', { text: 'Hello', token: value })).status).toBe(401);
  await expect.poll(() => row.count(), { timeout: PATIENCE_MS }).toBe(0);
  expectNoProblem();
});

it('puts requests into a dataset and finds out what they cost, how fast they were and how many were right', async () => {
  await openGateway(test, 'school', gatewayBody());
  const answers: string[] = [];
  for (const [text, model] of [
    ['Name a lighthouse', 'gpt-4o'],
    ['Name a harbour', 'gpt-4o'],
    ['Name a ferry', 'gpt-4o-mini'],
  ] as const) {
    const response = await ask(test, 'school', { text, model });
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    answers.push(choices[0]!.message.content);
    await test.record(response, 'school');
  }
  expect(new Set(answers).size).toBe(3);

  const { page, expectNoProblem } = await visit(browser, test);
  await page.goto('/g/school/datasets');
  await page.getByRole('button', { name: 'Create dataset' }).first().click();
  const made = page.getByRole('dialog', { name: 'Create dataset' });
  await made.getByLabel('Name').fill('Asked of the larger one');
  await made.getByRole('textbox', { name: 'Value' }).fill('gpt-4o');
  await made.getByRole('button', { name: 'Create dataset' }).click();
  await page.getByRole('button', { name: 'Evaluate Asked of the larger one' }).click();

  const dialog = page.getByRole('dialog', { name: 'Create evaluation' });
  await dialog.getByLabel('Name', { exact: true }).fill('Was it right');
  await dialog.getByRole('checkbox', { name: 'Exact match' }).click();
  await dialog.getByLabel('Expected text').fill(answers[0]!);
  await dialog.getByRole('button', { name: 'Create evaluation' }).click();

  await page.getByRole('heading', { name: 'Was it right' }).waitFor();
  await page.getByText('Done', { exact: true }).waitFor();
  const figure = (name: RegExp) => page.locator('dl > div').filter({ hasText: name }).locator('dd').first();
  await expect.poll(() => figure(/exact/i).textContent(), { timeout: PATIENCE_MS }).toMatch(/^50\s?%$/);
  expect(await figure(/cost/i).textContent()).toMatch(/^\$0\.0/);
  expect(await figure(/speed/i).textContent()).toMatch(/^[\d.]+\s?m?s$/);
  const passed = page.getByRole('table', { name: 'Request by request' }).getByRole('row');
  await expect.poll(() => passed.count(), { timeout: PATIENCE_MS }).toBe(1 + 3 * 2);
  expectNoProblem();
});

it('looks for similar answers in shadow first, and learns from a person which were wrong', async () => {
  await openGateway(test, 'desk', gatewayBody());
  const { page, expectNoProblem } = await visit(browser, test);
  await page.goto('/g/desk/cache?tab=similar');
  await page.getByRole('heading', { name: 'Similar answers are off' }).waitFor();
  await page.getByRole('link', { name: 'Set up in settings' }).click();
  await page.getByRole('radio', { name: 'Shadow' }).click();
  await page.getByRole('textbox', { name: 'Error budget' }).fill('2.5');
  await page.getByRole('button', { name: 'Review 2 changes' }).click();
  const review = page.getByRole('dialog', { name: 'Review changes' });
  await review.getByRole('row', { name: /^Mode Off Shadow/ }).waitFor();
  await review.getByRole('row', { name: /^Error budget 1 % 2\.5 %/ }).waitFor();
  await review.getByRole('button', { name: 'Save changes' }).click();
  await toast(page, 'Settings saved');
  expect(await test.manage('GET', '/gateways/desk')).toMatchObject({
    share_in_flight: true,
    semantic_cache: { mode: 'shadow', embedder: 'local', error_budget: 0.025, judge: null },
  });

  const count = async (what: string) =>
    ((await test.manage('GET', `/gateways/desk/cache/semantic/${what}`)) as unknown[]).length;
  await ask(test, 'desk', { text: 'How do I reset my password?' });
  // Kept after the answer has left, once the models are there.
  await expect.poll(() => count('entries'), { timeout: PATIENCE_MS }).toBe(1);
  await ask(test, 'desk', { text: 'Please tell me how to reset my password.' });
  await expect.poll(() => count('hits'), { timeout: PATIENCE_MS }).toBe(1);
  await page.goto('/g/desk/cache?tab=similar');
  await page.getByRole('heading', { name: /^Shadow/ }).waitFor();
  await page.getByText(/^It would have answered 1 of 2 requests/).waitFor();

  await page.getByRole('tab', { name: 'Hits' }).click();
  const hit = page.getByRole('list', { name: 'Hits' }).getByRole('listitem');
  await hit.getByText('Would have been given').waitFor();
  await hit.getByRole('button', { name: 'Wrong answer' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Mark as wrong' }).click();
  await toast(page, 'The answer was removed, and the pair is kept as a test');
  await page.getByRole('tab', { name: 'Wrong pairs' }).click();
  const pairs = page.getByRole('list', { name: 'Known wrong pairs' }).getByRole('listitem');
  await expect.poll(() => pairs.count(), { timeout: PATIENCE_MS }).toBe(1);
  await page.getByRole('textbox', { name: 'Asked now' }).fill('please tell me how to reset my password.');
  await page.getByRole('textbox', { name: 'Answered before' }).fill('How do I reset my password?');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByText('Known wrong pair', { exact: true }).waitFor();
  expectNoProblem();
});
