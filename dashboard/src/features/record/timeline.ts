import type { LogObject } from '../../../../src/api/contract.ts';
import { timelineWords as words } from '../../words/record.ts';

export type Phase = keyof typeof words.phases;

export interface Segment {
  readonly phase: Phase;
  readonly beginMs: number;
  readonly endMs: number;
}

export interface AttemptBar {
  readonly number: number;
  readonly step: number;
  readonly provider: string;
  readonly model: string | null;
  readonly beginMs: number;
  readonly endMs: number;
  /** Ms after the request arrived; null when nothing came. */
  readonly firstByteMs: number | null;
  readonly note: string;
  readonly isFailed: boolean;
}

export interface Timeline {
  readonly totalMs: number;
  readonly segments: readonly Segment[];
  readonly attempts: readonly AttemptBar[];
}

type TimedLog = Pick<LogObject, 'duration' | 'ttfb' | 'attempts' | 'cached' | 'timings'>;

/**
 * One bar from received to ended, without holes: what no attempt explains was spent in the gateway. Attempts are the
 * gateway's own clock, so that a negative or overlapping one can only be a broken record; it is cut to fit.
 */
export function timelineOf(log: TimedLog): Timeline {
  const totalMs = Math.max(log.timings.total, log.duration, 0);
  const inside = (ms: number): number => Math.min(Math.max(ms, 0), totalMs);
  const attempts = log.attempts.map((attempt, index): AttemptBar => {
    const beginMs = inside(attempt.started);
    return {
      number: index + 1,
      step: attempt.step,
      provider: attempt.provider,
      model: attempt.model,
      beginMs,
      endMs: Math.max(beginMs, inside(attempt.started + attempt.duration)),
      firstByteMs: attempt.first_byte === null ? null : inside(attempt.started + attempt.first_byte),
      note: noteOf(attempt),
      isFailed: attempt.error !== null || (attempt.status_code ?? 0) >= 400,
    };
  });
  return { totalMs, attempts, segments: segmentsOf(log, attempts, totalMs) };
}

function segmentsOf(log: TimedLog, attempts: readonly AttemptBar[], totalMs: number): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  const until = (endMs: number, phase: Phase): void => {
    if (endMs <= at) return;
    segments.push({ phase, beginMs: at, endMs });
    at = endMs;
  };
  if (log.cached && attempts.length === 0) {
    until(Math.min(log.ttfb ?? totalMs, totalMs), 'cache');
    until(totalMs, 'streaming');
    return segments;
  }
  attempts.forEach((attempt, index) => {
    until(attempt.beginMs, index === 0 ? 'gateway' : 'pause');
    if (index < attempts.length - 1) {
      until(attempt.endMs, 'failed');
      return;
    }
    if (attempt.firstByteMs === null) {
      until(attempt.endMs, attempt.isFailed ? 'failed' : 'waiting');
      return;
    }
    until(attempt.firstByteMs, 'waiting');
    // The attempt ends with its last byte; what is left is ours.
    until(Math.max(attempt.endMs, attempt.firstByteMs), attempt.isFailed ? 'failed' : 'streaming');
  });
  until(totalMs, attempts.length === 0 ? 'gateway' : 'finishing');
  return segments;
}

function noteOf({ status_code: status, error, message }: LogObject['attempts'][number]): string {
  const why = [error, message].filter((text) => text !== null && text !== '').join(': ');
  if (status === null) return why === '' ? words.noAnswer : words.failed(why);
  return why === '' ? words.answered(status) : `${words.answered(status)}, ${why}`;
}

/** Where the marks of the axis stand: round numbers, at most six. */
export function axisTicks(totalMs: number): number[] {
  if (!(totalMs > 0)) return [0];
  const rough = totalMs / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((width) => width >= rough)!;
  return Array.from({ length: Math.floor(totalMs / step + 1e-9) + 1 }, (_, index) => index * step);
}
