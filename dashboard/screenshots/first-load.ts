import type { Page } from 'playwright-core';

export interface FirstLoad {
  /** Of all scripts that were fetched until the page stood, as they came over the wire. */
  readonly scriptBytes: number;
  /** From the navigation until what the page asked for was there. */
  readonly readyMs: number;
}

/** Loads a page as somebody does who comes for the first time: with nothing in the browser's cache. */
export async function measureFirstLoad(page: Page, address: string): Promise<FirstLoad> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const scripts = new Set<string>();
  let scriptBytes = 0;
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script' || /javascript/.test(response.mimeType)) scripts.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) scriptBytes += encodedDataLength;
  });
  await page.goto(address);
  await page.locator('main h1, main h2').first().waitFor();
  while ((await page.locator('main [aria-busy="true"]').count()) > 0) {
    await page.evaluate('new Promise((done) => requestAnimationFrame(done))');
  }
  const readyMs = await page.evaluate<number>('Math.round(performance.now())');
  // What is fetched ahead for later belongs to the first load as well.
  await page.waitForLoadState('networkidle');
  await session.detach();
  return { scriptBytes, readyMs };
}
