import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findBarriers } from './axe.ts';
import { openBrowser, SIZES, signedIn, THEMES } from './browser.ts';

/**
 * `node dashboard/screenshots/shoot.ts --url http://127.0.0.1:8787 --out /tmp/pages / /g/demo/overview`: each address
 * in both sizes and themes, and on the way everything that the browser complains about. The token comes from
 * TIDEGATE_ADMIN_TOKEN.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8787' },
    out: { type: 'string', default: 'screenshots' },
    size: { type: 'string', multiple: true, default: Object.keys(SIZES) },
    theme: { type: 'string', multiple: true, default: [...THEMES] },
    full: { type: 'boolean', default: false },
    /** Also say what axe finds: https://github.com/dequelabs/axe-core */
    axe: { type: 'boolean', default: false },
    /** Keys to press one after the other before the picture: `?` or `Meta+k`. */
    press: { type: 'string', multiple: true, default: [] },
  },
});

const token = process.env.TIDEGATE_ADMIN_TOKEN ?? '';
const QUIET_MS = 400;
mkdirSync(values.out, { recursive: true });
const browser = await openBrowser();
try {
  for (const size of values.size as (keyof typeof SIZES)[]) {
    for (const theme of values.theme as (typeof THEMES)[number][]) {
      const { context, page, problems } = await signedIn(browser, values.url, token, { size, theme });
      for (const address of positionals) {
        await page.goto(address);
        await page.waitForLoadState('networkidle', { timeout: 8000 }).catch(() => {});
        for (const key of values.press) await page.keyboard.press(key);
        await page.waitForTimeout(QUIET_MS);
        const name =
          address
            .replace(/[?#].*/, '')
            .replace(/^\/+|\/+$/g, '')
            .replaceAll('/', '-') || 'home';
        if (values.axe) problems.push(...(await findBarriers(page)).map((one) => `${address}: ${one}`));
        await page.screenshot({
          path: join(values.out, `${name}.${size}.${theme}.png`),
          fullPage: values.full,
        });
      }
      for (const problem of new Set(problems)) console.error(`${size} ${theme}: ${problem}`);
      await context.close();
    }
  }
} finally {
  await browser.close();
}
