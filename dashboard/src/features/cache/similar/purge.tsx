import { useQueryClient } from '@tanstack/react-query';
import { purgeSemantic } from '../../../api/semantic.ts';
import { formatCount } from '../../../format/numbers.ts';
import { similarWords } from '../../../words/semantic.ts';
import { PurgeDialog } from '../purge-dialog.tsx';

const words = similarWords.entries;

/** Takes similar answers away by their age, or all of them. */
export function PurgeSimilar({ gateway }: { readonly gateway: string }) {
  const client = useQueryClient();
  const purge = async (older_than_seconds: number | undefined): Promise<string> => {
    const { deleted } = await purgeSemantic(gateway, { older_than_seconds });
    await client.invalidateQueries({ queryKey: ['semantic', gateway] });
    return words.purged(formatCount(deleted));
  };
  return <PurgeDialog words={words} action={words.remove} size="sm" purge={purge} />;
}
