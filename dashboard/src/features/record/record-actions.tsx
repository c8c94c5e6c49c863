import { Button } from '@cloudflare/kumo/components/button';
import { DropdownMenu } from '@cloudflare/kumo/components/dropdown';
import {
  ArrowClockwiseIcon,
  ChatCircleIcon,
  CodeIcon,
  DatabaseIcon,
  LinkSimpleIcon,
} from '@phosphor-icons/react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { currentAccount } from '../../api/client.ts';
import { bodyQuery, type LogRow } from '../../api/logs.ts';
import { may, type Session } from '../../api/session.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { notify, notifyFailure } from '../../components/toasts.ts';
import { recordWords } from '../../words/record.ts';
import { LANGUAGES, type Language, snippet } from './code-snippets.ts';
import { Thumbs } from './feedback-form.tsx';
import { bodyText } from './raw-body.ts';

const words = recordWords.actions;
const ReplayDialog = lazy(async () => ({ default: (await import('./replay-dialog.tsx')).ReplayDialog }));
const DatasetDialog = lazy(async () => ({ default: (await import('./dataset-dialog.tsx')).DatasetDialog }));

const PLAYGROUND = '/g/$gateway/playground';

interface RecordActionsProps {
  readonly gateway: string;
  readonly log: LogRow;
  readonly session: Session;
}

/** What can be done with a record. */
export function RecordActions({ gateway, log, session }: RecordActionsProps) {
  const [open, setOpen] = useState<'replay' | 'dataset' | null>(null);
  const router = useRouter();
  const client = useQueryClient();
  const hasPlayground = Object.hasOwn(router.routesByPath, PLAYGROUND);

  const copy = async (text: string, what: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      notify({ title: words.copied(what), variant: 'success' });
    } catch {
      notify({ title: words.copyFailed, variant: 'warning' });
    }
  };
  const copyCode = async (language: Language): Promise<void> => {
    try {
      const body =
        log.request_size === 0 ? null : await client.fetchQuery(bodyQuery(gateway, log.id, 'request'));
      const text = body === null ? null : bodyText(body);
      if (log.request_size > 0 && text === null) {
        notify({ title: words.noBody, variant: 'warning' });
        return;
      }
      const code = snippet(language, {
        origin: location.origin,
        account: currentAccount(),
        gateway,
        log,
        body: text,
      });
      await copy(code, words.codeNames[language]);
    } catch (error) {
      notifyFailure(words.copyFailed, error);
    }
  };
  const link = `${location.origin}/g/${encodeURIComponent(gateway)}/logs/${encodeURIComponent(log.id)}`;
  return (
    <div className="my-3 flex flex-wrap items-center gap-2">
      {may(session, 'run') && (
        <Button size="sm" icon={<ArrowClockwiseIcon />} onClick={() => setOpen('replay')}>
          {words.replay}
        </Button>
      )}
      {hasPlayground && may(session, 'run') && (
        <Link to={PLAYGROUND} params={{ gateway } as never} search={{ from: log.id } as never}>
          <Button size="sm" tabIndex={-1} icon={<ChatCircleIcon />}>
            {words.playground}
          </Button>
        </Link>
      )}
      {may(session, 'edit') && (
        <Button size="sm" icon={<DatabaseIcon />} onClick={() => setOpen('dataset')}>
          {words.dataset}
        </Button>
      )}
      <DropdownMenu>
        <DropdownMenu.Trigger render={<Button size="sm" icon={<CodeIcon />} />}>
          {words.copyCode}
        </DropdownMenu.Trigger>
        <DropdownMenu.Content align="start">
          {LANGUAGES.map((language) => (
            <DropdownMenu.Item key={language} onClick={() => void copyCode(language)}>
              {words[language]}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu>
      <IconButton
        label={words.copyLink}
        icon={<LinkSimpleIcon />}
        onClick={() => void copy(link, words.codeNames.link)}
      />
      {may(session, 'edit') && <Thumbs gateway={gateway} log={log} />}
      <Suspense>
        {open === 'replay' && <ReplayDialog gateway={gateway} log={log} onClose={() => setOpen(null)} />}
        {open === 'dataset' && (
          <DatasetDialog gateway={gateway} ids={[log.id]} onClose={() => setOpen(null)} />
        )}
      </Suspense>
    </div>
  );
}
