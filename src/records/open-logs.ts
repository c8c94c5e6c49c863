import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Health } from '../core/health.ts';
import type { Logger } from '../core/logger.ts';
import type { LogPolicy } from '../core/stores/log-writer.ts';
import type { LogStore, RecordSink } from '../core/stores/logs.ts';
import type { Command, Question, Report, WorkerSettings, WriterStats, WriterTiming } from './messages.ts';
import { createSignal, Signal } from './signal.ts';
import { Spool } from './spool.ts';
import { ThreadedLogStore } from './threaded-log-store.ts';
import { WorkerLink } from './worker-link.ts';

export interface LogsOptions {
  /** Holds spool/, logs/ and bodies/. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly health: Health;
  readonly logger: Logger;
  /** Module that is a LogBackend, e.g. stores/sqlite/logs.ts. */
  readonly logModule: URL;
  /** Module that is a BodyBackend, e.g. stores/files/bodies.ts. */
  readonly bodyModule: URL;
  readonly segmentBytes?: number;
  readonly timing?: Partial<WriterTiming>;
}

export interface LogsStats {
  /** Records of this process that are in the spool only. */
  readonly backlogRecords: number;
  /** Bytes of the spool that are not in the store yet, those of earlier processes included. */
  readonly backlogBytes: number;
  readonly unpackedBytes: number;
  readonly rows: number;
  /** The last thing that went wrong, also when it is over; null on a good day. */
  readonly lastError: string | null;
}

export interface Logs {
  readonly sink: RecordSink;
  readonly store: LogStore;
  /** What gateways want kept; replaces what was said before. */
  applyPolicies(policies: readonly LogPolicy[]): void;
  stats(): LogsStats;
  /** Takes over what it can within the time; the rest waits in the spool for the next start. */
  close(withinMs?: number): Promise<void>;
}

const DEFAULT_TIMING: WriterTiming = {
  gatherMs: 50,
  sweepMs: 1000,
  shrinkMs: 10_000,
  restMs: 30_000,
  unpackedBytes: 512 * 1024 * 1024,
  syncMs: null,
};
const CLOSE_MS = 5000;
/** Checking reads the whole store. */
const CHECK_EVERY_MS = 600_000;

/** Starts the spool and the threads behind it. Records can be appended at once, whatever state the store is in. */
export function openLogs(options: LogsOptions): Logs {
  const { dataDir, clock, health, logger } = options;
  let policies: readonly LogPolicy[] = [];
  const memory = createSignal();
  const signal = new Signal(memory);
  const spoolFolder = join(dataDir, 'spool');
  const bodyFolder = join(dataDir, 'bodies');
  mkdirSync(spoolFolder, { recursive: true });
  const spool = new Spool({
    folder: spoolFolder,
    clock,
    health,
    logger,
    signal,
    lastSegment: lastPacked(bodyFolder),
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
  });
  const settings = (): WorkerSettings => ({
    signal: memory,
    spoolFolder,
    firstOwnSegment: spool.firstSegment,
    logFolder: join(dataDir, 'logs'),
    bodyFolder,
    logModule: options.logModule.href,
    bodyModule: options.bodyModule.href,
    policies,
    timing: { ...DEFAULT_TIMING, ...options.timing },
  });
  let stats: WriterStats = { takenRecords: 0, backlogBytes: 0, unpackedBytes: 0, rows: 0 };
  let lastError: string | null = null;

  const degrade = (component: string, message: string): void => {
    lastError = message;
    health.degrade(component, message, clock.now());
  };
  const onReport = (report: Report): void => {
    switch (report.kind) {
      case 'degraded':
        degrade(report.component, report.message);
        return;
      case 'recovered':
        health.recover(report.component);
        return;
      case 'count':
        health.count(report.name, report.by);
        return;
      case 'log':
        logger[report.level](report.fields, report.message);
        return;
      case 'rotate':
        spool.rotate();
        return;
      case 'stats':
        stats = report.stats;
        return;
      case 'replaced':
        reader.renew().catch((error: unknown) => degrade('log-reader', String(error)));
        return;
      case 'answer':
      case 'failure':
      case 'closed':
        return;
    }
  };
  const writer = new WorkerLink<Command>({
    module: new URL('./writer-worker.ts', import.meta.url),
    data: settings,
    onReport: (report) => {
      if (!threadRuns) {
        threadRuns = true;
        health.recover('log-writer');
      }
      onReport(report);
    },
    onCrash: (reason) => {
      threadRuns = false;
      logger.error({ reason }, 'the log writer died and is started again');
      degrade('log-writer', `the log writer died, records stay in the spool: ${reason}`);
    },
  });
  const reader = new WorkerLink<Question>({
    module: new URL('./reader-worker.ts', import.meta.url),
    data: settings,
    onReport,
    onCrash: (reason) => logger.error({ reason }, 'the log reader died and is started again'),
  });
  let threadRuns = true;

  const command = (what: Command): Promise<unknown> => {
    const answer = writer.ask(what);
    signal.hurry();
    return answer;
  };
  let checkedAt = Number.NEGATIVE_INFINITY;
  const read = async (what: Question): Promise<unknown> => {
    try {
      return await reader.ask(what);
    } catch (error) {
      // A question that is wrong says nothing about the store; any other failure may be damage that only a reader meets.
      if (!(error instanceof RangeError) && clock.tick() - checkedAt > CHECK_EVERY_MS) {
        checkedAt = clock.tick();
        command({ kind: 'check' }).catch((reason: unknown) => {
          logger.error({ error: String(reason) }, 'the check of the log store failed');
        });
      }
      throw error;
    }
  };
  writer.start();

  return {
    sink: spool,
    store: new ThreadedLogStore({
      write: command,
      read,
    }),
    applyPolicies(next) {
      policies = next;
      command({ kind: 'policies', policies }).catch(() => {
        // The thread is being started again, and is started with them.
      });
    },
    stats: () => ({
      backlogRecords: Math.max(0, spool.appended.records - stats.takenRecords),
      backlogBytes: stats.backlogBytes,
      unpackedBytes: stats.unpackedBytes,
      rows: stats.rows,
      lastError,
    }),
    async close(withinMs = CLOSE_MS) {
      spool.close();
      // The writer last: only the last to leave, if it may write, can put the database's journal away.
      await reader.close(null, withinMs);
      const closed = writer.close({ kind: 'close', withinMs: withinMs * 0.8 }, withinMs);
      signal.hurry();
      await closed;
    },
  };
}

/** Packed segments keep their numbers: one that was given out again, by a clock set back, would be taken for known. */
function lastPacked(bodyFolder: string): number {
  mkdirSync(bodyFolder, { recursive: true });
  return readdirSync(bodyFolder).reduce((last, name) => Math.max(last, Number.parseInt(name, 10) || 0), 0);
}
