import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { TrashIcon } from '@phosphor-icons/react';
import { type ReactNode, useState } from 'react';
import { FormDialog } from '../../components/form-dialog.tsx';
import { notify } from '../../components/toasts.ts';
import { cacheWords } from '../../words/cache.ts';
import { ageSeconds } from './age.ts';

interface PurgeDialogProps {
  readonly words: Readonly<Record<'purge' | 'purgeTitle' | 'purgeText' | 'purgeAge', string>>;
  /** A verb: what the dialog's button does. */
  readonly action: string;
  readonly size?: 'sm' | 'base';
  /** Removes what is older than that, in seconds, or of any age; resolves to what is said of it. */
  readonly purge: (olderThanSeconds: number | undefined) => Promise<string>;
  /** Conditions beside the age. */
  readonly children?: ReactNode;
}

/** A button, and the question what shall go. */
export function PurgeDialog({ words, action, size = 'base', purge, children }: PurgeDialogProps) {
  const [isOpen, setOpen] = useState(false);
  const [minutes, setMinutes] = useState('');
  const age = ageSeconds(minutes);
  return (
    <>
      <Button size={size} icon={<TrashIcon />} onClick={() => setOpen(true)}>
        {words.purge}
      </Button>
      <FormDialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={words.purgeTitle}
        text={words.purgeText}
        action={action}
        isReady={age !== null}
        onSubmit={async () => notify({ title: await purge(age ?? undefined), variant: 'success' })}
      >
        {children}
        <Input
          label={words.purgeAge}
          inputMode="numeric"
          value={minutes}
          {...(age === null && { error: cacheWords.badAge, variant: 'error' as const })}
          onChange={(event) => setMinutes(event.target.value)}
        />
      </FormDialog>
    </>
  );
}
