import { Button } from '@cloudflare/kumo/components/button';
import type { ResultInfo } from '../../../src/api/contract.ts';
import { formatCount } from '../format/numbers.ts';
import { pagerWords as words } from '../words/pager.ts';

interface PagerProps {
  readonly info: Pick<ResultInfo, 'page' | 'per_page' | 'total_count'>;
  readonly onPage: (page: number) => void;
  /** Where a page has two of them. */
  readonly label?: string;
}

/** Under a list that comes in pages; not there when one page holds all. */
export function Pager({ info, onPage, label = words.label }: PagerProps) {
  const { page, per_page: perPage, total_count: total } = info;
  const last = Math.max(1, Math.ceil(total / perPage));
  if (last === 1 && page === 1) return null;
  const from = (page - 1) * perPage + 1;
  return (
    <nav
      aria-label={label}
      className="flex items-center justify-between gap-2 border-t border-kumo-hairline px-4 py-2 text-sm"
    >
      <span className="text-kumo-subtle">
        {words.range(formatCount(from), formatCount(Math.min(total, page * perPage)), formatCount(total))}
      </span>
      <span className="flex gap-2">
        <Button size="sm" disabled={page <= 1} onClick={() => onPage(page - 1)}>
          {words.back}
        </Button>
        <Button size="sm" disabled={page >= last} onClick={() => onPage(page + 1)}>
          {words.on}
        </Button>
      </span>
    </nav>
  );
}
