import { Button } from '@cloudflare/kumo/components/button';
import { ListIcon, MagnifyingGlassIcon } from '@phosphor-icons/react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet, useMatches, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { may, type Session, sessionQuery } from '../api/session.ts';
import { type KeyBinding, useKeys } from '../browser/keys.ts';
import { ConfirmHost } from '../components/confirm.tsx';
import { Keys } from '../components/keys.tsx';
import { Logo } from '../components/logo.tsx';
import { PAGES } from '../pages.tsx';
import { shellWords as words } from '../words/shell.ts';
import { setKeyHelp, useKeyHelp } from './key-help-state.ts';
import { Sidebar } from './sidebar.tsx';
import { latestGateway, rememberGateway, useGatewayOfAddress } from './use-gateway.ts';

const Drawer = lazy(async () => ({ default: (await import('./drawer.tsx')).Drawer }));
const KeyHelp = lazy(async () => ({ default: (await import('./key-help.tsx')).KeyHelp }));
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));

/** What stands around every page: sidebar, top bar, palette, dialogs, and the keys that work everywhere. */
export function Shell() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const gateway = useGatewayOfAddress();
  useEffect(() => {
    if (gateway !== undefined) rememberGateway(gateway);
  }, [gateway]);
  useKeys(useBindings(session, () => setPaletteOpen(true)));
  return (
    <div className="flex min-h-dvh">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-kumo-base focus:px-3 focus:py-2"
      >
        {words.skip}
      </a>
      <aside className="sticky top-0 hidden h-dvh shrink-0 md:block">
        <Sidebar session={session} />
      </aside>
      {isMenuOpen && (
        <Suspense>
          <Drawer onClose={() => setMenuOpen(false)} label={words.navigation}>
            <Sidebar session={session} onChosen={() => setMenuOpen(false)} />
          </Drawer>
        </Suspense>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="sticky top-0 z-20 flex h-12 items-center gap-2 border-b border-kumo-hairline bg-kumo-canvas px-3 md:px-6">
          <span className="flex items-center gap-2 md:hidden">
            <Button
              variant="ghost"
              shape="square"
              icon={<ListIcon size={20} />}
              aria-label={words.openMenu}
              onClick={() => setMenuOpen(true)}
            />
            <Logo withName={false} />
          </span>
          <Trail />
          <button
            type="button"
            onClick={() => setPaletteOpen(true)}
            title={words.openPalette}
            className="ml-auto flex h-8 items-center gap-2 rounded-md border border-kumo-hairline bg-kumo-base px-2 text-sm text-kumo-subtle hover:bg-kumo-tint md:w-56"
          >
            <MagnifyingGlassIcon size={16} aria-hidden="true" />
            <span className="flex-1 text-left max-md:sr-only">{words.search}</span>
            <span aria-hidden="true" className="hidden md:inline">
              <Keys keys="mod+k" />
            </span>
          </button>
        </header>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-[1440px] flex-1 px-3 py-4 outline-none md:px-6"
        >
          <Outlet />
        </main>
      </div>
      {isPaletteOpen && (
        <Suspense>
          <Palette session={session} onClose={() => setPaletteOpen(false)} />
        </Suspense>
      )}
      {useKeyHelp() && (
        <Suspense>
          <KeyHelp />
        </Suspense>
      )}
      <ConfirmHost />
    </div>
  );
}

/** Where one is: the gateway, then the page. */
function Trail() {
  const gateway = useGatewayOfAddress();
  const fullPath = useMatches().at(-1)?.fullPath;
  const page = PAGES.find(({ path }) => path === fullPath);
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-sm text-kumo-subtle">
      {gateway !== undefined && (
        <>
          <Link
            to="/g/$gateway/overview"
            params={{ gateway } as never}
            className="truncate hover:text-kumo-default"
          >
            {gateway}
          </Link>
          <span aria-hidden="true">/</span>
        </>
      )}
      <span className="truncate text-kumo-default">{page?.title}</span>
    </p>
  );
}

function useBindings(session: Session, openPalette: () => void): readonly KeyBinding[] {
  const navigate = useNavigate();
  // biome-ignore lint/correctness/useExhaustiveDependencies: openPalette only sets a state
  return useMemo(
    () => [
      { keys: 'mod+k', label: words.openPalette, run: openPalette },
      { keys: '?', label: words.showKeys, run: () => setKeyHelp(true) },
      ...PAGES.filter((page) => page.key !== undefined && may(session, page.permission)).map((page) => ({
        keys: `g ${page.key}`,
        label: words.goTo(page.title),
        run: () => {
          const inAddress = /^\/g\/([^/]+)/.exec(location.pathname)?.[1];
          const gateway = inAddress ?? latestGateway();
          if (page.place === 'gateway' && gateway === undefined) return;
          void navigate({ to: page.path, params: { gateway } as never });
        },
      })),
    ],
    [session, navigate],
  );
}
