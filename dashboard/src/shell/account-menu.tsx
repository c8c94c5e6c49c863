import { DropdownMenu } from '@cloudflare/kumo/components/dropdown';
import { UserCircleIcon } from '@phosphor-icons/react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { adoptSession } from '../api/client.ts';
import { type Session, signOut } from '../api/session.ts';
import { chooseTheme, type Theme, theme } from '../browser/theme.ts';
import { notifyFailure } from '../components/toasts.ts';
import { visibleText } from '../format/visible-text.ts';
import { shellWords as words } from '../words/shell.ts';
import { setKeyHelp } from './key-help-state.ts';

interface AccountMenuProps {
  readonly session: Session;
  readonly isNarrow: boolean;
}

export function AccountMenu({ session, isNarrow }: AccountMenuProps) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const chosen = theme.use();
  const leave = async (): Promise<void> => {
    try {
      await signOut();
    } catch (error) {
      notifyFailure(words.signOut, error);
      return;
    }
    adoptSession(null);
    client.clear();
    await navigate({ to: '/sign-in' });
  };
  return (
    <DropdownMenu>
      <DropdownMenu.Trigger
        className={`flex h-9 items-center gap-2 rounded-md px-2 text-left text-sm hover:bg-kumo-tint ${isNarrow ? 'justify-center' : ''}`}
        aria-label={`${words.signedInAs} ${visibleText(session.token.name)}`}
      >
        <UserCircleIcon size={18} aria-hidden="true" className="shrink-0 text-kumo-subtle" />
        {!isNarrow && <span className="truncate">{visibleText(session.token.name)}</span>}
      </DropdownMenu.Trigger>
      <DropdownMenu.Content align="start" className="min-w-52">
        <DropdownMenu.Group>
          <DropdownMenu.Label>{words.theme}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={chosen} onValueChange={(value: Theme) => chooseTheme(value)}>
            {(['system', 'light', 'dark'] as const).map((value) => (
              <DropdownMenu.RadioItem key={value} value={value}>
                {words.themes[value]}
                <DropdownMenu.RadioItemIndicator />
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Group>
        <DropdownMenu.Separator />
        <DropdownMenu.Item onClick={() => setKeyHelp(true)}>{words.keys}</DropdownMenu.Item>
        <DropdownMenu.LinkItem href="/client/v4/docs" target="_blank">
          {words.apiDocs}
        </DropdownMenu.LinkItem>
        <DropdownMenu.Separator />
        <DropdownMenu.Item onClick={() => void leave()}>{words.signOut}</DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}
