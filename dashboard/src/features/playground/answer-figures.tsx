import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type LogRow, logRowQuery } from '../../api/logs.ts';
import { Money } from '../../components/money.tsx';
import { formatDuration } from '../../format/durations.ts';
import { cacheMark } from '../../format/log-facts.ts';
import { formatExactMoney } from '../../format/money.ts';
import { formatCount, UNKNOWN } from '../../format/numbers.ts';
import { logWords } from '../../words/logs.ts';
import { playgroundWords as words } from '../../words/playground.ts';
import type { Run } from './run.ts';

/** A record is stored a moment after its answer. */
const TRIES = 12;
const PAUSE_MS = 500;

/** What an answer took and cost: as this page saw it, then as the record has it. */
export function AnswerFigures({ gateway, run }: { readonly gateway: string; readonly run: Run }) {
  const { logId, state } = run;
  const { data: log, isError } = useQuery({
    ...logRowQuery(gateway, logId ?? ''),
    enabled: logId !== null && state === 'ended',
    retry: TRIES,
    retryDelay: PAUSE_MS,
  });
  const isOver = state === 'ended';
  const tokensIn = log?.tokens_in ?? run.answer.usage.tokensIn;
  const tokensOut = log?.tokens_out ?? run.answer.usage.tokensOut;
  const noRecord = isOver && (logId === null || isError) ? words.noRecord : undefined;
  return (
    <dl className="grid grid-cols-3 gap-x-3 gap-y-2 border-t border-kumo-hairline pt-3">
      <Figure
        name={words.figures.firstByte}
        hint={log?.ttfb ? words.measuredThere : words.measuredHere}
        isKnown={run.firstByteMs !== null || log?.ttfb != null}
      >
        {formatDuration(log?.ttfb ?? run.firstByteMs)}
      </Figure>
      <Figure
        name={words.figures.duration}
        hint={log ? words.measuredThere : words.measuredHere}
        isKnown={log !== undefined || run.durationMs !== null}
      >
        {formatDuration(log?.duration ?? run.durationMs)}
      </Figure>
      <Figure
        name={words.figures.rate}
        hint={noRecord ?? words.noRate}
        isKnown={log?.tokens_per_second != null}
      >
        {log?.tokens_per_second == null ? UNKNOWN : formatCount(Math.round(log.tokens_per_second))}
      </Figure>
      <Figure name={words.figures.tokens} hint={noRecord} isKnown={tokensIn !== null || tokensOut !== null}>
        {tokensIn === null && tokensOut === null
          ? UNKNOWN
          : `${formatCount(tokensIn)} → ${formatCount(tokensOut)}`}
      </Figure>
      <Figure name={words.figures.cost} hint={noRecord} isKnown={log?.cost != null}>
        <Money usd={log?.cost} reason={noRecord ?? words.noPrice} />
      </Figure>
      <CacheFigure run={run} log={log} />
    </dl>
  );
}

function CacheFigure({ run, log }: { readonly run: Run; readonly log: LogRow | undefined }) {
  const mark = log === undefined ? (run.cacheStatus?.toLowerCase() ?? null) : cacheMark(log);
  if (mark === null || !Object.hasOwn(logWords.cache, mark))
    return (
      <Figure name={words.figures.cache} hint={words.cacheOff} isKnown={false}>
        {UNKNOWN}
      </Figure>
    );
  const known = mark as keyof typeof logWords.cache;
  const isFromCache = known !== 'miss';
  return (
    <Figure
      name={words.figures.cache}
      hint={[logWords.cacheHints[known], log?.saved ? words.saved(formatExactMoney(log.saved)) : '']
        .filter((hint) => hint !== '')
        .join('. ')}
      isKnown
    >
      <span className={isFromCache ? 'text-kumo-success' : ''}>{logWords.cache[known]}</span>
    </Figure>
  );
}

interface FigureProps {
  readonly name: string;
  readonly hint: string | undefined;
  readonly isKnown: boolean;
  readonly children: ReactNode;
}

function Figure({ name, hint, isKnown, children }: FigureProps) {
  return (
    <div className="min-w-0" {...(hint !== undefined && { title: hint })}>
      <dt className="text-xs text-kumo-subtle">{name}</dt>
      <dd className={`figures truncate ${isKnown ? '' : 'text-kumo-subtle'}`}>{children}</dd>
    </div>
  );
}
