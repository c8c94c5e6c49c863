import { useQueryClient } from '@tanstack/react-query';
import { judgeHit } from '../../../api/semantic.ts';
import { carryOut } from '../../../components/carry-out.ts';
import { confirm } from '../../../components/confirm.tsx';
import { similarWords } from '../../../words/semantic.ts';

const words = similarWords.hits;

/** A person's word on a hit. 'Wrong' is asked once more, because it takes the answer away. */
export function useVerdict(gateway: string): (id: string, verdict: 'right' | 'wrong') => Promise<void> {
  const client = useQueryClient();
  return async (id, verdict) => {
    const question = { title: words.wrongTitle, text: words.wrongText, action: words.wrongAction };
    if (verdict === 'wrong' && !(await confirm({ ...question, isDangerous: true }))) return;
    const done = verdict === 'wrong' ? words.markedWrong : words.markedRight;
    await carryOut(() => judgeHit(gateway, id, verdict), { done, failed: words.failed });
    await client.invalidateQueries({ queryKey: ['semantic', gateway] });
  };
}
