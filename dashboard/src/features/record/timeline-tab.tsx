import type { LogRow } from '../../api/logs.ts';
import { HostileText } from '../../components/hostile-text.tsx';
import { formatDuration } from '../../format/durations.ts';
import { formatCount } from '../../format/numbers.ts';
import { timelineWords as words } from '../../words/record.ts';
import {
  type AttemptBar,
  axisTicks,
  type Phase,
  type Segment,
  type Timeline,
  timelineOf,
} from './timeline.ts';

const COLOR: Readonly<Record<Phase, string>> = {
  gateway: 'bg-kumo-contrast/50',
  cache: 'bg-kumo-success',
  waiting: 'bg-tide/40',
  streaming: 'bg-tide',
  failed: 'bg-kumo-danger',
  pause: 'bg-kumo-warning/50',
  finishing: 'bg-kumo-contrast/50',
};

export function TimelineTab({ log }: { readonly log: LogRow }) {
  const timeline = timelineOf(log);
  const { segments, attempts, totalMs } = timeline;
  const place = (beginMs: number, endMs: number) => ({
    left: `${totalMs === 0 ? 0 : (beginMs / totalMs) * 100}%`,
    width: `${totalMs === 0 ? 0 : ((endMs - beginMs) / totalMs) * 100}%`,
  });
  return (
    <section className="flex flex-col gap-5 p-4">
      <div>
        <div className="mb-3 flex flex-wrap items-baseline justify-between gap-2">
          <h3 className="text-sm font-medium">{words.title}</h3>
          <span className="figures">{formatDuration(totalMs)}</span>
        </div>
        <div aria-hidden="true">
          <div className="relative h-6 overflow-hidden rounded-sm bg-kumo-tint">
            {segments.map((segment) => (
              <div
                key={segment.beginMs}
                title={`${words.phases[segment.phase]}: ${formatDuration(segment.endMs - segment.beginMs)}`}
                className={`absolute inset-y-0 min-w-px border-r border-kumo-base last:border-0 ${COLOR[segment.phase]}`}
                style={place(segment.beginMs, segment.endMs)}
              />
            ))}
          </div>
          {attempts.length > 1 &&
            attempts.map((attempt) => (
              <div key={attempt.number} className="relative mt-1 h-3 rounded-sm bg-kumo-tint/60">
                <div
                  title={words.attempt(attempt.number, attempt.provider)}
                  className={`absolute inset-y-0 min-w-0.5 rounded-sm ${attempt.isFailed ? 'bg-kumo-danger' : 'bg-tide'}`}
                  style={place(attempt.beginMs, attempt.endMs)}
                />
              </div>
            ))}
          <Axis totalMs={totalMs} />
        </div>
        {log.overhead !== null && (
          <p className="mt-2 text-xs text-kumo-subtle">{words.overhead(formatDuration(log.overhead))}</p>
        )}
      </div>
      <Phases segments={segments} log={log} />
      <Attempts timeline={timeline} />
    </section>
  );
}

function Axis({ totalMs }: { readonly totalMs: number }) {
  return (
    <div className="relative mt-1 h-5">
      {axisTicks(totalMs).map((tick) => (
        <span
          key={tick}
          className="figures absolute border-l border-kumo-line pl-1 text-[11px] whitespace-nowrap text-kumo-subtle"
          style={{ left: `${totalMs === 0 ? 0 : (tick / totalMs) * 100}%` }}
        >
          {tick / (totalMs || 1) > 0.92 ? '' : tick === 0 ? '0' : formatDuration(tick)}
        </span>
      ))}
    </div>
  );
}

function Phases({ segments, log }: { readonly segments: readonly Segment[]; readonly log: LogRow }) {
  return (
    <table className="w-full text-left text-sm">
      <thead className="text-xs text-kumo-subtle">
        <tr>
          <th scope="col" className="h-8 font-normal">
            {words.table.phase}
          </th>
          <th scope="col" className="w-28 text-right font-normal">
            {words.table.begin}
          </th>
          <th scope="col" className="w-24 text-right font-normal">
            {words.table.length}
          </th>
        </tr>
      </thead>
      <tbody>
        {segments.map(({ phase, beginMs, endMs }) => (
          <tr key={beginMs} className="h-8 border-t border-kumo-hairline">
            <td>
              <span aria-hidden="true" className={`mr-2 inline-block size-2 rounded-xs ${COLOR[phase]}`} />
              {words.phases[phase]}
              {phase === 'streaming' && log.tokens_per_second !== null && (
                <span className="figures ml-2 text-xs text-kumo-subtle" title={words.tokensPerSecond}>
                  {formatCount(log.tokens_per_second)} tokens/s
                </span>
              )}
            </td>
            <td className="figures text-right">{formatDuration(beginMs)}</td>
            <td className="figures text-right">{formatDuration(endMs - beginMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Attempts({ timeline }: { readonly timeline: Timeline }) {
  return (
    <div>
      <h3 className="mb-2 text-sm font-medium">{words.attempts}</h3>
      {timeline.attempts.length === 0 ? (
        <p className="text-sm text-kumo-subtle">{words.noAttempts}</p>
      ) : (
        <ol className="flex flex-col">
          {timeline.attempts.map((attempt) => (
            <Attempt key={attempt.number} attempt={attempt} />
          ))}
        </ol>
      )}
    </div>
  );
}

function Attempt({ attempt }: { readonly attempt: AttemptBar }) {
  const { number, provider, model, beginMs, endMs, note, isFailed, step } = attempt;
  return (
    <li className="flex min-w-0 flex-wrap items-baseline gap-x-3 border-t border-kumo-hairline py-1.5 text-sm">
      <span className="min-w-0 flex-1 basis-56 break-words">
        <HostileText text={words.attempt(number, provider)} />
        <span className="ml-2 text-xs text-kumo-subtle">
          {model !== null && <HostileText text={model} />} {step > 0 && `(${words.step(step + 1)})`}
        </span>
        <span className={`block text-xs break-words ${isFailed ? 'text-kumo-danger' : 'text-kumo-subtle'}`}>
          <HostileText text={note} />
        </span>
      </span>
      <span className="figures text-kumo-subtle">
        +{beginMs < 1 ? formatDuration(0) : formatDuration(beginMs)}
      </span>
      <span className="figures w-20 text-right">{formatDuration(endMs - beginMs)}</span>
    </li>
  );
}
