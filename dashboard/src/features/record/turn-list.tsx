import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { PartView } from '../../components/conversation/part-view.tsx';
import { HostileText } from '../../components/hostile-text.tsx';
import { conversationWords as words } from '../../words/record.ts';
import type { Turn } from './conversation-view.ts';
import { RoleBlock } from './role-block.tsx';

interface TurnListProps {
  readonly turns: readonly Turn[];
  readonly mark: string;
  /** How the answer ended. */
  readonly finishReason: string | null;
}

/** So many turns are simply there: then the browser's own search and printing work too. */
const MOST_PLAIN = 80;
const GUESSED_PX = 120;

export function TurnList({ turns, mark, finishReason }: TurnListProps) {
  if (turns.length > MOST_PLAIN) return <LongList turns={turns} mark={mark} finishReason={finishReason} />;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {turns.map((turn) => (
        <TurnBlock key={turn.key} turn={turn} mark={mark} finishReason={finishReason} />
      ))}
    </div>
  );
}

/** Hundreds of turns: only those in sight are in the page. */
function LongList({ turns, mark, finishReason }: TurnListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: turns.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => turns[index]!.key,
    estimateSize: () => GUESSED_PX,
    overscan: 6,
    gap: 16,
  });
  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
      tabIndex={0}
      aria-label={words.messages}
      className="max-h-[75vh] min-w-0 overflow-y-auto rounded-md border border-kumo-hairline p-3"
    >
      <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => (
          <div
            key={item.key}
            ref={virtualizer.measureElement}
            data-index={item.index}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            <TurnBlock turn={turns[item.index]!} mark={mark} finishReason={finishReason} />
          </div>
        ))}
      </div>
    </section>
  );
}

interface TurnBlockProps {
  readonly turn: Turn;
  readonly mark: string;
  readonly finishReason: string | null;
}

function TurnBlock({ turn, mark, finishReason }: TurnBlockProps) {
  const note =
    turn.isAnswer && finishReason !== null ? <HostileText text={words.finish(finishReason)} /> : undefined;
  return (
    <RoleBlock speaker={turn.isAnswer ? 'answer' : turn.role} note={note}>
      {turn.parts.length === 0 && <p className="text-sm text-kumo-subtle">{words.emptyMessage}</p>}
      {turn.parts.map((shown, index) => (
        <PartView
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names, and their order does not change
          key={index}
          part={shown.part}
          result={shown.result}
          toolName={shown.toolName}
          mark={mark}
        />
      ))}
    </RoleBlock>
  );
}
