import { CaretDoubleLeftIcon, CaretDoubleRightIcon } from '@phosphor-icons/react';
import { Link } from '@tanstack/react-router';
import type { Session } from '../api/session.ts';
import { may } from '../api/session.ts';
import { stored } from '../browser/stored.ts';
import { Logo } from '../components/logo.tsx';
import type { PageRow } from '../page-row.ts';
import { PAGES } from '../pages.tsx';
import { shellWords as words } from '../words/shell.ts';
import { AccountMenu } from './account-menu.tsx';
import { GatewaySwitcher } from './gateway-switcher.tsx';
import { useGatewayOfAddress } from './use-gateway.ts';

const width = stored<'wide' | 'narrow'>('sidebar', 'wide');

interface SidebarProps {
  readonly session: Session;
  /** In the drawer of a phone: always wide, and gone once a page is chosen. */
  readonly onChosen?: () => void;
}

export function Sidebar({ session, onChosen }: SidebarProps) {
  const isDrawer = onChosen !== undefined;
  const isNarrow = width.use() === 'narrow' && !isDrawer;
  const gateway = useGatewayOfAddress();
  const shown = PAGES.filter((page) => may(session, page.permission));
  const Caret = isNarrow ? CaretDoubleRightIcon : CaretDoubleLeftIcon;
  return (
    <div
      className={`flex h-full flex-col gap-1 p-2 ${isNarrow ? 'w-14' : 'w-60'} ${isDrawer ? '' : 'border-r border-kumo-hairline'}`}
    >
      <div className={`flex h-10 items-center ${isNarrow ? 'justify-center' : 'justify-between pl-2'}`}>
        <Link to="/" {...(onChosen && { onClick: onChosen })} className="rounded-md">
          <Logo withName={!isNarrow} />
        </Link>
      </div>
      <GatewaySwitcher isNarrow={isNarrow} />
      <nav aria-label={words.navigation} className="mt-2 flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto">
        {gateway !== undefined && (
          <Group label={words.gateway} isNarrow={isNarrow}>
            {shown
              .filter((page) => page.place === 'gateway')
              .map((page) => (
                <Entry
                  key={page.path}
                  page={page}
                  isNarrow={isNarrow}
                  gateway={gateway}
                  onChosen={onChosen}
                />
              ))}
          </Group>
        )}
        <Group label={words.account} isNarrow={isNarrow}>
          {shown
            .filter((page) => page.place === 'account')
            .map((page) => (
              <Entry key={page.path} page={page} isNarrow={isNarrow} gateway={gateway} onChosen={onChosen} />
            ))}
        </Group>
      </nav>
      <AccountMenu session={session} isNarrow={isNarrow} />
      {!isDrawer && (
        <button
          type="button"
          className={`flex h-8 items-center gap-2 rounded-md px-2 text-sm text-kumo-subtle hover:bg-kumo-tint ${isNarrow ? 'justify-center' : ''}`}
          aria-label={isNarrow ? words.expand : words.collapse}
          onClick={() => width.set(isNarrow ? 'wide' : 'narrow')}
        >
          <Caret size={16} aria-hidden="true" />
          {!isNarrow && words.collapse}
        </button>
      )}
    </div>
  );
}

interface GroupProps {
  readonly label: string;
  readonly isNarrow: boolean;
  readonly children: React.ReactNode;
}

function Group({ label, isNarrow, children }: GroupProps) {
  return (
    <section aria-label={label}>
      <h2 className={isNarrow ? 'sr-only' : 'mb-1 px-2 text-xs font-normal text-kumo-subtle'}>{label}</h2>
      <ul className="flex flex-col gap-0.5">{children}</ul>
    </section>
  );
}

interface EntryProps {
  readonly page: PageRow;
  readonly isNarrow: boolean;
  readonly gateway: string | undefined;
  readonly onChosen: (() => void) | undefined;
}

function Entry({ page, isNarrow, gateway, onChosen }: EntryProps) {
  const { icon: Icon, title } = page;
  return (
    <li>
      <Link
        to={page.path}
        params={{ gateway } as never}
        activeOptions={{ exact: page.path === '/', includeSearch: false }}
        {...(onChosen && { onClick: onChosen })}
        {...(isNarrow && { title })}
        className={`flex h-8 items-center gap-2 rounded-md px-2 text-sm ${isNarrow ? 'justify-center' : ''}`}
        activeProps={{ className: 'bg-tide-tint text-kumo-default font-medium', 'aria-current': 'page' }}
        inactiveProps={{ className: 'text-kumo-strong hover:bg-kumo-tint' }}
      >
        {({ isActive }: { readonly isActive: boolean }) => (
          <>
            <Icon
              size={18}
              aria-hidden="true"
              weight={isActive ? 'fill' : 'regular'}
              className={isActive ? 'shrink-0 text-tide' : 'shrink-0 text-kumo-subtle'}
            />
            <span className={isNarrow ? 'sr-only' : 'truncate'}>{title}</span>
          </>
        )}
      </Link>
    </li>
  );
}
