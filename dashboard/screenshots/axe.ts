import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

const EVERY_KIND = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
/** All that a change of theme can change. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** What keeps people from using the page, one line each. The script goes in past the site's policy, as a person's own. */
export async function findBarriers(page: Page, rules: readonly string[] = EVERY_KIND): Promise<string[]> {
  await page.evaluate(axe.source);
  const findings = await page.evaluate<Finding[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then((r) => r.violations)`,
  );
  return findings.flatMap(({ id, impact, nodes }) =>
    nodes.slice(0, 5).map(({ target, failureSummary }) => {
      const why = failureSummary.split('\n').slice(1, 2).join(' ').trim();
      return `${impact} ${id} at ${target.join(' ')}: ${why}`;
    }),
  );
}
