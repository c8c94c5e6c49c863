import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino';
import type { Logger } from '../core/logger.ts';
import { redact, redactText } from './redact.ts';

export type LoggerLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * The gateway's own log: one JSON object per line, on standard error unless told otherwise. Lines are written off the
 * event loop's way, in order, and flushed when the process exits. Everything goes through redact().
 */
export function openLogger(level: LoggerLevel, stream?: DestinationStream): Logger {
  const log = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream ?? logDestination(2),
  );
  const write =
    (severity: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      if (log.isLevelEnabled(severity)) log[severity](redact(fields) as object, redactText(message));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Bytes of lines that may wait for a slow reader of the log; beyond it lines are dropped, so that memory is not. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/** A file descriptor to log to. A full disk or a reader that went away costs lines, and never the gateway. */
export function logDestination(fd: number): ReturnType<typeof destination> {
  const target = destination({ fd, sync: false, maxLength: MOST_WAITING_BYTES });
  target.on('error', () => {});
  return target;
}
