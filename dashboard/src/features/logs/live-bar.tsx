import { Button } from '@cloudflare/kumo/components/button';
import { ArrowUpIcon } from '@phosphor-icons/react';
import type { StreamState } from '../../api/log-stream.ts';
import { formatCount } from '../../format/numbers.ts';
import { logWords as words } from '../../words/logs.ts';
import type { Tail } from './tail.ts';

interface LiveBarProps {
  readonly tail: Tail;
  readonly state: StreamState;
  readonly onShow: () => void;
}

const STATE_WORDS = { connecting: words.liveConnecting, open: words.liveOpen, lost: words.liveLost } as const;

/** What the live tail does, and what came while the reader looked elsewhere. Its place is kept, so nothing jumps. */
export function LiveBar({ tail, state, onShow }: LiveBarProps) {
  const count = tail.waiting.length;
  return (
    <div className="sticky top-14 z-20 mb-2 flex min-h-8 flex-wrap items-center gap-3 text-xs text-kumo-subtle">
      <span className="flex items-center gap-2 rounded-md bg-kumo-canvas py-1 pr-2">
        <span
          aria-hidden="true"
          className={`size-2 rounded-full ${state === 'open' ? 'animate-pulse bg-kumo-success' : state === 'lost' ? 'bg-kumo-danger' : 'bg-kumo-warning'}`}
        />
        <span role="status">{STATE_WORDS[state]}</span>
      </span>
      {count > 0 && (
        <Button size="sm" variant="primary" icon={<ArrowUpIcon />} aria-live="polite" onClick={onShow}>
          {words.fresh(formatCount(count))}
        </Button>
      )}
      {tail.skipped > 0 && (
        <span className="text-kumo-warning">{words.skipped(formatCount(tail.skipped))}</span>
      )}
    </div>
  );
}
