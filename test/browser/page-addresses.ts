import { readFileSync } from 'node:fs';
import { GATEWAY, type Office } from './busy-office.ts';

const table = readFileSync(new URL('../../dashboard/src/pages.tsx', import.meta.url), 'utf8');

/** The paths of the table of pages, as they are written there: importing it would need a browser. */
export const PAGE_PATHS: readonly string[] = [...table.matchAll(/\bpath: '([^']+)'/g)].map(
  ([, path = '']) => path,
);

const rowCount = table.split('load: () => import(').length - 1;
if (rowCount === 0 || PAGE_PATHS.length !== rowCount)
  throw new Error(
    `dashboard/src/pages.tsx has ${rowCount} pages, of which ${PAGE_PATHS.length} could be read`,
  );

/** What the parameters of a path stand for. A page with one that is not here has to be given an example first. */
export function addressOf(path: string, office: Office): string {
  const examples: Readonly<Record<string, string>> = {
    $gateway: GATEWAY,
    $log: office.log,
    $session: office.session,
    $id: office.evaluation,
  };
  return path.replaceAll(/\$\w+/g, (name) => {
    const example = examples[name];
    if (example === undefined) throw new Error(`${path} has ${name}, of which there is no example here`);
    return encodeURIComponent(example);
  });
}
