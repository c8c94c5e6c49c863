import { Button } from '@cloudflare/kumo/components/button';
import { ArrowBendDownRightIcon, ArrowSquareOutIcon, DatabaseIcon, StopIcon } from '@phosphor-icons/react';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ConversationPart } from '../../../../src/api/contract/conversation.ts';
import { PartView } from '../../components/conversation/part-view.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { HostileText } from '../../components/hostile-text.tsx';
import { playgroundWords as words } from '../../words/playground.ts';
import { type AnswerPart, answerText } from './answer.ts';
import { AnswerFigures } from './answer-figures.tsx';
import { parsedArguments } from './draft.ts';
import { RefusalView } from './refusal-view.tsx';
import type { Run } from './run.ts';

interface AnswerViewProps {
  readonly gateway: string;
  /** The model that its column names now. */
  readonly asked: string;
  readonly run: Run;
  readonly onStop: () => void;
  readonly onContinue: () => void;
  readonly mayRead: boolean;
  /** Null for those who may not. */
  readonly onAddToDataset: (() => void) | null;
}

/** An answer as it comes, and what it took. */
export function AnswerView(props: AnswerViewProps) {
  const { gateway, asked, run, mayRead, onStop, onContinue, onAddToDataset } = props;
  const { answer, state, logId } = run;
  const parts = useMemo(() => answer.parts.map(shown), [answer.parts]);
  const text = answerText(answer);
  const progress = stateText(run, asked);
  const isEmpty = state === 'ended' && parts.length === 0 && run.refusal === null && !run.isStopped;
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-3 p-3">
      <div className="flex min-h-7 items-center gap-2 empty:hidden">
        {progress !== '' && (
          <p className="min-w-0 flex-1 text-xs break-words text-kumo-subtle">
            <HostileText text={progress} />
          </p>
        )}
        {state !== 'ended' && (
          <Button size="sm" icon={<StopIcon />} onClick={onStop}>
            {words.stop}
          </Button>
        )}
        {state === 'ended' && text !== '' && <CopyButton text={text} label={words.copyAnswer} />}
      </div>
      <div className="flex min-h-24 min-w-0 flex-1 flex-col gap-2">
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names, and their order does not change
          <PartView key={index} part={part} lines={2000} />
        ))}
        {isEmpty && answer.error === null && <p className="text-sm text-kumo-subtle">{words.emptyAnswer}</p>}
        {run.refusal !== null && <RefusalView gateway={gateway} status={run.status} refusal={run.refusal} />}
        {answer.error !== null && (
          <p role="alert" className="text-sm break-words text-kumo-danger">
            {words.brokeOff}: <HostileText text={answer.error} />
          </p>
        )}
        {run.isTooLong && <p className="text-sm text-kumo-warning">{words.tooLong}</p>}
      </div>
      <AnswerFigures gateway={gateway} run={run} />
      {state === 'ended' && (
        <div className="flex flex-wrap gap-2">
          {parts.length > 0 && (
            <Button size="sm" icon={<ArrowBendDownRightIcon />} onClick={onContinue}>
              {words.continue}
            </Button>
          )}
          {logId !== null && mayRead && (
            <Link to="/g/$gateway/logs/$log" params={{ gateway, log: logId } as never}>
              <Button size="sm" tabIndex={-1} icon={<ArrowSquareOutIcon />}>
                {words.openRecord}
              </Button>
            </Link>
          )}
          {logId !== null && onAddToDataset && (
            <Button size="sm" icon={<DatabaseIcon />} onClick={onAddToDataset}>
              {words.addToDataset}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** How far it is, and who answered where that is not who stands above. */
function stateText({ state, isStopped, answer, model }: Run, asked: string): string {
  const served = answer.model ?? model;
  const progress =
    state === 'waiting'
      ? words.waiting
      : state === 'streaming'
        ? words.streaming
        : isStopped
          ? words.stopped
          : answer.finishReason !== null
            ? words.finish(answer.finishReason)
            : '';
  return [served === asked.trim() ? '' : served, progress].filter((text) => text !== '').join(' · ');
}

/** A part as the pages of records show it. */
function shown(part: AnswerPart): ConversationPart {
  switch (part.type) {
    case 'tool-call':
      return { type: 'tool-call', id: part.id, name: part.name, arguments: parsedArguments(part) };
    case 'image':
      return {
        type: 'image',
        media_type: part.mediaType,
        data_url: `data:${part.mediaType};base64,${part.data}`,
        url: null,
        bytes: Math.floor((part.data.length * 3) / 4),
        name: null,
      };
    default:
      return { type: part.type, text: part.text };
  }
}
