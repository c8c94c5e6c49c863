import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTestGateway } from '../../test/support/gateway.ts';
import { type Browser, openBrowser, type Page, SIZES, signedIn, THEMES } from './browser.ts';
import { measureFirstLoad } from './first-load.ts';
import { type Sight, STATES, TOKEN } from './states.ts';

/**
 * `npm run screenshots`: every page in every state, wide and on a phone, light and dark, into a folder that is not
 * committed. `-- --state demo` takes one state alone. With TIDEGATE_DATA_URL and TIDEGATE_ADMIN_TOKEN also the pages of
 * a gateway that runs over data of one's own, such as the millions of records that `bench/` makes.
 */
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(import.meta.dirname, 'out') },
    state: { type: 'string', multiple: true, default: STATES.map(({ name }) => name) },
    /** The first-load figures of this many visits each. */
    visits: { type: 'string', default: '3' },
    /** A gateway of the running one, for its pictures. */
    gateway: { type: 'string', default: 'default' },
  },
});

const LONGEST_MS = 15_000;
const QUIET_MS = 250;

async function shoot(page: Page, { name, address }: Sight, folder: string): Promise<void> {
  await page.goto(address);
  await page.locator('main h1, main h2').first().waitFor();
  await page.waitForLoadState('networkidle', { timeout: LONGEST_MS }).catch(() => undefined);
  const end = performance.now() + LONGEST_MS;
  while ((await page.locator('main [aria-busy="true"]').count()) > 0 && performance.now() < end)
    await page.waitForTimeout(QUIET_MS);
  await page.waitForTimeout(QUIET_MS);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

async function shootAll(
  browser: Browser,
  url: string,
  token: string,
  state: string,
  sights: readonly Sight[],
) {
  for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
    for (const theme of THEMES) {
      const { context, page, problems } = await signedIn(browser, url, token, { size, theme });
      const folder = join(values.out, state, `${size}-${theme}`);
      mkdirSync(folder, { recursive: true });
      for (const sight of sights) await shoot(page, sight, folder);
      for (const problem of new Set(problems)) console.error(`${state} ${size} ${theme}: ${problem}`);
      await context.close();
    }
  }
  console.log(`${state}: ${sights.length} pages`);
}

async function tellFirstLoad(browser: Browser, url: string, sights: readonly Sight[]): Promise<void> {
  for (const { name, address } of sights.filter(({ name: one }) =>
    /^(?:home|.*-(?:logs|overview))$/.test(one),
  )) {
    for (let visit = 0; visit < Number(values.visits); visit++) {
      const { context, page } = await signedIn(browser, url, TOKEN, { size: 'wide', theme: 'light' });
      const { scriptBytes, readyMs } = await measureFirstLoad(page, address);
      console.log(
        `first load of ${name}: ${Math.round(scriptBytes / 1000)} kB of script, ready after ${readyMs} ms`,
      );
      await context.close();
    }
  }
}

const browser = await openBrowser();
const test = await startTestGateway();
try {
  for (const { name, prepare } of STATES) {
    // Later states stand on what earlier ones made.
    const sights = await prepare(test);
    if (!values.state.includes(name)) continue;
    await shootAll(browser, test.gateway.baseUrl, TOKEN, name, sights);
    if (name === 'demo') await tellFirstLoad(browser, test.gateway.baseUrl, sights);
  }
  const url = process.env.TIDEGATE_DATA_URL;
  if (url !== undefined) {
    const base = `/g/${values.gateway}`;
    const sights = ['overview', 'overview?from=-30d', 'logs', 'sessions', 'cache', 'limits'].map((page) => ({
      name: page.replaceAll(/\W+/g, '-'),
      address: `${base}/${page}`,
    }));
    await shootAll(browser, url, process.env.TIDEGATE_ADMIN_TOKEN ?? '', 'own-data', sights);
  }
} finally {
  await browser.close();
  await test.close();
}
