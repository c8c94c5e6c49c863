import { CommandPalette } from '@cloudflare/kumo/components/command-palette';
import { Dialog } from '@cloudflare/kumo/primitives/dialog';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { gatewaysQuery } from '../api/gateways.ts';
import type { Session } from '../api/session.ts';
import { chooseTheme } from '../browser/theme.ts';
import { shellWords as words } from '../words/shell.ts';
import { type PaletteGroup, type PaletteItem, paletteGroups } from './palette-items.ts';
import { useGatewayOfAddress, useRecentGateways } from './use-gateway.ts';

interface PaletteProps {
  readonly session: Session;
  readonly onClose: () => void;
}

/** ⌘K: pages, gateways, actions, and any pasted id. */
export function Palette({ session, onClose }: PaletteProps) {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const gateway = useGatewayOfAddress();
  const recent = useRecentGateways();
  const { data: gateways = [] } = useQuery(gatewaysQuery);
  const groups = paletteGroups({
    text,
    session,
    gateway: gateway ?? recent[0],
    gateways: gateways.map(({ id }) => id),
    recent,
  });
  const run = (item: PaletteItem): void => {
    onClose();
    if (item.does.kind === 'theme') chooseTheme(item.does.theme);
    else
      void navigate({
        to: item.does.to,
        params: item.does.params as never,
        search: item.does.search as never,
      });
  };
  return (
    <CommandPalette.Root
      open
      onOpenChange={(open) => !open && onClose()}
      items={groups}
      value={text}
      onValueChange={setText}
      itemToStringValue={(group: PaletteGroup) => group.label}
      getSelectableItems={(all: PaletteGroup[]) => all.flatMap(({ items }) => items)}
      onSelect={run}
    >
      <Dialog.Title className="sr-only">{words.openPalette}</Dialog.Title>
      <CommandPalette.Input placeholder={words.searchHint} />
      <CommandPalette.List>
        <CommandPalette.Results>
          {(group: PaletteGroup) => (
            <CommandPalette.Group key={group.label} items={group.items}>
              <CommandPalette.GroupLabel>{group.label}</CommandPalette.GroupLabel>
              <CommandPalette.Items>
                {(item: PaletteItem) => (
                  <CommandPalette.Item key={item.id} value={item} onClick={() => run(item)}>
                    <span className="truncate">{item.title}</span>
                  </CommandPalette.Item>
                )}
              </CommandPalette.Items>
            </CommandPalette.Group>
          )}
        </CommandPalette.Results>
        <CommandPalette.Empty>{words.nothingFound}</CommandPalette.Empty>
      </CommandPalette.List>
    </CommandPalette.Root>
  );
}
