import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

export type { Browser, BrowserContext, Locator, Page };

export const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
export const THEMES = ['light', 'dark'] as const;

export interface Look {
  readonly size: keyof typeof SIZES;
  readonly theme: (typeof THEMES)[number];
}

export function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error('no Chromium is here: install it, or set CHROMIUM to its path');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export interface OpenPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What went wrong in the browser so far: errors and warnings, and every request to another host. */
  readonly problems: string[];
}

/** A page that nobody has signed in to, in a context of its own. */
export async function openPage(browser: Browser, url: string, look: Look): Promise<OpenPage> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: SIZES[look.size],
    colorScheme: look.theme,
    reducedMotion: 'reduce',
    deviceScaleFactor: 1,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  context.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && new URL(request.url()).origin !== new URL(url).origin) {
      problems.push(`a request to another host: ${request.url()}`);
    }
  });
  return { context, page, problems };
}

/** The same, signed in. */
export async function signedIn(browser: Browser, url: string, token: string, look: Look): Promise<OpenPage> {
  const opened = await openPage(browser, url, look);
  const answer = await opened.context.request.post('/client/v4/session', { data: { token } });
  if (!answer.ok()) throw new Error(`not signed in: ${answer.status()} ${await answer.text()}`);
  return opened;
}
