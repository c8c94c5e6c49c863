import { Button } from '@cloudflare/kumo/components/button';
import { Checkbox } from '@cloudflare/kumo/components/checkbox';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { Input } from '@cloudflare/kumo/components/input';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { conversationQuery, type LogRow, logQuery } from '../../api/logs.ts';
import { PartView } from '../../components/conversation/part-view.tsx';
import { HostileText } from '../../components/hostile-text.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { formatDuration } from '../../format/durations.ts';
import { cacheMark } from '../../format/log-facts.ts';
import { formatMoney } from '../../format/money.ts';
import { formatCount } from '../../format/numbers.ts';
import { logWords } from '../../words/logs.ts';
import { replayWords as words } from '../../words/record.ts';
import { shellWords } from '../../words/shell.ts';
import { useReplay } from './use-replay.ts';

interface ReplayDialogProps {
  readonly gateway: string;
  readonly log: LogRow;
  readonly onClose: () => void;
}

/** The stored request, sent again: the answers side by side, with what each cost and took. */
export function ReplayDialog({ gateway, log, onClose }: ReplayDialogProps) {
  const [model, setModel] = useState('');
  const [skipsCache, setSkipsCache] = useState(true);
  const { state, start, stop } = useReplay(gateway, log.id);
  useEffect(() => stop, [stop]);
  const isRunning = state.kind === 'running';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isRunning) stop();
    else start(model.trim() === '' ? null : model.trim(), skipsCache);
  };
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog
        className="flex max-h-[90dvh] w-[min(72rem,calc(100vw-2rem))] max-w-none flex-col overflow-y-auto p-6"
        size="xl"
      >
        <Dialog.Title className="text-base font-medium">{words.title}</Dialog.Title>
        <Dialog.Description className="mt-1 text-sm text-kumo-subtle">{words.text}</Dialog.Description>
        <form className="mt-4 flex flex-wrap items-end gap-3" onSubmit={submit}>
          <div className="w-72 max-w-full">
            <Input
              label={words.model}
              value={model}
              placeholder={log.model_requested ?? log.model ?? ''}
              title={words.modelHint}
              spellCheck={false}
              className="w-full"
              onChange={(event) => setModel(event.target.value)}
            />
          </div>
          <span className="flex h-9 items-center">
            <Checkbox label={words.skipCache} checked={skipsCache} onCheckedChange={setSkipsCache} />
          </span>
          <Button type="submit" variant={isRunning ? 'secondary' : 'primary'}>
            {isRunning ? words.stop : words.run}
          </Button>
        </form>
        <div className="mt-5 grid min-h-48 grid-cols-1 gap-6 md:grid-cols-2">
          <Side title={words.original}>
            <Recorded gateway={gateway} id={log.id} />
          </Side>
          <Side title={words.again}>
            <div role="status" aria-live="polite" className="empty:hidden">
              {state.kind === 'idle' && <p className="text-sm text-kumo-subtle">—</p>}
              {state.kind === 'refused' && (
                <p className="text-sm break-words text-kumo-danger">
                  {words.refused}: <HostileText text={state.message} />
                </p>
              )}
              {state.kind === 'running' && state.text === '' && (
                <p className="text-sm text-kumo-subtle">{words.waiting}</p>
              )}
            </div>
            {state.kind === 'running' && (
              <p className="break-words whitespace-pre-wrap">
                <HostileText text={state.text} />
              </p>
            )}
            {state.kind === 'ended' && <Ended gateway={gateway} state={state} onClose={onClose} />}
          </Side>
        </div>
        <div className="mt-6 flex justify-end">
          <Button onClick={onClose}>{shellWords.close}</Button>
        </div>
      </Dialog>
    </Dialog.Root>
  );
}

function Side({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-2 text-sm font-medium">{title}</h3>
      <div className="flex min-w-0 flex-col gap-2">{children}</div>
    </section>
  );
}

interface EndedProps {
  readonly gateway: string;
  readonly state: {
    readonly status: number;
    readonly text: string;
    readonly id: string | null;
    readonly isStopped: boolean;
  };
  readonly onClose: () => void;
}

function Ended({ gateway, state, onClose }: EndedProps) {
  return (
    <>
      {state.status >= 400 && (
        <p className="text-sm text-kumo-danger">{words.failed(String(state.status))}</p>
      )}
      {state.isStopped && <p className="text-sm text-kumo-subtle">{words.stopped}</p>}
      {state.id === null ? (
        <p className="break-words whitespace-pre-wrap">
          <HostileText text={state.text || words.noText} />
        </p>
      ) : (
        <>
          <Recorded gateway={gateway} id={state.id} fallback={state.text} />
          <Link
            to="/g/$gateway/logs/$log"
            params={{ gateway, log: state.id } as never}
            className="text-sm text-kumo-link hover:underline"
            onClick={onClose}
          >
            {words.openRecord}
          </Link>
        </>
      )}
    </>
  );
}

interface RecordedProps {
  readonly gateway: string;
  readonly id: string;
  /** What is shown until the record can be read. */
  readonly fallback?: string;
}

const TRIES = 8;
const PAUSE_MS = 500;

/** The figures and the answer of a record. One that has just ended is stored within moments. */
function Recorded({ gateway, id, fallback = '' }: RecordedProps) {
  const again = { retry: TRIES, retryDelay: PAUSE_MS };
  const { data: log } = useQuery({ ...logQuery(gateway, id), ...again });
  const { data: conversation, isError } = useQuery({
    ...conversationQuery(gateway, id),
    ...again,
    enabled: log !== undefined,
  });
  const mark = log === undefined ? null : cacheMark(log);
  return (
    <>
      <p className="figures min-h-5 text-kumo-subtle">
        {log !== undefined &&
          [
            log.model,
            formatMoney(log.cost),
            formatDuration(log.duration),
            `${formatCount(log.tokens_in)} → ${formatCount(log.tokens_out)}`,
            mark === null ? null : logWords.cache[mark],
          ]
            .filter(Boolean)
            .join(' · ')}
      </p>
      {conversation?.answer?.parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names, and their order does not change
        <PartView key={index} part={part} lines={40} />
      ))}
      {conversation === undefined && fallback !== '' && (
        <p className="break-words whitespace-pre-wrap">
          <HostileText text={fallback} />
        </p>
      )}
      {conversation === undefined && fallback === '' && !isError && <Skeleton className="h-16 w-full" />}
      {conversation !== undefined && conversation.answer === null && (
        <p className="text-sm break-words text-kumo-subtle">
          <HostileText text={log?.error_message ?? (fallback || words.noText)} />
        </p>
      )}
    </>
  );
}
