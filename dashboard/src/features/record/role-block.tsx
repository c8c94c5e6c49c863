import type { ReactNode } from 'react';
import { HostileText } from '../../components/hostile-text.tsx';
import { conversationWords as words } from '../../words/record.ts';

interface RoleBlockProps {
  readonly speaker: string;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

/** A speaker as a quiet label, and what it said. */
export function RoleBlock({ speaker, note, children }: RoleBlockProps) {
  return (
    <section className="min-w-0">
      <p className="mb-1 flex items-baseline gap-2 text-xs text-kumo-subtle">
        {Object.hasOwn(words.roles, speaker) ? words.roles[speaker] : <HostileText text={speaker} />}
        {note}
      </p>
      <div
        className={`flex min-w-0 flex-col gap-2 border-l-2 pl-3 ${speaker === 'answer' ? 'border-tide' : speaker === 'user' ? 'border-kumo-contrast/40' : 'border-kumo-hairline'}`}
      >
        {children}
      </div>
    </section>
  );
}
