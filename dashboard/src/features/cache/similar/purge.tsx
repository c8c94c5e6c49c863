import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { TrashIcon } from '@phosphor-icons/react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { purgeSemantic } from '../../../api/semantic.ts';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { notify } from '../../../components/toasts.ts';
import { formatCount } from '../../../format/numbers.ts';
import { cacheWords } from '../../../words/cache.ts';
import { similarWords } from '../../../words/semantic.ts';
import { ageSeconds } from '../age.ts';

const words = similarWords.entries;

/** Takes similar answers away by their age, or all of them. */
export function PurgeSimilar({ gateway }: { readonly gateway: string }) {
  const [isOpen, setOpen] = useState(false);
  const [minutes, setMinutes] = useState('');
  const client = useQueryClient();
  const age = ageSeconds(minutes);
  const purge = async (): Promise<void> => {
    const { deleted } = await purgeSemantic(gateway, { older_than_seconds: age ?? undefined });
    await client.invalidateQueries({ queryKey: ['semantic', gateway] });
    notify({
      title: words.purged(formatCount(deleted)),
      variant: 'success',
    });
  };
  return (
    <>
      <Button size="sm" icon={<TrashIcon />} onClick={() => setOpen(true)}>
        {words.purge}
      </Button>
      <FormDialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={words.purgeTitle}
        text={words.purgeText}
        action={words.remove}
        isReady={age !== null}
        onSubmit={purge}
      >
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
