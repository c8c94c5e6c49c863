import { Input } from '@cloudflare/kumo/components/input';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { purgeCache } from '../../api/cache.ts';
import { formatCount } from '../../format/numbers.ts';
import { cacheWords as words } from '../../words/cache.ts';
import { PurgeDialog } from './purge-dialog.tsx';

export function Purge({ gateway }: { readonly gateway: string }) {
  const [provider, setProvider] = useState('');
  const [model, setModel] = useState('');
  const client = useQueryClient();
  const purge = async (older_than_seconds: number | undefined): Promise<string> => {
    const conditions = {
      provider: provider.trim() || undefined,
      model: model.trim() || undefined,
      older_than_seconds,
    };
    const { deleted } = await purgeCache(gateway, conditions);
    await client.invalidateQueries({ queryKey: ['cache-entries', gateway] });
    void client.invalidateQueries({ queryKey: ['semantic', gateway] });
    return deleted === undefined ? words.purged : words.purgedSome(formatCount(deleted));
  };
  return (
    <PurgeDialog words={words} action={words.purge} purge={purge}>
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
    </PurgeDialog>
  );
}
