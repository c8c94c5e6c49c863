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
    stream ?? destination({ fd: 2, sync: false }),
  );
  const write =
    (severity: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      if (log.isLevelEnabled(severity)) log[severity](redact(fields) as object, redactText(message));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
