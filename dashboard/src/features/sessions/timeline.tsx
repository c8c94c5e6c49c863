import { useSuspenseQuery } from '@tanstack/react-query';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type Ref, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { AgentSession } from '../../api/agent-sessions.ts';
import type { LogRow } from '../../api/logs.ts';
import { may, sessionQuery } from '../../api/session.ts';
import { sessionWords as words } from '../../words/sessions.ts';
import { type Loop, loopAt } from './loops.ts';
import { cumulativeCosts } from './session-facts.ts';
import { Turn } from './turn.tsx';
import { useStay } from './use-stay.ts';

export interface TimelineHandle {
  readonly goTo: (index: number) => void;
}

interface TimelineProps {
  readonly ref: Ref<TimelineHandle>;
  readonly gateway: string;
  readonly session: AgentSession;
  readonly logs: readonly LogRow[];
  readonly loops: readonly Loop[];
  readonly isWhole: boolean;
}

const GUESSED_PX = 150;
/** The page's own bar and the row of jumps lie above what is gone to. */
const ABOVE_PX = 124;

/** The requests of a session from top to bottom: those in sight are in the page, and only they are read. */
export function Timeline({ ref, gateway, session, logs, loops, isWhole }: TimelineProps) {
  const { data: reader } = useSuspenseQuery(sessionQuery);
  const list = useRef<HTMLOListElement>(null);
  const [margin, setMargin] = useState(0);
  const [goal, setGoal] = useState<number | null>(null);
  useLayoutEffect(() => {
    if (list.current) setMargin(Math.round(list.current.getBoundingClientRect().top + window.scrollY));
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: logs.length,
    estimateSize: () => GUESSED_PX,
    getItemKey: (index) => logs[index]?.id ?? index,
    overscan: 3,
    scrollMargin: margin,
    scrollPaddingStart: ABOVE_PX,
  });
  const stay = useStay();
  useImperativeHandle(
    ref,
    () => ({
      goTo: (index) => {
        setGoal(index);
        stay(() => virtualizer.scrollToIndex(index, { align: 'start' }));
      },
    }),
    [virtualizer, stay],
  );
  const costs = useMemo(() => cumulativeCosts(logs), [logs]);
  const total = costs.at(-1) ?? 0;
  const mayRead = may(reader, 'read');
  return (
    <div>
      {!mayRead && <p className="mb-3 text-sm text-kumo-subtle">{words.notRead}</p>}
      <p aria-hidden="true" className="pb-1 text-xs text-kumo-subtle max-sm:hidden">
        {words.costSoFar}
      </p>
      <ol ref={list} className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => (
          <li
            key={item.key}
            ref={virtualizer.measureElement}
            data-index={item.index}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${item.start - margin}px)` }}
          >
            <Turn
              gateway={gateway}
              index={item.index}
              log={logs[item.index]!}
              previous={logs[item.index - 1] ?? null}
              next={logs[item.index + 1] ?? null}
              loop={loopAt(loops, item.index)}
              cost={{ before: costs[item.index - 1] ?? 0, after: costs[item.index] ?? 0, total }}
              mayRead={mayRead}
              isGoal={goal === item.index}
            />
          </li>
        ))}
      </ol>
      {isWhole && (
        <p role="status" className="py-4 text-center text-xs text-kumo-subtle">
          {session.state === 'done' ? words.end : words.running}
        </p>
      )}
    </div>
  );
}
