import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { TrashIcon } from '@phosphor-icons/react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { purgeCache } from '../../api/cache.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { notify } from '../../components/toasts.ts';
import { formatCount } from '../../format/numbers.ts';
import { cacheWords as words } from '../../words/cache.ts';
import { ageSeconds } from './age.ts';

export function Purge({ gateway }: { readonly gateway: string }) {
  const [isOpen, setOpen] = useState(false);
  const [provider, setProvider] = useState('');
  const [model, setModel] = useState('');
  const [minutes, setMinutes] = useState('');
  const client = useQueryClient();
  const age = ageSeconds(minutes);
  const purge = async (): Promise<void> => {
    const conditions = {
      provider: provider.trim() || undefined,
      model: model.trim() || undefined,
      older_than_seconds: age ?? undefined,
    };
    const { deleted } = await purgeCache(gateway, conditions);
    await client.invalidateQueries({ queryKey: ['cache-entries', gateway] });
    void client.invalidateQueries({ queryKey: ['semantic', gateway] });
    notify({
      title: deleted === undefined ? words.purged : words.purgedSome(formatCount(deleted)),
      variant: 'success',
    });
  };
  return (
    <>
      <Button icon={<TrashIcon />} onClick={() => setOpen(true)}>
        {words.purge}
      </Button>
      <FormDialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={words.purgeTitle}
        text={words.purgeText}
        action={words.purge}
        isReady={age !== null}
        onSubmit={purge}
      >
        <Input
          label={words.purgeProvider}
          value={provider}
          autoComplete="off"
          onChange={(event) => setProvider(event.target.value)}
        />
        <Input
          label={words.purgeModel}
          value={model}
          autoComplete="off"
          onChange={(event) => setModel(event.target.value)}
        />
        <Input
          label={words.purgeAge}
          inputMode="numeric"
          value={minutes}
          {...(age === null && { error: words.badAge, variant: 'error' as const })}
          onChange={(event) => setMinutes(event.target.value)}
        />
      </FormDialog>
    </>
  );
}
