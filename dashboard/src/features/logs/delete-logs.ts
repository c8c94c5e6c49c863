import { deleteLogs } from '../../api/logs.ts';
import { carryOut } from '../../components/carry-out.ts';
import { confirm } from '../../components/confirm.tsx';
import type { Filter } from '../../filters/filter.ts';
import { formatCount } from '../../format/numbers.ts';
import { logWords as words } from '../../words/logs.ts';

/** True when they were deleted. What is asked to be typed is the gateway's name: there is no way back. */
export async function askAndDelete(
  gateway: string,
  filters: readonly Filter[],
  count: number,
): Promise<boolean> {
  const isWanted = await confirm({
    title: words.deleteTitle(formatCount(count)),
    text: words.deleteText,
    action: words.deleteAction,
    isDangerous: true,
    typed: gateway,
  });
  if (!isWanted) return false;
  return carryOut(() => deleteLogs(gateway, filters), {
    done: ({ deleted }) => words.deleted(formatCount(deleted)),
    failed: words.deleteFailed,
  });
}
