import { deleteLogs } from '../../api/logs.ts';
import { confirm } from '../../components/confirm.tsx';
import { notify, notifyFailure } from '../../components/toasts.ts';
import type { Filter } from '../../filters/filter.ts';
import { formatCount } from '../../format/numbers.ts';
import { logWords as words } from '../../words/logs.ts';

/** True when they were deleted. What is asked to be typed is the gateway's name: there is no way back. */
export async function askAndDelete(
  gateway: string,
  filters: readonly Filter[],
  count: number,
): Promise<boolean> {
  const yes = await confirm({
    title: words.deleteTitle(formatCount(count)),
    text: words.deleteText,
    action: words.deleteAction,
    isDangerous: true,
    typed: gateway,
  });
  if (!yes) return false;
  try {
    const { deleted } = await deleteLogs(gateway, filters);
    notify({ title: words.deleted(formatCount(deleted)), variant: 'success' });
    return true;
  } catch (error) {
    notifyFailure(words.deleteFailed, error);
    return false;
  }
}
