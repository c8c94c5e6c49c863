import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { ConversationStore } from '../core/conversation.ts';
import type { Health } from '../core/health.ts';
import type { Logger } from '../core/logger.ts';
import type { AnalyticsStore } from '../core/stores/analytics.ts';
import type { LogTailStore } from '../core/stores/log-tail.ts';
import type { LogPolicy } from '../core/stores/log-writer.ts';
import type { LogStore, RecordSink } from '../core/stores/logs.ts';
import type {
  Command,
  Question,
  Report,
  TextCommand,
  WorkerSettings,
  WriterStats,
  WriterTiming,
} from './messages.ts';
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
  /** Module that is a ConversationBackend: dialects/conversation/read-conversation.ts. */
  readonly conversationModule: URL;
  /** Disk space for the texts of prompts and answers, for the search; 0 keeps none. */
  readonly textBytes?: number;
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
  readonly store: LogStore & LogTailStore & ConversationStore & AnalyticsStore;
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
  unpackedBytes: 4 * 1024 * 1024 * 1024,
  syncMs: null,
};
// Bodies that wait to be compressed may take so much of what is free on the disk.
const UNPACKED_SHARE = 0.1;
const CLOSE_MS = 5000;
/** What the texts lose by an early end is read again. */
const TEXT_CLOSE_MS = 1000;
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
  const textBytes = options.textBytes ?? 0;
  const textFolder = join(dataDir, 'texts');
  // Who turns it off wants the texts gone, too.
  if (textBytes === 0) rmSync(textFolder, { recursive: true, force: true });
  const settings = (): WorkerSettings => ({
    signal: memory,
    spoolFolder,
    firstOwnSegment: spool.firstSegment,
    logFolder: join(dataDir, 'logs'),
    bodyFolder,
    logModule: options.logModule.href,
    bodyModule: options.bodyModule.href,
    conversationModule: options.conversationModule.href,
    textFolder: textBytes === 0 ? null : textFolder,
    textBudgetBytes: textBytes,
    policies,
    timing: {
      ...DEFAULT_TIMING,
      unpackedBytes: Math.min(DEFAULT_TIMING.unpackedBytes, freeBytes(dataDir) * UNPACKED_SHARE),
      ...options.timing,
    },
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
      case 'removals-taken':
        command({ kind: 'forget-removals', through: report.through }).catch(() => {
          // They are reported again with the next removals.
        });
        return;
      case 'stats':
        stats = report.stats;
        // Without rows there may still be texts of rows that were removed.
        if (textBytes > 0 && (stats.rows > 0 || existsSync(textFolder))) texts.start();
        return;
      case 'replaced':
        for (const link of [reader, analyst]) {
          link.renew().catch((error: unknown) => degrade('log-reader', String(error)));
        }
        // Started again with the next rows.
        texts.renew().catch((error: unknown) => degrade('log-texts', String(error)));
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
  const newReader = (name: string): WorkerLink<Question> =>
    new WorkerLink<Question>({
      module: new URL('./reader-worker.ts', import.meta.url),
      data: settings,
      onReport,
      onCrash: (reason) => logger.error({ reason }, `the ${name} died and is started again`),
    });
  const reader = newReader('log reader');
  // A thread of its own, started by the first question: who reads logs does not wait for charts.
  const analyst = newReader('analytics reader');
  const texts = new WorkerLink<TextCommand>({
    module: new URL('./text-worker.ts', import.meta.url),
    data: settings,
    onReport,
    onCrash: (reason) => logger.error({ reason }, 'the thread of the texts died and is started again'),
  });
  let threadRuns = true;

  const command = (what: Command): Promise<unknown> => {
    spool.flush();
    const answer = writer.ask(what);
    signal.hurry();
    return answer;
  };
  let checkedAt = Number.NEGATIVE_INFINITY;
  const read = async (what: Question): Promise<unknown> => {
    try {
      return await (what.kind === 'aggregate' ? analyst : reader).ask(what);
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
      await Promise.all([
        reader.close(null, withinMs),
        analyst.close(null, withinMs),
        texts.close({ kind: 'close' }, TEXT_CLOSE_MS),
      ]);
      const closed = writer.close({ kind: 'close', withinMs: withinMs * 0.8 }, withinMs);
      signal.hurry();
      await closed;
    },
  };
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Packed segments keep their numbers: one that was given out again, by a clock set back, would be taken for known. */
function lastPacked(bodyFolder: string): number {
  mkdirSync(bodyFolder, { recursive: true });
  return readdirSync(bodyFolder).reduce((last, name) => Math.max(last, Number.parseInt(name, 10) || 0), 0);
}
