import type { Page } from '../../dashboard/screenshots/browser.ts';
import { FLAG } from './hostile-office.ts';

/** What text that became more than text would have left in the page. */
export async function tracesOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const found = [];
    if (window.${FLAG} !== undefined) found.push('a script ran');
    for (const one of document.querySelectorAll('body script, body iframe, body object, [onerror], [onload]'))
      found.push(one.outerHTML.slice(0, 200));
    for (const one of document.querySelectorAll('[href], [src]'))
      for (const address of [one.href, one.src].filter((value) => typeof value === 'string' && value !== ''))
        if (!['data:', 'blob:'].includes(new URL(address).protocol) && new URL(address).origin !== location.origin)
          found.push(one.outerHTML.slice(0, 200));
    if (/[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.querySelector('main').innerText)) found.push('text is turned round');
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push('the page is ' + (scrollWidth - clientWidth) + ' px too wide');
    return found;
  })()`);
}
