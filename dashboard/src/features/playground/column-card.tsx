import { useEffect, useRef, useState } from 'react';
import type { Provider } from '../../api/providers.ts';
import { playgroundWords as words } from '../../words/playground.ts';
import { AnswerView } from './answer-view.tsx';
import type { Column } from './columns.ts';
import { ModelChoice } from './model-choice.tsx';
import type { Run } from './run.ts';

interface ColumnCardProps {
  readonly gateway: string;
  readonly column: Column;
  readonly providers: readonly Provider[];
  readonly withKey: ReadonlySet<string> | null;
  readonly run: Run | null;
  readonly mayRead: boolean;
  readonly onChange: (column: Column) => void;
  readonly onRemove: (() => void) | null;
  readonly onStop: () => void;
  readonly onContinue: () => void;
  readonly onAddToDataset: ((id: string) => void) | null;
}

/** A model with its parameters, and under it what it answers. */
export function ColumnCard(props: ColumnCardProps) {
  const { gateway, column, providers, withKey, run, onChange, onRemove } = props;
  const { mayRead, onStop, onContinue, onAddToDataset } = props;
  const logId = run?.logId ?? null;
  return (
    <article
      aria-label={words.answerOf(column.model)}
      className="flex min-w-0 flex-col rounded-lg border border-kumo-hairline bg-kumo-base"
    >
      <ModelChoice
        gateway={gateway}
        column={column}
        providers={providers}
        withKey={withKey}
        onChange={onChange}
        onRemove={onRemove}
      />
      <div className="flex flex-1 flex-col border-t border-kumo-hairline">
        {run === null ? (
          <p className="p-3 text-sm text-kumo-subtle">{words.noAnswerYet}</p>
        ) : (
          <AnswerView
            gateway={gateway}
            asked={column.model}
            run={run}
            mayRead={mayRead}
            onStop={onStop}
            onContinue={onContinue}
            onAddToDataset={onAddToDataset && logId !== null ? () => onAddToDataset(logId) : null}
          />
        )}
      </div>
      <Announcement run={run} />
    </article>
  );
}

/** Says that an answer is there, once; reading it aloud while it comes would be noise. */
function Announcement({ run }: { readonly run: Run | null }) {
  const [text, setText] = useState('');
  const before = useRef<Run['state'] | null>(null);
  const state = run?.state ?? null;
  const isRefused = run !== null && run.refusal !== null;
  const model = run?.model ?? '';
  useEffect(() => {
    if (state === before.current) return;
    before.current = state;
    setText(state === 'ended' ? (isRefused ? words.failed(model) : words.ended(model)) : '');
  }, [state, isRefused, model]);
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
