import { useQueryClient } from '@tanstack/react-query';
import { judgeHit } from '../../../api/semantic.ts';
import { confirm } from '../../../components/confirm.tsx';
import { notify, notifyFailure } from '../../../components/toasts.ts';
import { similarWords } from '../../../words/semantic.ts';

const words = similarWords.hits;

/** A person's word on a hit. 'Wrong' is asked once more, because it takes the answer away. */
export function useVerdict(gateway: string): (id: string, verdict: 'right' | 'wrong') => Promise<void> {
  const client = useQueryClient();
  return async (id, verdict) => {
    const question = { title: words.wrongTitle, text: words.wrongText, action: words.wrongAction };
    if (verdict === 'wrong' && !(await confirm({ ...question, isDangerous: true }))) return;
    try {
      await judgeHit(gateway, id, verdict);
      notify({ title: verdict === 'wrong' ? words.markedWrong : words.markedRight, variant: 'success' });
    } catch (error) {
      notifyFailure(words.failed, error);
    }
    await client.invalidateQueries({ queryKey: ['semantic', gateway] });
  };
}
