import { may, type Session } from '../api/session.ts';
import type { Theme } from '../browser/theme.ts';
import { PAGES } from '../pages.tsx';
import { shellWords as words } from '../words/shell.ts';
import { orderGateways } from './gateway-switcher.tsx';

export interface PaletteItem {
  readonly id: string;
  readonly title: string;
  readonly does:
    | { readonly kind: 'theme'; readonly theme: Theme }
    | {
        readonly kind: 'go';
        readonly to: string;
        readonly params?: Readonly<Record<string, string>>;
        readonly search?: Readonly<Record<string, string>>;
      };
}

export interface PaletteGroup {
  readonly label: string;
  readonly items: PaletteItem[];
}

interface PaletteInput {
  readonly text: string;
  readonly session: Session;
  /** The gateway of the address, or the one looked at last. */
  readonly gateway: string | undefined;
  readonly gateways: readonly string[];
  readonly recent: readonly string[];
}

const LOG_PAGE = '/g/$gateway/logs/$log';
const RECORD_ID =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9A-HJKMNP-TV-Z]{26})$/i;
const MOST_GATEWAYS = 8;

export function paletteGroups({ text, session, gateway, gateways, recent }: PaletteInput): PaletteGroup[] {
  const wanted = text.trim().toLowerCase();
  const has = (title: string): boolean => title.toLowerCase().includes(wanted);
  const pages: PaletteItem[] = PAGES.filter(
    (page) =>
      page.place !== null &&
      may(session, page.permission) &&
      (page.place === 'account' || gateway !== undefined) &&
      has(page.title),
  ).map((page) => ({
    id: page.path,
    title: page.place === 'gateway' ? `${gateway} / ${page.title}` : page.title,
    does: { kind: 'go', to: page.path, ...(gateway !== undefined && { params: { gateway } }) },
  }));
  const record = text.trim();
  const records: PaletteItem[] =
    RECORD_ID.test(record) && gateway !== undefined && PAGES.some(({ path }) => path === LOG_PAGE)
      ? [
          {
            id: record,
            title: words.openRecord(record),
            does: { kind: 'go', to: LOG_PAGE, params: { gateway, log: record } },
          },
        ]
      : [];
  const named: PaletteItem[] = orderGateways(gateways, recent, wanted)
    .slice(0, MOST_GATEWAYS)
    .map((id) => ({
      id: `gateway-${id}`,
      title: id,
      does: { kind: 'go', to: '/g/$gateway/overview', params: { gateway: id } },
    }));
  const themes: PaletteItem[] = (['system', 'light', 'dark'] as const)
    .map(
      (theme): PaletteItem => ({
        id: `theme-${theme}`,
        title: `${words.theme}: ${words.themes[theme]}`,
        does: { kind: 'theme', theme },
      }),
    )
    .filter(({ title }) => has(title));
  return [
    { label: words.search, items: records },
    { label: words.pages, items: pages },
    { label: words.gateways, items: named },
    { label: words.actions, items: themes },
  ].filter(({ items }) => items.length > 0);
}
